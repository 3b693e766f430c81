/** `npm run reembed`: makes the stored vectors anew with the model of EMBEDDER_URL, and shows how far that is. */
import { setTimeout as delay } from 'node:timers/promises';
import { readConfig, type Config } from '../config.ts';
import { REEMBED_HELP } from './arguments.ts';
import type { ReadinessShape } from './client.ts';
import { explainAnything } from './failures.ts';
import { loadApp } from './load-app.ts';
import { openSession, type Session, type SessionOptions } from './session.ts';
import { interruptSignal } from './signals.ts';
import { createTerminal, type Terminal } from './terminal.ts';

export interface ReembedSurroundings {
  readonly terminal: Pick<Terminal, 'out' | 'err'>;
  readonly readConfig: () => Config;
  readonly loadApp: SessionOptions['loadApp'];
  readonly pause: (ms: number) => Promise<void>;
  /** Raised when the person has waited enough. */
  readonly signal: AbortSignal;
}

/** The server looks anew once a second. */
const POLL_MS = 1_000;
const SUCCESS = 0;
const FAILURE = 1;
const MISUSE = 2;
const INTERRUPTED = 130;

/** Resolves with the exit code once the vectors are of the model of EMBEDDER_URL. */
export async function reembed(argv: readonly string[], surroundings: ReembedSurroundings): Promise<number> {
  const { out, err } = surroundings.terminal;
  const [argument] = argv;
  if (argument !== undefined) {
    if (argument === '--help') out(REEMBED_HELP);
    else err(`There is no option "${argument}" (--help shows what there is).`);
    return argument === '--help' ? SUCCESS : MISUSE;
  }
  try {
    const { loadApp: load, pause } = surroundings;
    const session = await openSession({ config: surroundings.readConfig(), loadApp: load, say: err, pause });
    try {
      return await follow(session, surroundings);
    } finally {
      await session.close();
    }
  } catch (error) {
    const { message, hint } = explainAnything(error);
    err(message);
    if (hint !== '') err(hint);
    return FAILURE;
  }
}

async function follow(
  { client, isOwn }: Session,
  { terminal: { out }, pause, signal }: ReembedSurroundings,
): Promise<number> {
  let shown = '';
  while (!signal.aborted) {
    const { reembedding } = await client.readiness();
    if (reembedding === null) {
      out('Every vector is of the configured model.');
      return SUCCESS;
    }
    const line = renderReembedding(reembedding);
    if (line !== shown) out(line);
    shown = line;
    await pause(POLL_MS);
  }
  out(isOwn ? 'Stopping; it goes on the next time the backbone runs.' : 'It goes on in the backbone.');
  return INTERRUPTED;
}

/** One line a person understands. */
export function renderReembedding({
  model,
  chunks_done: done,
  chunks,
  problem,
}: NonNullable<ReadinessShape['reembedding']>): string {
  const trouble = problem === null ? '' : `; held up by ${problem}, and tried again and again`;
  return `${done} of ${chunks} chunks have a vector of ${model}${trouble}.`;
}

if (import.meta.main) {
  process.exitCode = await reembed(process.argv.slice(2), {
    terminal: createTerminal(process.stdout, process.stderr),
    readConfig: () => readConfig(undefined, { LOG_LEVEL: 'silent' }),
    loadApp,
    pause: (ms) => delay(ms),
    signal: interruptSignal(process),
  });
}
