/** `npm run ingest`: ingests addresses and files, and shows how far they are. */
import { setTimeout as delay } from 'node:timers/promises';
import { invocationFolder, readConfig, type Config } from '../config.ts';
import { parseIngestArguments, type IngestCommand } from './arguments.ts';
import { explainAnything } from './failures.ts';
import { ingestSources, type Outcome } from './ingestion.ts';
import type { ReportedError } from './job-report.ts';
import { loadApp } from './load-app.ts';
import { createBars, createLines, SILENT, type Progress } from './progress.ts';
import { renderAnswers, renderFailures, renderJson, renderSummary, renderOutcomes } from './report.ts';
import { openSession, type Session, type SessionOptions } from './session.ts';
import { interruptSignal } from './signals.ts';
import { resolveSources, sampleSources, SourceFault } from './sources.ts';
import { createTerminal, type Terminal } from './terminal.ts';

export interface IngestSurroundings {
  readonly terminal: Terminal;
  readonly readConfig: () => Config;
  /** The one that relative paths start from. */
  readonly folder: string;
  readonly loadApp: SessionOptions['loadApp'];
  readonly pause: (ms: number) => Promise<void>;
  /** Raised when the person has waited enough. */
  readonly signal: AbortSignal;
}

const SUCCESS = 0;
const FAILURE = 1;
/** The command line itself is wrong. */
const MISUSE = 2;
/** Ended by Ctrl-C, as shells count it. */
const INTERRUPTED = 130;

const SAMPLE_QUESTION = 'How does a lighthouse turn its lens?';
const SAMPLE_ANSWERS = 3;
/** Longer lines are tiring to read. */
const READABLE_COLUMNS = 100;

/** Resolves with the exit code; whatever goes wrong is told in a sentence or two. */
export async function ingest(argv: readonly string[], surroundings: IngestSurroundings): Promise<number> {
  const { terminal } = surroundings;
  const parsed = parseIngestArguments(argv);
  if (parsed.kind === 'help') {
    terminal.out(parsed.text);
    return SUCCESS;
  }
  if (parsed.kind === 'fault') {
    const error = { code: 'invalid_arguments', message: parsed.sentence, hint: 'Nothing was started.' };
    if (argv.includes('--json')) terminal.out(renderJson([], error));
    terminal.err(parsed.sentence);
    return MISUSE;
  }
  try {
    return await run(parsed.command, surroundings);
  } catch (error) {
    if (surroundings.signal.aborted) return interrupted(parsed.command, terminal);
    tell(explainAnything(error), parsed.command, terminal);
    return error instanceof SourceFault ? MISUSE : FAILURE;
  }
}

/** Before any job was accepted. */
function interrupted({ json }: IngestCommand, { out, err }: Terminal): number {
  const error = { code: 'interrupted', message: 'Interrupted before anything was started.', hint: '' };
  if (json) out(renderJson([], error));
  else err(error.message);
  return INTERRUPTED;
}

function tell(error: ReportedError, { json }: IngestCommand, { out, err }: Terminal): void {
  if (json) out(renderJson([], error));
  err(error.message);
  if (error.hint !== '') err(error.hint);
}

async function run(command: IngestCommand, surroundings: IngestSurroundings): Promise<number> {
  const { terminal, folder, loadApp: load, pause, signal } = surroundings;
  const say = command.json ? () => undefined : terminal.out;
  const isSample = command.sources.length === 0;
  const sources = isSample ? await sampleSources() : await resolveSources(command.sources, folder);
  const config = surroundings.readConfig();
  const session = await openSession({ config, loadApp: load, say, pause });
  try {
    const { client } = session;
    const progress = progressFor(command, terminal);
    const outcomes = await ingestSources({ client, command, sources, progress, say, pause, signal });
    if (command.json) terminal.out(renderJson(outcomes.map(({ report }) => report)));
    else showOutcomes(outcomes, terminal);
    if (signal.aborted) {
      say(session.isOwn ? OWN_INTERRUPTED : `The jobs go on in the backbone at ${session.url}.`);
      return INTERRUPTED;
    }
    if (isSample && !command.json) await showSearch(session, outcomes, terminal);
    if (session.isOwn) say(`Stored in ${config.dataDir}. To keep the backbone running: npm start`);
    return outcomes.every(({ report }) => report.status === 'completed') ? SUCCESS : FAILURE;
  } finally {
    await session.close();
  }
}

const OWN_INTERRUPTED =
  'Stopping; the jobs go on the next time the backbone runs: npm start, or npm run ingest.';

function progressFor({ json }: IngestCommand, terminal: Terminal): Progress {
  if (json) return SILENT;
  return terminal.isInteractive ? createBars(terminal) : createLines(terminal.out);
}

function showOutcomes(outcomes: readonly Outcome[], { out, columns }: Terminal): void {
  const failures = renderFailures(outcomes);
  const lines = [
    '',
    ...renderOutcomes(outcomes, columns),
    '',
    ...failures,
    ...(failures.length > 0 ? [''] : []),
  ];
  for (const line of [...lines, `${renderSummary(outcomes)}.`]) out(line);
}

async function showSearch(
  { client }: Session,
  outcomes: readonly Outcome[],
  { out, columns }: Terminal,
): Promise<void> {
  const answer = await client.search(SAMPLE_QUESTION, SAMPLE_ANSWERS);
  for (const line of [
    '',
    `Search: ${SAMPLE_QUESTION}`,
    '',
    ...renderAnswers(answer, outcomes, Math.min(columns, READABLE_COLUMNS)),
  ])
    out(line);
}

if (import.meta.main) {
  process.exitCode = await ingest(process.argv.slice(2), {
    terminal: createTerminal(process.stdout, process.stderr),
    readConfig: () => readConfig(undefined, { LOG_LEVEL: 'silent' }),
    folder: invocationFolder(),
    loadApp,
    pause: (ms) => delay(ms),
    signal: interruptSignal(process),
  });
}
