/** Runs the machine's ffmpeg as a process of its own, shut off from the network and from all other files. */
import { spawn } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import path from 'node:path';
import { once } from 'node:events';
import { AppError } from '../../errors.ts';
import { packagedFfmpeg } from './ffmpeg-packages.ts';

/** What stands around the options of the input. */
export interface FfmpegInput {
  /** Path on this machine. */
  readonly file: string;
  /** In front of the input. */
  readonly before?: readonly string[];
}

/** Containers of recordings: no playlists, which would open other files. */
const FORMATS = 'mp3,mov,mp4,m4a,3gp,3g2,mj2,ogg,flac,wav,w64,aiff,aac,matroska,webm,avi,asf,mpegts';
const QUIET = ['-nostdin', '-hide_banner', '-loglevel', 'error'];
const GUARDS = ['-protocol_whitelist', 'file,pipe', '-format_whitelist', FORMATS];
const COMPLAINT_LENGTH = 2000;

export class Ffmpeg {
  readonly #candidates: readonly string[];
  readonly #reason: string;

  /**
   * @param setting FFMPEG_PATH; null seeks `ffmpeg` in the folders of `searchPath` (the variable PATH), then in npm packages
   * that carry one
   */
  constructor(setting: string | null, searchPath: string) {
    this.#candidates =
      setting === null
        ? [
            ...searchPath.split(path.delimiter).map((folder) => path.join(folder, 'ffmpeg')),
            ...packagedFfmpeg(import.meta.url),
          ]
        : [setting];
    this.#reason =
      setting === null
        ? 'it is neither in the PATH nor in an npm package'
        : 'FFMPEG_PATH leads to no program';
  }

  /** Null when there is one, else the reason as the end of a sentence. */
  async missing(): Promise<string | null> {
    return (await this.#program()) === null ? this.#reason : null;
  }

  /**
   * What it writes to its output, as it comes; reading slowly slows it down, and who stops reading ends it.
   * @param output the options behind the input
   * @throws AppError ffmpeg_missing, file_damaged when nothing was written; the signal's reason
   */
  async *run(
    { file, before = [] }: FfmpegInput,
    output: readonly string[],
    signal: AbortSignal,
  ): AsyncGenerator<Buffer> {
    const program = await this.#program();
    if (program === null) throw new AppError('ffmpeg_missing', { params: { reason: this.#reason } });
    yield* outputOf(program, [...QUIET, ...GUARDS, ...before, '-i', `file:${file}`, ...output], signal);
  }

  async #program(): Promise<string | null> {
    for (const candidate of this.#candidates) if (await isProgram(candidate)) return candidate;
    return null;
  }
}

async function isProgram(candidate: string): Promise<boolean> {
  if (!path.isAbsolute(candidate)) return false;
  return access(candidate, constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function* outputOf(
  program: string,
  options: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  signal.throwIfAborted();
  // It inherits no setting of ours: keys stand in them.
  const child = spawn(program, options, { stdio: ['ignore', 'pipe', 'pipe'], env: { LANG: 'C.UTF-8' } });
  const closed = once(child, 'close') as Promise<[code: number | null]>;
  // Awaited below; a program that cannot be started would otherwise be an unhandled rejection meanwhile.
  closed.catch(() => undefined);
  const kill = (): void => void child.kill('SIGKILL');
  signal.addEventListener('abort', kill, { once: true });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(0, COMPLAINT_LENGTH);
  });
  let wroteAny = false;
  try {
    for await (const bytes of child.stdout as AsyncIterable<Buffer>) {
      wroteAny = true;
      yield bytes;
    }
    const [code] = await closed;
    signal.throwIfAborted();
    // A recording that breaks off is read as far as it goes.
    if (code !== 0 && !wroteAny) throw new AppError('file_damaged', { cause: new Error(complaint) });
  } finally {
    signal.removeEventListener('abort', kill);
    kill();
  }
}
