import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { CrashPoint } from '../../backbone/crash-points.ts';

export interface ExitOfChild {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** What it wrote to standard error, as lines. */
  readonly errors: readonly string[];
}

/** The backbone as people run it: a process of its own. */
export interface ChildBackbone {
  readonly pid: number;
  /** Resolves once the process is gone and its output is read. */
  readonly exit: Promise<ExitOfChild>;
  /** Resolves with the first line of its output that matches; rejects when it ends without one. */
  line(pattern: RegExp): Promise<string>;
  kill(signal: NodeJS.Signals): void;
  /** From now on it dies as soon as it comes by the point. */
  crashAt(point: CrashPoint): void;
}

export interface RunningChild extends ChildBackbone {
  /** A request to its API with the key of its data folder. Rejects when the process dies before the answer. */
  readonly call: (path: string, init?: RequestInit) => Promise<Response>;
  /** SIGTERM, and the end that follows. */
  readonly stop: () => Promise<ExitOfChild>;
}

export interface ChildOptions {
  readonly dataDir: string;
  /** From the first moment on, where `ChildBackbone.crashAt` begins later. */
  readonly crashAt?: CrashPoint;
  readonly env?: Readonly<Record<string, string>>;
}

const MAIN = path.resolve(import.meta.dirname, '../../backbone/main.ts');
/** A child lives for seconds: what V8's optimising compiler of WebAssembly would make of the database comes too late for it. */
const NODE_FLAGS = ['--disable-warning=ExperimentalWarning', '--liftoff-only'];
const LISTENING = /^The backbone listens at (.+)$/;

/** Names the point at which a backbone on this folder dies. Beside the folder: some tests want it empty. */
export const crashFileOf = (dataDir: string): string => `${dataDir}-crash-point`;

/** Starts the program and waits for nothing. */
export function spawnBackbone({ dataDir, crashAt, env }: ChildOptions): ChildBackbone {
  const crashFile = crashFileOf(dataDir);
  writeFileSync(crashFile, crashAt ?? '');
  const child = spawn(process.execPath, [...NODE_FLAGS, MAIN], {
    env: {
      PATH: process.env['PATH'],
      DATA_DIR: dataDir,
      PORT: '0',
      LOG_LEVEL: 'silent',
      NODE_COMPILE_CACHE: process.env['TEST_COMPILE_CACHE'],
      CRASH_FILE: crashFile,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = linesOf(child.stdout);
  const errors = linesOf(child.stderr);
  return {
    pid: child.pid ?? 0,
    exit: exitOf(child, errors.seen),
    line: output.first,
    kill: (signal) => void child.kill(signal),
    crashAt: (point) => writeFileSync(crashFile, point),
  };
}

/** Starts the program on a folder that is prepared already, and waits until its API answers. */
export async function startChild(options: ChildOptions): Promise<RunningChild> {
  const child = spawnBackbone(options);
  const url = (await child.line(LISTENING)).replace(LISTENING, '$1');
  const key = (await readFile(path.join(options.dataDir, 'api-key'), 'utf8')).trim();
  return {
    ...child,
    call: (route, init = {}) =>
      fetch(`${url}/api${route}`, {
        ...init,
        headers: {
          ...(init.headers as Record<string, string> | undefined),
          authorization: `Bearer ${key}`,
          // A connection of its own for each request: one that a killed process left must not be used again.
          connection: 'close',
        },
      }),
    stop: () => {
      child.kill('SIGTERM');
      return child.exit;
    },
  };
}

async function exitOf(child: ChildProcess, errors: readonly string[]): Promise<ExitOfChild> {
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { code, signal, errors };
}

interface Lines {
  readonly seen: readonly string[];
  readonly first: (pattern: RegExp) => Promise<string>;
}

/** Reads on whether or not somebody waits, so that the process never blocks on a full pipe. */
function linesOf(stream: NodeJS.ReadableStream): Lines {
  const seen: string[] = [];
  const waiting = new Set<{
    readonly pattern: RegExp;
    readonly resolve: (line: string) => void;
    readonly reject: (error: Error) => void;
  }>();
  let ended = false;
  const reader = createInterface({ input: stream });
  reader.on('line', (line) => {
    seen.push(line);
    for (const waiter of waiting) {
      if (!waiter.pattern.test(line)) continue;
      waiting.delete(waiter);
      waiter.resolve(line);
    }
  });
  const endedWithout = (pattern: RegExp): Error =>
    new Error(`The process ended without ${pattern.source}; it said: ${seen.join(' | ')}`);
  reader.once('close', () => {
    ended = true;
    for (const { pattern, reject } of waiting) reject(endedWithout(pattern));
    waiting.clear();
  });
  return {
    seen,
    first: (pattern) => {
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      const known = seen.find((line) => pattern.test(line));
      if (known !== undefined) resolve(known);
      else if (ended) reject(endedWithout(pattern));
      else waiting.add({ pattern, resolve, reject });
      return promise;
    },
  };
}
