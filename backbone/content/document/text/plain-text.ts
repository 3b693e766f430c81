/** Plain text as blocks. Pure. O(text). */
import type { Block } from '../../model.ts';

interface Line {
  readonly text: string;
  /** 1-based. */
  readonly number: number;
}

/** Wider than this no one wraps by hand: such lines are paragraphs that an editor wraps. */
const WIDEST_WRAP = 120;
/** Narrower columns are verse or lists. */
const NARROWEST_WRAP = 40;
const LONGEST_HEADING = 80;
const MAX_BLOCKS = 50_000;
/** The few lines that stick out of a wrapped text: addresses, tables. */
const STICKING_OUT = 0.02;

const BULLET = /^\s{0,20}[-*•‣◦–]\s+(?=\S)/;
const NUMBERED = /^\s{0,20}(\d{1,3})[.)]\s+(?=\S)/;
const UNDERLINE = /^(?:={3,}|-{3,})\s*$/;
const CHAPTER = /^(?:chapter|part|book|section|appendix)\s+(?:[\divxlc]{1,8}|[a-z])\b/i;

/**
 * Paragraphs end at blank lines; lines that were broken at a width are joined. Headings are what is
 * underlined, in capitals or called a chapter, on a line of its own.
 */
export function plainTextBlocks(text: string): readonly Block[] {
  const lines = text.split(/\n|\f/).map((line, index) => ({ text: line.trimEnd(), number: index + 1 }));
  const wrap = wrapWidth(lines);
  const path: { readonly level: number; readonly text: string }[] = [];
  const blocks: Block[] = [];
  for (const paragraph of paragraphsOf(lines)) {
    for (const block of blocksOf(paragraph, wrap)) {
      if (block.kind === 'heading') {
        while ((path.at(-1)?.level ?? 0) >= (block.level ?? 1)) path.pop();
        path.push({ level: block.level ?? 1, text: block.text });
      }
      const above = block.kind === 'heading' ? path.slice(0, -1) : path;
      const headingPath = above.map((entry) => entry.text);
      const locator = headingPath.length === 0 ? block.locator : { ...block.locator, headingPath };
      blocks.push({ ...block, locator });
    }
  }
  return atMost(MAX_BLOCKS, blocks);
}

/** More blocks than that are joined in groups: each costs memory in every step that follows. */
function atMost(limit: number, blocks: readonly Block[]): readonly Block[] {
  const size = Math.ceil(blocks.length / limit);
  if (size <= 1) return blocks;
  return Array.from({ length: Math.ceil(blocks.length / size) }, (_, group) => {
    const joined = blocks.slice(group * size, (group + 1) * size);
    const text = joined.map((block) => block.text).join('\n');
    return { kind: 'paragraph', text, locator: joined[0]?.locator ?? {} };
  });
}

function* paragraphsOf(lines: readonly Line[]): Generator<readonly Line[]> {
  let open: Line[] = [];
  for (const line of lines) {
    if (line.text !== '') open.push(line);
    else if (open.length > 0) {
      yield open;
      open = [];
    }
  }
  if (open.length > 0) yield open;
}

/** The width that lines were broken at; null when they were not. */
function wrapWidth(lines: readonly Line[]): number | null {
  const lengths = lines.map(({ text }) => text.length).filter((length) => length > 0);
  lengths.sort((a, b) => a - b);
  const width = lengths[Math.ceil((lengths.length - 1) * (1 - STICKING_OUT))] ?? 0;
  return width >= NARROWEST_WRAP && width <= WIDEST_WRAP ? width : null;
}

function* blocksOf(lines: readonly Line[], wrap: number | null): Generator<Block> {
  let at = 0;
  for (; ; at += 2) {
    const [first, second] = [lines[at], lines[at + 1]];
    if (!first || !second || !UNDERLINE.test(second.text) || first.text.length > LONGEST_HEADING) break;
    yield heading(first, second.text.startsWith('=') ? 1 : 2);
  }
  const rest = at === 0 ? lines : lines.slice(at);
  const [first] = rest;
  if (first === undefined) return;
  const level = rest.length === 1 ? headingLevel(first.text) : null;
  if (level === null) yield* itemsAndParagraphs(rest, wrap);
  else yield heading(first, level);
}

function heading(line: Line, level: number): Block {
  return { kind: 'heading', text: line.text.trim(), level, locator: { line: line.number } };
}

function headingLevel(text: string): number | null {
  const title = text.trim();
  if (title.length > LONGEST_HEADING || /[.,;:!?]$/.test(title)) return null;
  if (CHAPTER.test(title)) return 1;
  const letters = title.match(/\p{L}/gu) ?? [];
  return letters.length >= 4 && title === title.toUpperCase() && title !== title.toLowerCase() ? 2 : null;
}

/** One block an item of a list, and one for what stands before it. */
function* itemsAndParagraphs(lines: readonly Line[], wrap: number | null): Generator<Block> {
  let open: Line[] = [];
  for (const line of lines) {
    const starts =
      BULLET.test(line.text) || (NUMBERED.test(line.text) && (open.length === 0 || isItem(open)));
    const parts = wrap === null && !isItem(open) && open.length > 0;
    if ((starts || parts) && open.length > 0) {
      yield blockOf(open, wrap);
      open = [];
    }
    open.push(line);
  }
  if (open.length > 0) yield blockOf(open, wrap);
}

function isItem(lines: readonly Line[]): boolean {
  const text = lines[0]?.text ?? '';
  return BULLET.test(text) || NUMBERED.test(text);
}

function blockOf(lines: readonly Line[], wrap: number | null): Block {
  const text = joinLines(lines, wrap);
  const locator = { line: lines[0]?.number ?? 1 };
  const ordinal = NUMBERED.exec(text)?.[1];
  if (ordinal !== undefined) {
    return {
      kind: 'list_item',
      text: text.replace(NUMBERED, ''),
      level: 1,
      ordinal: Number(ordinal),
      locator,
    };
  }
  if (BULLET.test(text)) return { kind: 'list_item', text: text.replace(BULLET, ''), level: 1, locator };
  return { kind: 'paragraph', text: text.trim(), locator };
}

/** A line was broken by the margin when the next line's first word would not have fitted on it. */
function joinLines(lines: readonly Line[], wrap: number | null): string {
  const parts: string[] = [];
  let previous: string | null = null;
  for (const { text } of lines) {
    if (previous !== null) parts.push(wasBroken(previous, text, wrap) ? ' ' : '\n');
    parts.push(previous === null ? text : text.trimStart());
    previous = text;
  }
  return parts.join('');
}

function wasBroken(line: string, next: string, wrap: number | null): boolean {
  if (wrap === null) return false;
  const word = /^\s*(\S{0,200})/.exec(next)?.[1] ?? '';
  return line.length + 1 + word.length > wrap * 0.85;
}
