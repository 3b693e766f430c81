import { isBarePageNumber, maskNumbers, pageNumbersIn } from './page-numbers.ts';
import type { Line, PageLines } from './page-text.ts';

const TOP_BAND = 0.86;
const BOTTOM_BAND = 0.17;
const LINES_AN_EDGE = 3;
/** Heads stand at the same height on every page to within this many points. */
const HEIGHT_STEP = 4;
const SHARE_OF_PLACE = 0.6;
const MAX_HEAD_LETTERS = 160;

type Edge = 'top' | 'bottom';

interface Candidate {
  readonly page: number;
  readonly edge: Edge;
  /** 0 is the outermost line of the page. */
  readonly depth: number;
  readonly step: number;
  readonly line: Line;
  readonly key: string;
  readonly series: readonly { readonly key: string; readonly text: string }[];
}

export interface WithoutHeads {
  readonly pages: readonly PageLines[];
  /** Number printed on the page, by physical page. */
  readonly printed: ReadonlyMap<number, string>;
}

/**
 * Takes running heads and feet off. A line near the upper or lower edge goes when its text, digits
 * masked, stands at the same height on several pages, when it carries the number of a series that counts
 * with the pages, or when most lines in its place went for one of these reasons. O(pages).
 */
export function withoutRunningHeads(pages: readonly PageLines[]): WithoutHeads {
  const candidates = pages.flatMap(candidatesOf);
  const series = numberSeries(candidates, pages.length);
  const repeated = repeatedTexts(candidates, pages.length);
  const heads = new Set<Candidate>();
  for (const one of candidates)
    if (
      repeated.has(one.key) ||
      one.series.some(({ key }) => series.has(key)) ||
      isLonePageNumber(one, pages)
    )
      heads.add(one);
  for (const one of inUsualPlace(candidates, heads)) heads.add(one);
  const gone = outermost(candidates, heads);
  return {
    pages: pages.map((page) => ({ ...page, lines: page.lines.filter((line) => !gone.has(line)) })),
    printed: printedNumbers(candidates, gone, series),
  };
}

function candidatesOf(page: PageLines): readonly Candidate[] {
  const short = page.lines.filter((line) => line.text.length <= MAX_HEAD_LETTERS);
  const top = short.filter((line) => line.y > TOP_BAND * page.height).sort((a, b) => b.y - a.y);
  const bottom = short.filter((line) => line.y < BOTTOM_BAND * page.height).sort((a, b) => a.y - b.y);
  return [
    ...top.slice(0, LINES_AN_EDGE).map((line, depth) => candidate(page, line, 'top', depth)),
    ...bottom.slice(0, LINES_AN_EDGE).map((line, depth) => candidate(page, line, 'bottom', depth)),
  ];
}

function candidate(page: PageLines, line: Line, edge: Edge, depth: number): Candidate {
  const step = Math.round(line.y / HEIGHT_STEP);
  return {
    page: page.page,
    edge,
    depth,
    step,
    line,
    key: `${edge}:${step}:${maskNumbers(line.text)}`,
    series: pageNumbersIn(line.text).map(({ value, style, text }) => ({
      key: `${edge}:${style}:${value - page.page}`,
      text,
    })),
  };
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
  const wanted = pagesWanted(pageCount);
  return new Set(
    [...places]
      .filter(([, steps]) => [...steps.values()].some((found) => found.size >= wanted))
      .map(([key]) => key),
  );
}

function repeatedTexts(candidates: readonly Candidate[], pageCount: number): ReadonlySet<string> {
  const found = new Map<string, Set<number>>();
  for (const one of candidates) {
    if (!/\p{L}|#/u.test(one.key.slice(one.edge.length))) continue;
    found.set(one.key, (found.get(one.key) ?? new Set<number>()).add(one.page));
  }
  const wanted = pagesWanted(pageCount);
  return new Set([...found].filter(([, on]) => on.size >= wanted).map(([key]) => key));
}

function pagesWanted(pageCount: number): number {
  return pageCount <= 3 ? 2 : 3;
}

/** On a document of one or two pages nothing repeats: a page number alone at the foot is still one. */
function isLonePageNumber(one: Candidate, pages: readonly PageLines[]): boolean {
  return (
    pages.length <= 2 &&
    one.depth === 0 &&
    isBarePageNumber(one.line.text) &&
    pageNumbersIn(one.line.text).some(({ value }) => value === one.page)
  );
}

function inUsualPlace(candidates: readonly Candidate[], heads: ReadonlySet<Candidate>): readonly Candidate[] {
  const places = new Map<string, { all: number; heads: number }>();
  const place = (one: Candidate, step: number): string => `${one.edge}:${step}`;
  for (const one of candidates)
    for (const step of [one.step - 1, one.step, one.step + 1]) {
      const count = places.get(place(one, step)) ?? { all: 0, heads: 0 };
      count.all++;
      if (heads.has(one)) count.heads++;
      places.set(place(one, step), count);
    }
  return candidates.filter((one) => {
    const count = places.get(place(one, one.step));
    return (
      count !== undefined && count.heads >= 3 && count.heads >= SHARE_OF_PLACE * count.all && one.depth === 0
    );
  });
}

/** A head has only heads between itself and the edge of its page: body text is never jumped over. */
function outermost(candidates: readonly Candidate[], heads: ReadonlySet<Candidate>): ReadonlySet<Line> {
  const gone = new Set<Line>();
  let open = true;
  for (const one of candidates) {
    if (one.depth === 0) open = true;
    open &&= heads.has(one);
    if (open) gone.add(one.line);
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
    const number = gone.has(one.line) ? one.series.find(({ key }) => series.has(key)) : undefined;
    if (number !== undefined && !printed.has(one.page)) printed.set(one.page, number.text);
  }
  return printed;
}
