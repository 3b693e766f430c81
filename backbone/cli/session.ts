import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { App } from '../app.ts';
import type { Config } from '../config.ts';
import { findRunning, type RunningBackbone } from '../data-folder.ts';
import { AppError } from '../errors.ts';
import { createBackboneClient, type BackboneClient } from './client.ts';
import { NoKey } from './failures.ts';

/** A backbone to talk to. */
export interface Session {
  readonly client: BackboneClient;
  readonly url: string;
  /** True when it lives in this process, and so ends with it. */
  readonly isOwn: boolean;
  /** Stops the backbone when it is our own. */
  close(): Promise<void>;
}

export interface SessionOptions {
  readonly config: Config;
  /** Loads the app as late as possible, since a backbone that is running makes it superfluous. */
  readonly loadApp: (
    config: Config,
    onProgress: (message: string) => void,
  ) => Promise<Pick<App, 'start' | 'stop'>>;
  readonly say: (line: string) => void;
  readonly pause: (ms: number) => Promise<void>;
}

const POLL_MS = 250;
/** As long as a first start may take on a slow machine, three times over. */
const MAX_POLLS = 240;

/**
 * The backbone that is running on the data folder, else one started in this process on a free port of loopback.
 * @throws AppError when it cannot start; NoKey when the running one's key is not in the data folder
 */
export async function openSession(options: SessionOptions): Promise<Session> {
  const running = findRunning(options.config.dataDir);
  if (running !== null) return sessionWith(options.config, running);
  try {
    return await startOwn(options);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'data_folder_locked') throw error;
    return sessionWith(options.config, await waitForStart(options, error));
  }
}

async function startOwn({ config, loadApp, say }: SessionOptions): Promise<Session> {
  say('Starting the backbone ...');
  const app = await loadApp({ ...config, HOST: '127.0.0.1', PORT: 0 }, say);
  const { url } = await app.start();
  try {
    const client = createBackboneClient({ url, key: await readKey(config) });
    return { client, url, isOwn: true, close: () => app.stop() };
  } catch (error) {
    await app.stop();
    throw error;
  }
}

async function sessionWith(config: Config, { url }: RunningBackbone): Promise<Session> {
  const client = createBackboneClient({ url, key: await readKey(config) });
  return { client, url, isOwn: false, close: () => Promise.resolve() };
}

/** Somebody holds the folder and does not listen yet: most likely a backbone at its first start. */
async function waitForStart(
  { config, say, pause }: SessionOptions,
  locked: AppError,
): Promise<RunningBackbone> {
  say('Waiting for the backbone that is starting on this data folder ...');
  for (let poll = 0; poll < MAX_POLLS; poll += 1) {
    const running = findRunning(config.dataDir);
    if (running !== null) return running;
    await pause(POLL_MS);
  }
  throw locked;
}

/** The key that a backbone leaves for programs on its machine. @throws NoKey */
export async function readKey(config: Config): Promise<string> {
  const file = path.join(config.dataDir, 'api-key');
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    throw new NoKey(
      `The API key cannot be read from ${file} (${(error as NodeJS.ErrnoException).code ?? 'damaged'}).`,
    );
  }
}
