/** Source code as units: functions, classes, groups of statements. Pure; O(text). */
import type { Block } from '../../model.ts';

/** What is longer is cut where it is least indented, so that a citation leads near its line. */
const LONGEST_UNIT = 80;
/** A unit is not cut before this line of it. */
const SHORTEST_CUT = 20;
/** Each block costs memory in every step that follows. */
const MOST_UNITS = 20_000;
/** A line that goes on with what stands above the blank line. */
const GOES_ON = /^(?:[)\]}]|end\b|else\b|elif\b|except\b|finally\b|catch\b|rescue\b|ensure\b)/;
const TAB_WIDTH = 4;

interface Line {
  readonly text: string;
  readonly isBlank: boolean;
  /** In columns; of no meaning for blank lines. */
  readonly indent: number;
}

/**
 * One block a unit of the top level, which begins behind a blank line with a line that is not indented; so a comment stays
 * with what it stands above. Blocks hold whole lines in their order; only blank lines between them are left out.
 */
export function codeBlocks(text: string, language: string | null): readonly Block[] {
  const lines = text.split('\n').map(lineOf);
  const starts = startsOf(lines);
  const size = Math.ceil(starts.length / MOST_UNITS);
  const kept = size <= 1 ? starts : starts.filter((_, index) => index % size === 0);
  return kept.flatMap((start, index) => blockOf(lines, start, kept[index + 1] ?? lines.length, language));
}

function lineOf(text: string): Line {
  const code = text.trimStart();
  let indent = 0;
  for (let at = 0; at < text.length - code.length; at += 1) indent += text[at] === '\t' ? TAB_WIDTH : 1;
  return { text, isBlank: code === '', indent };
}

/** Indexes of the lines that units begin with. */
function startsOf(lines: readonly Line[]): readonly number[] {
  const starts: number[] = [0];
  for (let at = 1; at < lines.length; at += 1) {
    if (isUnitStart(lines[at - 1], lines[at])) starts.push(at);
    else if (at - (starts.at(-1) ?? 0) >= LONGEST_UNIT) {
      const from = (starts.at(-1) ?? 0) + SHORTEST_CUT;
      starts.push(bestCut(lines, from, at));
    }
  }
  return starts;
}

function isUnitStart(before: Line | undefined, line: Line | undefined): boolean {
  if (before?.isBlank !== true || line === undefined || line.isBlank) return false;
  return line.indent === 0 && !GOES_ON.test(line.text);
}

/** The last line among the least indented ones behind blank lines; where there is none, `to`. */
function bestCut(lines: readonly Line[], from: number, to: number): number {
  let best = to;
  let least = Infinity;
  for (let at = to; at >= from; at -= 1) {
    const line = lines[at];
    if (line === undefined || line.isBlank || lines[at - 1]?.isBlank !== true || line.indent >= least)
      continue;
    best = at;
    least = line.indent;
  }
  return best;
}

/** None for blank lines alone. */
function blockOf(
  lines: readonly Line[],
  start: number,
  end: number,
  language: string | null,
): readonly Block[] {
  let first = start;
  while (first < end && lines[first]?.isBlank === true) first += 1;
  let last = end;
  while (last > first && lines[last - 1]?.isBlank === true) last -= 1;
  if (first === last) return [];
  const text = lines
    .slice(first, last)
    .map((line) => line.text)
    .join('\n');
  const block: Block = { kind: 'code', text, locator: { line: first + 1 } };
  return [language === null ? block : { ...block, codeLanguage: language }];
}
