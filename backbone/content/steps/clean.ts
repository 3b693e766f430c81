import type { Block, Locator } from '../model.ts';
import { cleanCharacters, cleanCode, cleanLine, cleanProse, cleanTable } from './clean-text.ts';

/** A block that stands right after its double goes; shorter ones may be meant ("Yes." "Yes."). In UTF-16 units. */
const REPEAT_LENGTH = 20;

/** Lines up to this length can be a site's boilerplate ("Share this", "Advertisement"). In UTF-16 units. */
const BOILERPLATE_LENGTH = 60;

/** Boilerplate stands there at least so often ... */
const BOILERPLATE_COUNT = 5;

/** ... and makes up this share of the different texts: short lines of dialogue in a novel do not. */
const BOILERPLATE_SHARE = 0.05;

/**
 * Blocks fit to be stored: clean characters in texts, table cells and locators; empty blocks gone;
 * of a block immediately repeated, and of short lines repeated over and over, only the first is
 * kept. Headings, tables and list items are never taken for repeats of that kind, nor is speech.
 * Idempotent. O(text).
 */
export function cleanBlocks(blocks: readonly Block[]): Block[] {
  const cleaned = blocks.map(cleanBlock).filter((block) => block.text !== '');
  return withoutRepeats(withoutBoilerplate(cleaned));
}

function cleanBlock(block: Block): Block {
  return {
    ...block,
    text: cleanText(block),
    locator: cleanLocator(block.locator),
    ...(block.rows === undefined ? {} : { rows: block.rows.map((row) => row.map(cleanLine)) }),
    ...(block.codeLanguage === undefined ? {} : { codeLanguage: cleanLine(block.codeLanguage) }),
    ...(block.source === undefined ? {} : { source: cleanLine(block.source) }),
  };
}

function cleanText(block: Block): string {
  switch (block.kind) {
    case 'code':
      return cleanCode(block.text);
    case 'table':
      return cleanTable(block.text);
    case 'heading':
      return cleanLine(block.text);
    case 'paragraph':
    case 'list_item':
    case 'quote':
    case 'caption':
    case 'footnote':
    case 'image':
      return cleanProse(block.text);
  }
}

function cleanLocator(locator: Locator): Locator {
  const { headingPath, ...others } = locator;
  const entries = Object.entries(others).map(([key, value]: [string, unknown]) => [
    key,
    typeof value === 'string' ? cleanCharacters(value) : value,
  ]);
  const cleaned = Object.fromEntries(entries) as Locator;
  if (headingPath === undefined) return cleaned;
  return { ...cleaned, headingPath: headingPath.map(cleanLine).filter((heading) => heading !== '') };
}

/** Counts by different texts, which dropping repeats does not change: so a second run finds nothing more. */
function withoutBoilerplate(blocks: readonly Block[]): Block[] {
  const counts = new Map<string, number>();
  for (const block of blocks) {
    const key = repeatKey(block);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const least = Math.max(BOILERPLATE_COUNT, counts.size * BOILERPLATE_SHARE);
  const seen = new Set<string>();
  return blocks.filter((block) => {
    const key = repeatKey(block);
    if (!mayBeBoilerplate(block) || (counts.get(key) ?? 0) < least) return true;
    const first = !seen.has(key);
    seen.add(key);
    return first;
  });
}

function mayBeBoilerplate(block: Block): boolean {
  if (block.locator.startSeconds !== undefined || block.text.length > BOILERPLATE_LENGTH) return false;
  return block.kind === 'paragraph' || block.kind === 'image' || block.kind === 'caption';
}

function withoutRepeats(blocks: readonly Block[]): Block[] {
  const kept: Block[] = [];
  for (const block of blocks) {
    const previous = kept.at(-1);
    if (previous === undefined || !isRepeat(previous, block)) kept.push(block);
  }
  return kept;
}

function isRepeat(previous: Block, block: Block): boolean {
  if (block.kind === 'heading' || block.kind === 'table' || block.locator.startSeconds !== undefined)
    return false;
  const longEnough = block.kind === 'image' || block.text.length >= REPEAT_LENGTH;
  return longEnough && repeatKey(previous) === repeatKey(block);
}

function repeatKey(block: Block): string {
  return `${block.kind} ${block.text}`;
}
