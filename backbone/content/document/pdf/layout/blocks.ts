import type { Block, Locator } from '../../../model.ts';
import { isByline } from './bylines.ts';
import { startsCaption } from './captions.ts';
import { withoutFootnotes } from './footnotes.ts';
import { headingCandidate, headingLevels, type HeadingCandidate, type OutlineIndex } from './headings.ts';
import { joinLines, type Vocabulary } from './hyphenation.ts';
import { listMarker } from './list-marker.ts';
import type { Line, PageLines } from './page-text.ts';
import { goesOnAcross, startsParagraph, type Extent } from './paragraphs.ts';
import { tableRuns } from './tables.ts';
import type { TextProfile } from './text-profile.ts';

/** What is longer is text rather than a subtitle, a date or an address under the title. */
const MAX_TITLE_PAGE_LETTERS = 200;

export interface BlockContext {
  readonly profile: TextProfile;
  readonly vocabulary: Vocabulary;
  readonly outline: OutlineIndex;
  /** Printed label by physical page, where it differs. */
  readonly labels: ReadonlyMap<number, string>;
  /** Names of the authors, where the document states them. */
  readonly authors: readonly string[];
}

/** A piece of the page in reading order, before its level and heading path are known. */
type Piece =
  | { readonly kind: 'text'; readonly lines: Line[]; readonly gapAbove: number }
  | { readonly kind: 'table'; readonly rows: readonly (readonly string[])[]; readonly page: number }
  | { readonly kind: 'footnote' | 'aside'; readonly lines: readonly Line[] };

/** Pages, rid of their running heads, as blocks. A paragraph that runs over pages stands before their notes. */
export function blocksOf(pages: readonly PageLines[], context: BlockContext): readonly Block[] {
  const pieces: Piece[] = [];
  let open: { readonly lines: Line[]; readonly extent: Extent } | null = null;
  for (const page of pages) {
    const { body, footnotes } = withoutFootnotes(page.lines, page.height, context.profile);
    for (const { lines, extent } of zonesOf(body))
      open = addZone(pieces, lines, extent, open, context.profile);
    for (const lines of footnotes) pieces.push({ kind: 'footnote', lines });
    for (const line of page.rotated) pieces.push({ kind: 'aside', lines: [line] });
  }
  return toBlocks(pieces, context);
}

interface OpenText {
  readonly lines: Line[];
  readonly extent: Extent;
}

function addZone(
  pieces: Piece[],
  lines: readonly Line[],
  extent: Extent,
  before: OpenText | null,
  profile: TextProfile,
): OpenText | null {
  let open = before;
  let at = 0;
  for (const run of [...tableRuns(lines), { from: lines.length, to: lines.length, rows: [] }]) {
    for (; at < run.from; at++) {
      const line = lines[at];
      if (line !== undefined) open = addLine(pieces, line, lines[at - 1], extent, open, profile);
    }
    const [first] = lines.slice(run.from, run.to);
    if (first !== undefined) {
      pieces.push({ kind: 'table', rows: run.rows, page: first.page });
      open = null;
    }
    at = run.to;
  }
  return open;
}

function addLine(
  pieces: Piece[],
  line: Line,
  above: Line | undefined,
  extent: Extent,
  open: OpenText | null,
  profile: TextProfile,
): OpenText {
  const last = open?.lines.at(-1);
  const sameZone = last !== undefined && last.page === line.page && last.zone === line.zone;
  if (open !== null) {
    const goesOn = sameZone
      ? !startsParagraph(open.lines, line, extent, profile)
      : goesOnAcross(open.lines, line, open.extent);
    if (goesOn) {
      open.lines.push(line);
      return sameZone ? open : { lines: open.lines, extent };
    }
  }
  const lines = [line];
  pieces.push({ kind: 'text', lines, gapAbove: above === undefined ? Infinity : above.y - line.y });
  return { lines, extent };
}

function zonesOf(
  lines: readonly Line[],
): readonly { readonly lines: readonly Line[]; readonly extent: Extent }[] {
  const zones: { lines: Line[]; extent: Extent }[] = [];
  for (const line of lines) {
    const zone = zones.at(-1);
    if (zone?.lines[0]?.zone === line.zone) {
      zone.lines.push(line);
      zone.extent = { x0: Math.min(zone.extent.x0, line.x0), x1: Math.max(zone.extent.x1, line.x1) };
    } else zones.push({ lines: [line], extent: { x0: line.x0, x1: line.x1 } });
  }
  return zones;
}

interface Judged {
  readonly piece: Piece;
  readonly text: string;
  readonly heading: HeadingCandidate | null;
}

function toBlocks(pieces: readonly Piece[], context: BlockContext): readonly Block[] {
  const judged = withoutBylines(
    pieces.map((piece) => judge(piece, context)),
    context.authors,
  );
  const levels = headingLevels(judged.flatMap((one) => (one.heading === null ? [] : [one.heading])));
  const path: { readonly level: number; readonly text: string }[] = [];
  const blocks: Block[] = [];
  let nextLevel = 0;
  for (const one of judged) {
    if (one.text === '') continue;
    const level = one.heading === null ? null : (levels[nextLevel++] ?? 1);
    while (level !== null && path.length > 0 && (path.at(-1)?.level ?? 0) >= level) path.pop();
    const locator = locatorOf(
      pageOf(one.piece),
      context.labels,
      path.map((heading) => heading.text),
    );
    blocks.push(level === null ? blockOf(one, locator) : { kind: 'heading', text: one.text, level, locator });
    if (level !== null) path.push({ level, text: one.text });
  }
  return blocks;
}

function judge(piece: Piece, context: BlockContext): Judged {
  if (piece.kind === 'table')
    return { piece, heading: null, text: piece.rows.map((row) => row.join('\t')).join('\n') };
  if (isCode(piece.lines)) return { piece, heading: null, text: codeText(piece.lines, context.profile) };
  const text = joinLines(
    piece.lines.map((line) => line.text),
    context.vocabulary,
  );
  const heading =
    piece.kind === 'text'
      ? headingCandidate(piece.lines, text, piece.gapAbove, context.outline, context.profile)
      : null;
  return { piece, text, heading };
}

/** On page 1 the names of the authors between title and text are no heading, however large they are set. */
function withoutBylines(judged: readonly Judged[], authors: readonly string[]): readonly Judged[] {
  const title = judged.findIndex(({ heading }) => heading !== null);
  const end = judged.findIndex(({ piece, text, heading }, index) => {
    const isText = heading === null && text.length > MAX_TITLE_PAGE_LETTERS;
    return pageOf(piece) > 1 || (index > title && isText);
  });
  return judged.map((one, index) => {
    const isOnTitlePage = index > title && (end < 0 || index < end);
    const isNames = one.heading?.outlineDepth === null && isOnTitlePage && isByline(one.text, authors);
    return isNames ? { ...one, heading: null } : one;
  });
}

function blockOf({ piece, text }: Judged, locator: Locator): Block {
  if (piece.kind === 'table') return { kind: 'table', text, rows: piece.rows, headerRows: 1, locator };
  if (piece.kind === 'footnote') return { kind: 'footnote', text, locator };
  if (isCode(piece.lines)) return { kind: 'code', text, locator };
  if (startsCaption(text)) return { kind: 'caption', text, locator };
  const marker = piece.kind === 'text' ? listMarker(piece.lines[0]?.text ?? '') : null;
  if (marker === null || text.length <= marker.length) return { kind: 'paragraph', text, locator };
  const item = marker.kind === 'label' ? text : text.slice(marker.length);
  const ordinal = marker.ordinal === null ? {} : { ordinal: marker.ordinal };
  return { kind: 'list_item', text: item, level: 1, ...ordinal, locator };
}

function pageOf(piece: Piece): number {
  return piece.kind === 'table' ? piece.page : (piece.lines[0]?.page ?? 1);
}

function locatorOf(page: number, labels: ReadonlyMap<number, string>, path: readonly string[]): Locator {
  const label = labels.get(page);
  return {
    page,
    ...(label === undefined || label === String(page) ? {} : { pageLabel: label }),
    ...(path.length === 0 ? {} : { headingPath: path }),
  };
}

function isCode(lines: readonly Line[]): boolean {
  return (
    lines.length > 0 &&
    lines.every((line) => line.style.monospace) &&
    lines.some((line) => /\S\S/.test(line.text))
  );
}

/** Lines as they stand, with their indents and blank lines. */
function codeText(lines: readonly Line[], profile: TextProfile): string {
  const left = lines.reduce((least, line) => Math.min(least, line.x0), Infinity);
  const texts: string[] = [];
  let previous: Line | undefined;
  for (const line of lines) {
    const width = (line.x1 - line.x0) / Math.max(line.text.length, 1);
    const indent = width > 0 ? Math.min(Math.round((line.x0 - left) / width), 80) : 0;
    if (previous !== undefined && previous.y - line.y > 1.6 * profile.leading(line.size)) texts.push('');
    texts.push(' '.repeat(indent) + line.text);
    previous = line;
  }
  return texts.join('\n');
}
