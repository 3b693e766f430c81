import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { createBackboneClient, type BackboneClient } from '../../backbone/cli/client.ts';

/** A backbone in a process of its own, so that what it needs can be told from what the bench needs. */
export interface BackboneProcess {
  readonly url: string;
  readonly key: string;
  readonly client: BackboneClient;
  /** From the start of the process until every part answered, in milliseconds. */
  readonly readyMs: number;
  /** The value of a metric without labels. */
  metric(name: string): Promise<number>;
  /** Resident memory in MB (of 1,000,000 bytes). */
  residentMb(): Promise<number>;
  stop(): Promise<void>;
}

export interface ProcessOptions {
  readonly dataDir: string;
  /** The file to be run; the backbone as people start it unless given. */
  readonly program?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const MAIN = path.resolve(import.meta.dirname, '../../backbone/main.ts');
/** As `npm start` has it. */
const NODE_FLAGS = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=16'];
const LISTENING = /^The backbone listens at (.+)$/;

/** Starts it and waits until it is ready. */
export async function startProcess({
  dataDir,
  program = MAIN,
  env,
}: ProcessOptions): Promise<BackboneProcess> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [...NODE_FLAGS, program], {
    env: {
      PATH: process.env['PATH'],
      DATA_DIR: dataDir,
      PORT: '0',
      LOG_LEVEL: 'error',
      FETCH_ALLOW_PRIVATE: '127.0.0.0/8',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await addressOf(child);
  const ready = await fetch(`${url}/readyz`);
  if (!ready.ok) throw new Error(`The backbone is not ready: ${await ready.text()}`);
  const readyMs = performance.now() - startedAt;
  const key = (await readFile(path.join(dataDir, 'api-key'), 'utf8')).trim();
  const metric = async (name: string): Promise<number> =>
    metricIn(await (await fetch(`${url}/metrics`)).text(), name);
  return {
    url,
    key,
    client: createBackboneClient({ url, key }),
    readyMs,
    metric,
    residentMb: async () => (await metric('process_resident_memory_bytes')) / 1e6,
    stop: async () => {
      const gone = once(child, 'exit');
      if (child.exitCode === null && child.kill('SIGTERM')) await gone;
    },
  };
}

/** Starts one, does the work and stops it whatever became of the work. */
export async function withProcess<T>(
  options: ProcessOptions,
  work: (backbone: BackboneProcess) => Promise<T>,
): Promise<T> {
  const backbone = await startProcess(options);
  try {
    return await work(backbone);
  } finally {
    await backbone.stop();
  }
}

async function addressOf({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new Error('The output of the backbone is not piped');
  for await (const line of createInterface({ input: stdout })) {
    const [, url] = LISTENING.exec(line) ?? [];
    // Leaving the loop pauses the pipe; what else it says must not fill it.
    if (url === undefined) continue;
    stdout.resume();
    return url;
  }
  throw new Error('The backbone ended before it listened');
}

function metricIn(text: string, name: string): number {
  const line = text.split('\n').find((one) => one.startsWith(`${name} `));
  if (line === undefined) throw new Error(`There is no metric ${name}`);
  return Number(line.slice(name.length + 1));
}
