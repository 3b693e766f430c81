import { pathToFileURL } from 'node:url';
import { STAGES } from '../pipeline/stages.ts';
import type { SearchAnswer } from './client.ts';
import type { Outcome } from './ingestion.ts';
import type { JobReport, ReportedError } from './job-report.ts';
import { counted, displayWidth, padded, printable, shortened, wrapped } from './plain-text.ts';

/* What the command line prints in the end. Pure. */

/** The one object that `--json` prints. `error` says why nothing could be started. */
export function renderJson(reports: readonly JobReport[], error: ReportedError | null = null): string {
  return JSON.stringify(error === null ? { jobs: reports } : { jobs: reports, error });
}

const SHORTEST_TITLE = 16;
const LONGEST_TITLE = 44;
const GAP = '  ';

type Column = readonly [heading: string, side: 'left' | 'right', cells: readonly string[]];

/** What became of each source: a table where the screen is wide enough for one, else some lines for each. */
export function renderOutcomes(outcomes: readonly Outcome[], columns: number): readonly string[] {
  const table = renderTable(outcomes, columns);
  return table.every((line) => displayWidth(line) <= columns) ? table : outcomes.flatMap(renderBlock);
}

function renderBlock(outcome: Outcome): readonly string[] {
  const { report } = outcome;
  const size = report.chunks === null ? '' : `, ${sizeOf(report)}, ${counted(report.chunks, 'chunk')}`;
  const timed = report.stages.filter(({ seconds }) => seconds !== null);
  const stages = timed.map(({ stage }) => `${stage} ${secondsOf(report, stage)}`).join(', ');
  return [
    titleOf(outcome),
    `  ${resultOf(outcome)}${size}`,
    ...(stages === '' ? [] : [`  ${stages}`]),
    ...(report.seconds === null ? [] : [`  ${inSeconds(report.seconds)} in all`]),
    ...(report.content_id === null ? [] : [`  content id ${report.content_id}`]),
  ];
}

/** One line a source. Titles are cut so that a line fits into `columns`, where that can be done. */
function renderTable(outcomes: readonly Outcome[], columns: number): readonly string[] {
  const reports = outcomes.map(({ report }) => report);
  const passed = new Set(reports.flatMap((report) => report.stages.map(({ stage }) => stage)));
  const stages = STAGES.filter((stage) => passed.has(stage));
  const titles = outcomes.map(titleOf);
  const rest: readonly Column[] = [
    ['Result', 'right', outcomes.map(resultOf)],
    ['Size', 'left', reports.map(sizeOf)],
    ['Chunks', 'left', reports.map(({ chunks }) => (chunks === null ? '-' : String(chunks)))],
    ...stages.map((stage): Column => [stage, 'left', reports.map((report) => secondsOf(report, stage))]),
    ['Total', 'left', reports.map(({ seconds }) => inSeconds(seconds))],
    ['Content id', 'right', reports.map(({ content_id }) => content_id ?? '-')],
  ];
  const taken = rest.reduce((sum, column) => sum + GAP.length + widthOf(column), 0);
  const room = Math.max(SHORTEST_TITLE, Math.min(LONGEST_TITLE, columns - taken));
  const all: readonly Column[] = [['Title', 'right', titles.map((title) => shortened(title, room))], ...rest];
  const header = all.map((column) => padded(column[0], widthOf(column), column[1])).join(GAP);
  const lines = outcomes.map((_, row) =>
    all.map((column) => padded(column[2][row] ?? '', widthOf(column), column[1])).join(GAP),
  );
  return [header, '─'.repeat(displayWidth(header.trimEnd())), ...lines].map((line) => line.trimEnd());
}

/** What went wrong, and what to do about it, for each source that has no content now. */
export function renderFailures(outcomes: readonly Outcome[]): readonly string[] {
  return outcomes.flatMap(({ source, report: { status, error } }) => {
    const name = printable(source.name);
    if (error !== null && status === 'failed') {
      return [`✗ ${name}`, `  ${printable(error.message)}`, `  ${printable(error.hint)}`];
    }
    return status === 'cancelled' ? [`✗ ${name}`, '  The job was cancelled.'] : [];
  });
}

/** `2 ingested, 1 failed`. */
export function renderSummary(outcomes: readonly Outcome[]): string {
  const of = (status: string): number => outcomes.filter(({ report }) => report.status === status).length;
  const [completed, failed, cancelled] = [of('completed'), of('failed'), of('cancelled')];
  const open = outcomes.length - completed - failed - cancelled;
  const parts = [`${completed} ingested`];
  if (failed > 0) parts.push(`${failed} failed`);
  if (cancelled > 0) parts.push(`${cancelled} cancelled`);
  if (open > 0) parts.push(`${open} not ended yet`);
  return parts.join(', ');
}

const INDENT = '   ';

/** Answers to a question, numbered, each with the place it stands at. */
export function renderAnswers(
  answer: SearchAnswer,
  outcomes: readonly Outcome[],
  columns: number,
): readonly string[] {
  if (answer.hits.length === 0) return ['Nothing was found.'];
  return answer.hits.flatMap((hit, index) => {
    const place = placeOf(hit);
    const title = printable(hit.title ?? hit.url ?? hit.content_id);
    const link = hit.link ?? fileLink(hit, outcomes);
    return [
      `${index + 1}. ${title}${place === '' ? '' : ` (${place})`}`,
      ...wrapped(`“${passageOf(hit)}”`, columns - INDENT.length).map((line) => INDENT + line),
      ...(link === null ? [] : [INDENT + printable(link)]),
      '',
    ];
  });
}

type Hit = SearchAnswer['hits'][number];

/** The title is named already, so it is left out where it is the outermost heading as well. */
function placeOf({ title, locator: { page, heading_path = [] } }: Hit): string {
  const headings = heading_path[0] === title ? heading_path.slice(1) : heading_path;
  const parts = page === undefined ? [] : [`page ${page}`];
  if (headings.length > 0) parts.push(headings.map(printable).join(' › '));
  return parts.join(', ');
}

const PASSAGE_LENGTH = 240;
const LEAD_LENGTH = 120;

/** The words around the first that was looked for: from the beginning of its sentence where that is near, whole words only. */
function passageOf({ text, highlights }: Hit): string {
  const first = highlights[0]?.start ?? 0;
  const lead = text.slice(Math.max(0, first - LEAD_LENGTH), first);
  const sentence = Math.max(lead.lastIndexOf('. '), lead.lastIndexOf('\n')) + 1;
  const begin =
    first <= LEAD_LENGTH && sentence === 0 ? 0 : first - lead.length + (sentence || lead.indexOf(' ') + 1);
  const rest = text.slice(begin, begin + PASSAGE_LENGTH);
  const isCut = begin + rest.length < text.length;
  const lastSpace = rest.lastIndexOf(' ');
  const passage = printable(isCut && lastSpace > 0 ? rest.slice(0, lastSpace) : rest);
  return `${begin > 0 && sentence === 0 ? '… ' : ''}${passage}${isCut ? ' …' : ''}`;
}

/** A file has no address on the web, but the person has it at hand. PDF viewers open at the page. */
function fileLink({ content_id, locator }: Hit, outcomes: readonly Outcome[]): string | null {
  const source = outcomes.find(({ report }) => report.content_id === content_id)?.source;
  if (source?.kind !== 'file') return null;
  const page = locator.page === undefined ? '' : `#page=${locator.page}`;
  return `${pathToFileURL(source.file).href}${page}`;
}

function titleOf({ source, report }: Outcome): string {
  return printable(report.title ?? source.name);
}

function resultOf({ report: { status }, isUnchanged }: Outcome): string {
  if (status !== 'completed') return status;
  return isUnchanged ? 'unchanged' : 'ingested';
}

function sizeOf({ pages, words }: JobReport): string {
  if (pages !== null) return counted(pages, 'page');
  return words === null ? '-' : counted(words, 'word');
}

function secondsOf({ stages }: JobReport, wanted: string): string {
  return inSeconds(stages.find(({ stage }) => stage === wanted)?.seconds ?? null);
}

function inSeconds(seconds: number | null): string {
  return seconds === null ? '-' : `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`;
}

function widthOf([heading, , cells]: Column): number {
  return cells.reduce((widest, cell) => Math.max(widest, displayWidth(cell)), displayWidth(heading));
}
