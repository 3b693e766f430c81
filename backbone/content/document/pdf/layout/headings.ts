import type { Line } from './page-text.ts';
import { halfPoints, type TextProfile } from './text-profile.ts';

/** An entry of the document's outline, flattened. */
export interface OutlineTarget {
  readonly title: string;
  /** 1-based. */
  readonly page: number;
  /** 1 for the outermost. */
  readonly depth: number;
}

/** Lines that may be a heading, with what speaks for it. */
export interface HeadingCandidate {
  readonly style: string;
  readonly size: number;
  readonly bold: boolean;
  /** Depth in the outline, when the outline names this heading. */
  readonly outlineDepth: number | null;
}

const LARGER = 1.12;
const MAX_LETTERS = 200;
const MAX_LINES = 4;
const MAX_BOLD_LETTERS = 120;
const NUMBERED =
  /^(?:\d{1,2}(?:\.\d{1,2}){0,4}\.?|[IVX]{1,5}\.|[A-Z]\.(?:\d{1,2}\.?)?|\u00a7\s?\d+)\s+\p{L}/u;
const SHOUTED = /^[^\p{Ll}]*\p{Lu}{3}[^\p{Ll}]*$/u;
const LABEL_BEFORE_TITLE = /^(?:chapter|kapitel|section|part|teil|appendix|anhang)?[\divxlc.]{0,12}$/;

export type OutlineIndex = ReadonlyMap<number, readonly OutlineTarget[]>;

/** Outline entries by page. */
export function outlineIndex(targets: readonly OutlineTarget[]): OutlineIndex {
  const index = new Map<number, OutlineTarget[]>();
  for (const target of targets) {
    const list = index.get(target.page);
    if (list === undefined) index.set(target.page, [target]);
    else if (list.length < 50) list.push(target);
  }
  return index;
}

/**
 * Judges the lines of one paragraph: a heading is named by the outline, or set larger than the body, or
 * bold or numbered and short. Null for text.
 */
export function headingCandidate(
  lines: readonly Line[],
  text: string,
  gapAbove: number,
  outline: OutlineIndex,
  profile: TextProfile,
): HeadingCandidate | null {
  const [first] = lines;
  if (first === undefined || text.length > MAX_LETTERS || lines.length > MAX_LINES || !hasWords(text))
    return null;
  const { size, style } = first;
  const candidate = { style: `${halfPoints(size)}${style.bold ? 'b' : ''}`, size, bold: style.bold };
  const depth = outlineDepth(text, outline.get(first.page) ?? []);
  if (depth !== null) return { ...candidate, outlineDepth: depth };
  if (style.monospace || isSentence(text)) return null;
  if (endsWithPageNumber(lines)) return null;
  const larger = size >= LARGER * profile.bodySize;
  return larger || isSmallHeading(lines, text, gapAbove, profile)
    ? { ...candidate, outlineDepth: null }
    : null;
}

/**
 * Levels from 1 to 6. The outline's own depth counts first; a style that the outline uses has that depth;
 * other styles come in order of size and weight below the larger styles the outline knows.
 */
export function headingLevels(candidates: readonly HeadingCandidate[]): readonly number[] {
  const known = new Map<string, number>();
  for (const { style, outlineDepth: depth } of candidates)
    if (depth !== null && !known.has(style)) known.set(style, depth);
  const styles = new Map(candidates.map((one) => [one.style, one] as const));
  const ranked = [...styles.values()].sort((a, b) => b.size - a.size || Number(b.bold) - Number(a.bold));
  let above = 0;
  for (const { style } of ranked) {
    above = Math.max(above, known.get(style) ?? above + 1);
    if (!known.has(style)) known.set(style, above);
  }
  return candidates.map((one) => Math.min(Math.max(one.outlineDepth ?? known.get(one.style) ?? 1, 1), 6));
}

function outlineDepth(text: string, targets: readonly OutlineTarget[]): number | null {
  const own = lettersOf(text);
  for (const { title, depth } of targets) {
    const wanted = lettersOf(title);
    if (wanted === '') continue;
    if (own === wanted) return depth;
    if (own.endsWith(wanted) && LABEL_BEFORE_TITLE.test(own.slice(0, -wanted.length))) return depth;
    if (wanted.endsWith(own) && own.length > 3 && LABEL_BEFORE_TITLE.test(wanted.slice(0, -own.length)))
      return depth;
  }
  return null;
}

/** Letters, digits and points in lower case: texts of the same words compare equal. */
export function lettersOf(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}.]/gu, '')
    .replace(/^\.+|\.+$/g, '');
}

function isSmallHeading(
  lines: readonly Line[],
  text: string,
  gapAbove: number,
  profile: TextProfile,
): boolean {
  const [first] = lines;
  if (first === undefined || text.length > MAX_BOLD_LETTERS || first.size < 0.93 * profile.bodySize)
    return false;
  const numbered = NUMBERED.test(text);
  if (numbered && SHOUTED.test(text)) return true;
  if (!first.style.bold || profile.bodyBold || /[.:,;]$/.test(text)) return false;
  return numbered || lines.length > 1 || gapAbove > 1.15 * profile.leading(first.size);
}

/** An entry of a table of contents. */
function endsWithPageNumber(lines: readonly Line[]): boolean {
  const cells = lines.at(-1)?.cells ?? [];
  return cells.length > 1 && /^(?:\d{1,4}|[ivxlc]{1,7})$/.test(cells.at(-1)?.text ?? '');
}

function isSentence(text: string): boolean {
  return /[.!?]["\u201d\u00bb)]?$/.test(text) && text.split(' ').length > 8;
}

function hasWords(text: string): boolean {
  const letters = text.replaceAll(/\P{L}/gu, '').length;
  return /\p{L}{2}/u.test(text) && letters * 2 >= text.replaceAll(/\s/g, '').length;
}
