/** Conversion by LibreOffice, as a program of its own: what a hostile file does to it ends with it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { AppError } from '../../../errors.ts';
import type { TemporaryFiles } from '../../media/temporary-files.ts';
import type { Conversion } from './legacy-types.ts';
import { profileSettings } from './libreoffice-profile.ts';
import type { OfficeConverter } from './office-converter.ts';

export interface LibreOfficeOptions {
  /** Program, by name or by path. */
  readonly program: string;
  /** Folders where it is looked for by name, as in PATH. */
  readonly searchPath: string;
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly temporaryFiles: Pick<TemporaryFiles, 'withFolder'>;
}

const MEBIBYTE = 1024 * 1024;
const SECOND_MS = 1000;
/** Address space in KiB. LibreOffice asks for some 2 GiB and touches a tenth of it. */
const MEMORY_KIB = 4 * 1024 * 1024;
const NOT_EXECUTABLE = 126;
const NOT_FOUND = 127;
/** What systems say of a group that has ended; macOS says the second. */
const GONE = new Set(['ESRCH', 'EPERM']);

export class LibreOffice implements OfficeConverter {
  readonly #options: LibreOfficeOptions;
  /** One file at a time: each run takes hundreds of megabytes. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: LibreOfficeOptions) {
    this.#options = options;
  }

  async convert(bytes: Uint8Array, conversion: Conversion, signal: AbortSignal): Promise<Uint8Array> {
    const before = this.#turn;
    const mine = before.then(() => this.#inOwnFolder(bytes, conversion, signal));
    this.#turn = mine.catch(() => undefined);
    // Whoever gives up while others have their turn does not wait for them.
    await Promise.race([before, aborted(signal)]);
    return mine;
  }

  async #inOwnFolder(bytes: Uint8Array, conversion: Conversion, signal: AbortSignal): Promise<Uint8Array> {
    signal.throwIfAborted();
    return this.#options.temporaryFiles.withFolder(async (folder) => {
      const profile = path.join(folder, 'profile');
      await mkdir(path.join(profile, 'user'), { recursive: true });
      await writeFile(path.join(profile, 'user', 'registrymodifications.xcu'), profileSettings());
      const file = path.join(folder, `source.${conversion.from}`);
      await writeFile(file, bytes);
      await this.#run(argumentsFor(folder, profile, file, conversion), folder, signal);
      return this.#result(path.join(folder, `source.${conversion.to}`));
    });
  }

  async #run(args: readonly string[], folder: string, signal: AbortSignal): Promise<void> {
    const { timeoutMs } = this.#options;
    const timeout = AbortSignal.timeout(timeoutMs);
    const child = started(args, folder, this.#options);
    const code = await exitOf(child, AbortSignal.any([signal, timeout]));
    signal.throwIfAborted();
    if (timeout.aborted) {
      const limit = `${timeoutMs / SECOND_MS} s`;
      throw new AppError('parser_timeout', { params: { limit, setting: 'PARSER_TIMEOUT_SECONDS' } });
    }
    if (code === NOT_FOUND || code === NOT_EXECUTABLE) throw new AppError('libreoffice_missing');
    if (code !== 0)
      throw new AppError('file_damaged', { cause: new Error(`LibreOffice ended with ${code}`) });
  }

  async #result(file: string): Promise<Uint8Array> {
    const { maxBytes } = this.#options;
    const found = await stat(file).catch(() => null);
    if (found === null) throw new AppError('file_damaged', { cause: new Error('LibreOffice wrote no file') });
    if (found.size > maxBytes) {
      const limit = `${Math.floor(maxBytes / MEBIBYTE)} MB`;
      throw new AppError('source_too_large', { params: { limit, setting: 'MAX_DOCUMENT_MB' } });
    }
    return readFile(file);
  }
}

function argumentsFor(folder: string, profile: string, file: string, { to }: Conversion): readonly string[] {
  return [
    `-env:UserInstallation=${pathToFileURL(profile).href}`,
    '--headless',
    '--norestore',
    '--nolockcheck',
    '--nodefault',
    '--nofirststartwizard',
    '--convert-to',
    to,
    '--outdir',
    folder,
    file,
  ];
}

/**
 * The leader of a group of its own, so that what it starts ends with it. It inherits no setting of ours, and the
 * shell lowers its limits of memory and time first. Where there is no such shell, there is no conversion.
 */
function started(
  args: readonly string[],
  folder: string,
  { program, searchPath, timeoutMs }: LibreOfficeOptions,
): ChildProcess {
  const env = { PATH: searchPath, HOME: folder, TMPDIR: folder, LANG: 'C.UTF-8' };
  const options = { cwd: folder, env, stdio: 'ignore', detached: true } as const;
  // The limit of processor time is for a program that outlives us.
  const limits = `ulimit -v ${MEMORY_KIB}; ulimit -t ${Math.ceil(timeoutMs / SECOND_MS)}`;
  return spawn('/bin/sh', ['-c', `${limits}; exec "$0" "$@"`, program, ...args], options);
}

/** Rejects with the signal's reason, or never ends. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = (): void => reject(signal.reason as Error);
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}

/** The exit code; 127 when there is no such program, null when it was ended by a signal. */
function exitOf(child: ChildProcess, signal: AbortSignal): Promise<number | null> {
  return new Promise((resolve) => {
    const end = (): void => killGroup(child);
    signal.addEventListener('abort', end, { once: true });
    const done = (code: number | null): void => {
      signal.removeEventListener('abort', end);
      killGroup(child);
      resolve(code);
    };
    child.once('error', () => done(NOT_FOUND));
    child.once('exit', done);
    if (signal.aborted) end();
  });
}

/** Also after the leader's end: soffice is a script that may leave its program behind. */
function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (!GONE.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}
