/** Show notes as a section of their own, whether they are HTML or plain text. Pure. */
import type { Block, ContentLink, Locator } from '../model.ts';
import { htmlBlocks } from '../parsing/html-blocks.ts';
import { parseHtml } from '../parsing/html-tree.ts';
import { htmlOf, htmlOfPlain, looksLikeHtml } from '../webpage/feed/feed-text.ts';

export interface ShowNotes {
  /** Null when there are none. */
  readonly text: string | null;
  /** For relative links. */
  readonly baseUrl: string | null;
}

const NOTES_HEADING = 'Show notes';
const SECTION_LEVEL = 2;

/** As a chapter of their own, so that no passage holds both notes and speech: it would have no time. */
const NOTES_PLACE: Locator = { chapter: NOTES_HEADING };
const LONGEST = 200_000;
const MOST_LINKS = 500;
const DEEPEST_LEVEL = 6;

export function notesSection({ text, baseUrl }: ShowNotes): {
  readonly blocks: readonly Block[];
  readonly links: readonly ContentLink[];
} {
  const source = htmlOf((text ?? '').slice(0, LONGEST));
  const html = looksLikeHtml(source) ? source : htmlOfPlain(source);
  const read = htmlBlocks(parseHtml(html)('body').toArray(), {
    baseUrl,
    headingPath: [NOTES_HEADING],
    locator: NOTES_PLACE,
  });
  const blocks = read.blocks.map(({ block }) => lowered(block)).filter((block) => block.text.trim() !== '');
  if (blocks.length === 0) return { blocks: [], links: [] };
  const links = read.links.slice(0, MOST_LINKS).map(({ url, text: label }) => ({ url, text: label }));
  return { blocks: [sectionHeading(NOTES_HEADING, NOTES_PLACE), ...blocks], links };
}

function sectionHeading(text: string, locator: Locator): Block {
  return { kind: 'heading', level: SECTION_LEVEL, text, locator };
}

function lowered(block: Block): Block {
  if (block.kind !== 'heading') return block;
  return { ...block, level: Math.min((block.level ?? 1) + SECTION_LEVEL, DEEPEST_LEVEL) };
}
