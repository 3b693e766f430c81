/** Recordings into samples, by an ffmpeg that runs as a process of its own. */
import { spawn } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import path from 'node:path';
import { once } from 'node:events';
import { AppError } from '../../errors.ts';
import { SAMPLE_RATE } from './pcm.ts';

/** The port that transcription decodes by. */
export interface AudioDecoder {
  /** Null when recordings can be decoded, else the reason as the end of a sentence. */
  missing(): Promise<string | null>;
  /**
   * Samples (`pcm.ts`) of the first sound track as they are decoded; reading slowly slows it down.
   * @throws AppError ffmpeg_missing, file_damaged; the signal's reason
   */
  decode(file: string, options: DecodeOptions): AsyncIterable<Buffer>;
}

export interface DecodeOptions {
  /** What lies behind is left out. */
  readonly mostSeconds: number;
  readonly signal: AbortSignal;
}

/** Containers of recordings: no playlists, which would open other files. */
const FORMATS = 'mp3,mov,mp4,m4a,3gp,3g2,mj2,ogg,flac,wav,w64,aiff,aac,matroska,webm,avi,asf,mpegts';
const COMPLAINT_LENGTH = 2000;

/** @param setting FFMPEG_PATH; null seeks `ffmpeg` in the folders of `searchPath` (the variable PATH) */
export function ffmpegDecoder(setting: string | null, searchPath: string): AudioDecoder {
  const candidates =
    setting === null
      ? searchPath.split(path.delimiter).map((folder) => path.join(folder, 'ffmpeg'))
      : [setting];
  const found = async (): Promise<string | null> => {
    for (const candidate of candidates) if (await isProgram(candidate)) return candidate;
    return null;
  };
  const reason = setting === null ? 'it is not in the PATH' : 'FFMPEG_PATH leads to no program';
  return {
    missing: async () => ((await found()) === null ? reason : null),
    decode: async function* (file, options) {
      const program = await found();
      if (program === null) throw new AppError('ffmpeg_missing', { params: { reason } });
      yield* decodeWith(program, file, options);
    },
  };
}

async function isProgram(candidate: string): Promise<boolean> {
  if (!path.isAbsolute(candidate)) return false;
  return access(candidate, constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function* decodeWith(
  program: string,
  file: string,
  { mostSeconds, signal }: DecodeOptions,
): AsyncGenerator<Buffer> {
  signal.throwIfAborted();
  const child = spawn(program, argumentsFor(file, mostSeconds), { stdio: ['ignore', 'pipe', 'pipe'] });
  const closed = once(child, 'close') as Promise<[code: number | null]>;
  // Awaited below; a program that cannot be started would otherwise be an unhandled rejection meanwhile.
  closed.catch(() => undefined);
  const kill = (): void => void child.kill('SIGKILL');
  signal.addEventListener('abort', kill, { once: true });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(0, COMPLAINT_LENGTH);
  });
  let heardAny = false;
  try {
    for await (const bytes of child.stdout as AsyncIterable<Buffer>) {
      heardAny = true;
      yield bytes;
    }
    const [code] = await closed;
    signal.throwIfAborted();
    // A recording that breaks off is read as far as it goes.
    if (code !== 0 && !heardAny) throw new AppError('file_damaged', { cause: new Error(complaint) });
  } finally {
    signal.removeEventListener('abort', kill);
    kill();
  }
}

function argumentsFor(file: string, mostSeconds: number): readonly string[] {
  const quiet = ['-nostdin', '-hide_banner', '-loglevel', 'error'];
  const guards = ['-protocol_whitelist', 'file,pipe', '-format_whitelist', FORMATS];
  const input = ['-i', `file:${file}`, '-map', '0:a:0', '-t', String(mostSeconds)];
  return [...quiet, ...guards, ...input, '-ac', '1', '-ar', String(SAMPLE_RATE), '-f', 's16le', 'pipe:1'];
}
