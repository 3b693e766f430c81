import { pathToFileURL } from 'node:url';
import type { SearchAnswer } from './client.ts';
import type { Outcome } from './ingestion.ts';
import type { JobReport, ReportedError } from './job-report.ts';
import { counted, displayWidth, padded, printable, shortened } from './plain-text.ts';

/* What the command line prints in the end. Pure. */

/** The one object that `--json` prints. `error` says why nothing could be started. */
export function renderJson(reports: readonly JobReport[], error: ReportedError | null = null): string {
  return JSON.stringify(error === null ? { jobs: reports } : { jobs: reports, error });
}

const SHORTEST_TITLE = 16;
const LONGEST_TITLE = 44;
const GAP = '  ';

type Column = readonly [heading: string, side: 'left' | 'right', cells: readonly string[]];

/** One line a source. Titles are cut so that a line fits into `columns`, where that can be done. */
export function renderTable(outcomes: readonly Outcome[], columns: number): readonly string[] {
  const reports = outcomes.map(({ report }) => report);
  const stages = [...new Set(reports.flatMap((report) => report.stages.map(({ stage }) => stage)))];
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

/** Answers to a question, numbered, each with the place it stands at. */
export function renderAnswers(answer: SearchAnswer, outcomes: readonly Outcome[]): readonly string[] {
  if (answer.hits.length === 0) return ['Nothing was found.'];
  return answer.hits.flatMap((hit, index) => {
    const place = placeOf(hit.locator);
    const title = printable(hit.title ?? hit.url ?? hit.content_id);
    const link = hit.link ?? fileLink(hit, outcomes);
    return [
      `${index + 1}. ${title}${place === '' ? '' : ` (${place})`}`,
      `   “${passageOf(hit)}”`,
      ...(link === null ? [] : [`   ${printable(link)}`]),
      '',
    ];
  });
}

type Hit = SearchAnswer['hits'][number];

function placeOf({ page, heading_path }: Hit['locator']): string {
  const parts = page === undefined ? [] : [`page ${page}`];
  if (heading_path !== undefined && heading_path.length > 0)
    parts.push(heading_path.map(printable).join(' › '));
  return parts.join(', ');
}

const PASSAGE_LENGTH = 240;
const LEAD_LENGTH = 60;

/** The words around the first that was looked for, whole words only. */
function passageOf({ text, highlights }: Hit): string {
  const first = highlights[0]?.start ?? 0;
  const begin = first <= LEAD_LENGTH ? 0 : text.indexOf(' ', first - LEAD_LENGTH) + 1;
  const end =
    begin + PASSAGE_LENGTH >= text.length ? text.length : text.lastIndexOf(' ', begin + PASSAGE_LENGTH);
  const cut = text.slice(begin, end > begin ? end : begin + PASSAGE_LENGTH);
  return `${begin > 0 ? '… ' : ''}${printable(cut)}${end < text.length ? ' …' : ''}`;
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
