import { edgeRows, type EdgeRow } from './edge-rows.ts';
import { lettersOf } from './headings.ts';
import { isBarePageNumber, maskNumbers, pageNumbersIn } from './page-numbers.ts';
import type { Cell, Line, PageLines } from './page-text.ts';
import { textProfile } from './text-profile.ts';

const SHARE_OF_PLACE = 0.6;
const MAX_HEAD_LETTERS = 160;
/** Up to this many pages a head that changes between left and right pages stands on two of them only. */
const SHORT_DOCUMENT = 5;
/** Type larger than the body's by this much is a heading rather than a head. */
const LARGE = 1.12;
const LARGE_SHARE = 0.5;
const MIN_TITLE_LETTERS = 4;
/** As much of a page as a title is looked for in. */
const MAX_PAGE_LETTERS = 20_000;

/** A title and the page (1-based) that it stands on as a heading. */
export interface KnownTitle {
  readonly title: string;
  readonly page: number;
}

interface Candidate extends EdgeRow {
  readonly large: boolean;
  readonly key: string;
  readonly series: readonly { readonly key: string; readonly text: string }[];
}

export interface WithoutHeads {
  readonly pages: readonly PageLines[];
  /** Number printed on the page, by physical page. */
  readonly printed: ReadonlyMap<number, string>;
}

/**
 * Takes running heads and feet off. What stands at one height near the upper or lower edge goes when its
 * text, or each of its parts, digits masked, stands there on several pages; when it carries the number of a
 * series that counts with the pages; when it repeats, in no larger type, a title of an earlier page; or when
 * most rows in its place went for one of these reasons. O(pages).
 */
export function withoutRunningHeads(
  pages: readonly PageLines[],
  titles: readonly KnownTitle[] = [],
): WithoutHeads {
  const { bodySize } = textProfile(pages.flatMap((page) => page.lines));
  const candidates = pages.flatMap(edgeRows).map((row) => candidate(row, row.size >= LARGE * bodySize));
  const series = numberSeries(candidates, pages.length);
  const repeated = repeatedTexts(candidates, pages.length);
  const namesTitle = titleTest(pages, titles);
  const heads = new Set<Line>();
  for (const one of candidates) {
    if (one.text.length > MAX_HEAD_LETTERS) continue;
    const whole =
      repeated.has(one.key) ||
      one.series.some(({ key }) => series.has(key)) ||
      isLonePageNumber(one, pages) ||
      namesTitle(one);
    for (const line of one.lines)
      if (whole || line.cells.every((cell) => repeated.has(cellKey(one, cell)))) heads.add(line);
  }
  for (const one of inUsualPlace(candidates, heads)) for (const line of one.lines) heads.add(line);
  const gone = outermost(candidates, heads);
  return {
    pages: pages.map((page) => ({ ...page, lines: page.lines.filter((line) => !gone.has(line)) })),
    printed: printedNumbers(candidates, gone, series),
  };
}

function candidate(row: EdgeRow, large: boolean): Candidate {
  return {
    ...row,
    large,
    key: textKey(row, row.text, large),
    series: pageNumbersIn(row.text).map(({ value, style, text }) => ({
      key: `${row.edge}:${style}:${value - row.page}`,
      text,
    })),
  };
}

function cellKey(row: Candidate, cell: Cell): string {
  return textKey(row, cell.text, row.large);
}

/** Headings of equal words and other numbers, such as those of chapters, are not the same text. */
function textKey(row: EdgeRow, text: string, large: boolean): string {
  const words = large ? text.toLowerCase() : maskNumbers(text);
  return `${row.edge}:${row.step}:${Math.round(row.size)}:${words}`;
}

/** Number minus page is one and the same along a series. */
function numberSeries(candidates: readonly Candidate[], pageCount: number): ReadonlySet<string> {
  const places = new Map<string, Map<number, Set<number>>>();
  for (const one of candidates)
    for (const { key } of one.series) {
      const steps = places.get(key) ?? new Map<number, Set<number>>();
      for (const step of [one.step, one.step + 1])
        steps.set(step, (steps.get(step) ?? new Set<number>()).add(one.page));
      places.set(key, steps);
    }
  const wanted = pageCount <= 3 ? 2 : 3;
  return new Set(
    [...places]
      .filter(([, steps]) => [...steps.values()].some((found) => found.size >= wanted))
      .map(([key]) => key),
  );
}

interface Evidence {
  readonly pages: Set<number>;
  /** Pages where a clear gap parts the text from the body. */
  readonly apart: Set<number>;
  /** Pages where it heads the columns of a table. */
  readonly tables: Set<number>;
  readonly large: boolean;
}

function repeatedTexts(candidates: readonly Candidate[], pageCount: number): ReadonlySet<string> {
  const found = new Map<string, Evidence>();
  const rows = rowCounts(candidates);
  candidates.forEach((one, index) => {
    if (one.text.length > MAX_HEAD_LETTERS) return;
    const apart = one.isApart || isAboveRepeated(one, candidates[index + 1], rows);
    for (const key of new Set([one.key, ...one.cells.map((cell) => cellKey(one, cell))])) {
      if (!/\p{L}|#/u.test(key.slice(one.edge.length))) continue;
      const evidence = found.get(key) ?? {
        pages: new Set<number>(),
        apart: new Set<number>(),
        tables: new Set<number>(),
        large: one.large,
      };
      evidence.pages.add(one.page);
      if (apart) evidence.apart.add(one.page);
      if (one.isInTable) evidence.tables.add(one.page);
      found.set(key, evidence);
    }
  });
  return new Set([...found].filter(([, on]) => isEnough(on, pageCount)).map(([key]) => key));
}

/** Two pages are enough in a short document, if a clear gap parts both from the body. */
function isEnough({ pages, apart, tables, large }: Evidence, pageCount: number): boolean {
  if (tables.size * 2 >= pages.size) return false;
  if (large && pages.size < LARGE_SHARE * pageCount) return false;
  return pages.size >= 3 || (pageCount <= SHORT_DOCUMENT && apart.size >= 2);
}

function rowCounts(candidates: readonly Candidate[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { key } of candidates) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

/** A head may have two lines: the gap then follows the second, which is repeated as well. */
function isAboveRepeated(
  one: Candidate,
  next: Candidate | undefined,
  rows: ReadonlyMap<string, number>,
): boolean {
  return next?.depth === one.depth + 1 && next.isApart && (rows.get(next.key) ?? 0) >= 2;
}

/** Whether a row has nothing but titles of earlier pages, and page numbers: the titles themselves stay. */
function titleTest(pages: readonly PageLines[], titles: readonly KnownTitle[]): (row: Candidate) => boolean {
  const letters = new Map<number, string>();
  const first = new Map<string, number>();
  for (const { title, page } of titles) {
    const wanted = lettersOf(title);
    if (wanted.length < MIN_TITLE_LETTERS || (first.get(wanted) ?? Infinity) <= page) continue;
    const text = letters.get(page) ?? lettersOfPage(pages.find((one) => one.page === page));
    letters.set(page, text);
    if (text.includes(wanted)) first.set(wanted, page);
  }
  return (row) => {
    if (row.large || row.depth > 0 || !row.isApart || first.size === 0) return false;
    const parts = row.cells.filter((cell) => !isBarePageNumber(cell.text));
    return (
      parts.length > 0 && parts.every((cell) => (first.get(lettersOf(cell.text)) ?? Infinity) < row.page)
    );
  };
}

function lettersOfPage(page: PageLines | undefined): string {
  const text = (page?.lines ?? []).map((line) => line.text).join(' ');
  return lettersOf(text.slice(0, MAX_PAGE_LETTERS));
}

/** On a document of one or two pages nothing repeats: a page number alone at the foot is still one. */
function isLonePageNumber(one: Candidate, pages: readonly PageLines[]): boolean {
  return (
    pages.length <= 2 &&
    one.depth === 0 &&
    isBarePageNumber(one.text) &&
    pageNumbersIn(one.text).some(({ value }) => value === one.page)
  );
}

function inUsualPlace(candidates: readonly Candidate[], heads: ReadonlySet<Line>): readonly Candidate[] {
  const places = new Map<string, { all: number; heads: number }>();
  const place = (one: Candidate, step: number): string => `${one.edge}:${step}`;
  for (const one of candidates)
    for (const step of [one.step - 1, one.step, one.step + 1]) {
      const count = places.get(place(one, step)) ?? { all: 0, heads: 0 };
      count.all++;
      if (one.lines.every((line) => heads.has(line))) count.heads++;
      places.set(place(one, step), count);
    }
  return candidates.filter((one) => {
    if (one.depth > 0 || one.text.length > MAX_HEAD_LETTERS) return false;
    const count = places.get(place(one, one.step));
    return count !== undefined && count.heads >= 3 && count.heads >= SHARE_OF_PLACE * count.all;
  });
}

/** A head has only heads between itself and the edge of its page: body text is never jumped over. */
function outermost(candidates: readonly Candidate[], heads: ReadonlySet<Line>): ReadonlySet<Line> {
  const gone = new Set<Line>();
  let open = true;
  for (const one of candidates) {
    if (one.depth === 0) open = true;
    if (!open) continue;
    for (const line of one.lines) if (heads.has(line)) gone.add(line);
    open = one.lines.every((line) => heads.has(line));
  }
  return gone;
}

function printedNumbers(
  candidates: readonly Candidate[],
  gone: ReadonlySet<Line>,
  series: ReadonlySet<string>,
): ReadonlyMap<number, string> {
  const printed = new Map<number, string>();
  for (const one of candidates) {
    if (!one.lines.some((line) => gone.has(line)) || printed.has(one.page)) continue;
    const number = one.series.find(({ key }) => series.has(key));
    if (number !== undefined) printed.set(one.page, number.text);
  }
  return printed;
}
