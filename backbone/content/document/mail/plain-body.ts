/** The plain text of a message as blocks: paragraphs, quoted lines, the signature. Pure; O(text). */
import type { Block } from '../../model.ts';
import { plainTextBlocks } from '../text/plain-text.ts';

export interface PlainBodyOptions {
  /** `format=flowed` (RFC 3676): a line that ends in a space goes on in the next one. */
  readonly flowed: boolean;
  /** `delsp=yes`: that space is none of the text. */
  readonly dropSpace: boolean;
}

interface MailLine {
  /** Number of `>` in front. */
  readonly depth: number;
  readonly text: string;
}

/** Where quotes change more often than in any letter, the rest is read as one text. */
const MOST_RUNS = 20_000;
/** More lines below the dashes are no signature, but the rest of the text. */
const LONGEST_SIGNATURE = 30;

export function plainBodyBlocks(text: string, options: PlainBodyOptions): readonly Block[] {
  const lines = text
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .split('\n');
  const read = options.flowed ? flowedLines(lines, options.dropSpace) : lines.map(fixedLine);
  return runsOf(read).flatMap((run) => runBlocks(run, options.flowed ? '\n\n' : '\n'));
}

function fixedLine(line: string): MailLine {
  const marks = /^(?:> ?)+/.exec(line)?.[0] ?? '';
  return { depth: marks.replaceAll(' ', '').length, text: line.slice(marks.length) };
}

function flowedLines(lines: readonly string[], dropSpace: boolean): readonly MailLine[] {
  const done: MailLine[] = [];
  let open: { readonly depth: number; readonly parts: string[] } | null = null;
  for (const line of lines) {
    const depth = /^>*/.exec(line)?.[0].length ?? 0;
    const text = line.slice(line.charAt(depth) === ' ' ? depth + 1 : depth);
    const flows = text.endsWith(' ') && text !== '-- ';
    if (open !== null && (open.depth !== depth || text === '-- ')) {
      done.push({ depth: open.depth, text: open.parts.join('') });
      open = null;
    }
    open ??= { depth, parts: [] };
    open.parts.push(flows && dropSpace ? text.slice(0, -1) : text);
    if (flows) continue;
    done.push({ depth, text: open.parts.join('') });
    open = null;
  }
  if (open !== null) done.push({ depth: open.depth, text: open.parts.join('') });
  return done;
}

/** Neighbouring lines of one depth. */
function runsOf(lines: readonly MailLine[]): readonly (readonly MailLine[])[] {
  const runs: MailLine[][] = [];
  for (const line of lines) {
    const last = runs.at(-1);
    if (last !== undefined && (last[0]?.depth === line.depth || runs.length >= MOST_RUNS)) last.push(line);
    else runs.push([line]);
  }
  return runs;
}

function runBlocks(run: readonly MailLine[], separator: string): readonly Block[] {
  const isQuote = (run[0]?.depth ?? 0) > 0;
  const dashes = isQuote ? -1 : run.findLastIndex(({ text }) => text === '-- ' || text === '--');
  const signature = dashes < 0 || run.length - dashes > LONGEST_SIGNATURE ? [] : run.slice(dashes + 1);
  const texts = (signature.length === 0 ? run : run.slice(0, dashes)).map(({ text }) => text);
  const blocks = plainTextBlocks(texts.join(separator)).map((block) => letterBlock(block, isQuote));
  const closing = signature.map(({ text }) => text.trim()).filter((text) => text !== '');
  return closing.length === 0
    ? blocks
    : [...blocks, { kind: 'paragraph', text: closing.join('\n'), locator: {} }];
}

/** Letters have no headings: lines in capitals are loud, and underlined ones decoration. */
function letterBlock({ kind, text, level, ordinal }: Block, isQuote: boolean): Block {
  if (isQuote) return { kind: 'quote', text, locator: {} };
  if (kind !== 'list_item') return { kind: 'paragraph', text, locator: {} };
  return {
    kind,
    text,
    locator: {},
    ...(level === undefined ? {} : { level }),
    ...(ordinal === undefined ? {} : { ordinal }),
  };
}
