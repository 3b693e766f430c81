/** Splits the blocks of a paper into its parts. Pure; O(blocks). */
import type { Block } from '../model.ts';
import { isLettered, sectionName, sectionRole, type SectionRole } from './section-names.ts';

export interface PaperSection {
  readonly title: string;
  readonly role: SectionRole;
  /** 1-6, as its heading. */
  readonly level: number;
  /** 1-based; null where the source has none. */
  readonly page: number | null;
}

export interface PaperParts {
  /** Title, names, addresses, dates, licence: what is metadata, and not read as text. */
  readonly front: readonly Block[];
  readonly abstract: readonly Block[];
  /** With headings, captions and tables, in reading order. */
  readonly body: readonly Block[];
  readonly references: readonly Block[];
  readonly appendix: readonly Block[];
  readonly sections: readonly PaperSection[];
}

type PartName = Exclude<keyof PaperParts, 'sections'>;

/** A paragraph of so many letters with a sentence that ends and another one is text, not names or addresses. */
const TEXT_LENGTH = 400;
/** An abstract that is longer has no heading after it that was seen: what follows is text. In UTF-16 units. */
const MAX_ABSTRACT_LENGTH = 3000;
const SENTENCES = /\p{Ll}{2}[.?!]\s\p{Lu}/u;
/** What publishers print beside the text of the first page. */
const FRONT_REMARK =
  /^(?:authors of papers retain copyright|copyright\b|©|\(c\) \d{4}|this (?:article|work|paper|is an open access) .{0,60}(?:licen[cs]e|distributed)|permission to make digital or hard copies|(?:received|submitted|accepted|published|revised|edited by|reviewed by|editor|reviewers?|licen[cs]e|keywords?|key words|index terms|e-?mail|correspondence)\b\s?(?:[:;]|to\b|$)|doi:|https?:\/\/doi\.org\/|arxiv:\d)/i;
const ABSTRACT_START = /^abstract\s{0,2}(?:[.:—–-]\s{0,2}|\n)(?=\S)/i;

/** @param title as the file states it, or null: then the first heading of page 1 is the title. */
export function paperParts(blocks: readonly Block[], title: string | null): PaperParts {
  const parts: Record<PartName, Block[]> = {
    front: [],
    abstract: [],
    body: [],
    references: [],
    appendix: [],
  };
  const sections: PaperSection[] = [];
  const start = textStart(blocks, title);
  let part: PartName = 'front';
  let partLevel = 0;
  for (const [index, block] of blocks.entries()) {
    if (index < start) {
      parts.front.push(block);
      continue;
    }
    if (part === 'front' || (part === 'abstract' && lengthOf(parts.abstract) > MAX_ABSTRACT_LENGTH))
      part = 'body';
    if (isHeading(block, part)) {
      const role = roleAt(blocks, index);
      const level = block.level ?? 1;
      const next: PartName = partAfter(part, role, block, level, partLevel);
      if (next !== part || role === 'references') partLevel = level;
      part = next;
      sections.push({ title: sectionName(block.text), role, level, page: block.locator.page ?? null });
      if (part !== 'references' && part !== 'abstract') parts[part].push(block);
    } else if (block.locator.page === 1 && isFrontRemark(block)) parts.front.push(block);
    else if (ABSTRACT_START.test(block.text) && part === 'body' && parts.body.length === 0)
      parts.abstract.push({ ...block, text: block.text.replace(ABSTRACT_START, '') });
    else parts[part].push(block);
  }
  return { ...parts, sections };
}

/** Called while they are few: an abstract ends soon. */
function lengthOf(blocks: readonly Block[]): number {
  return blocks.reduce((sum, { text }) => sum + Math.max(text.length, 1), 0);
}

/** Where abstract or text begin: after title, names and addresses. */
function textStart(blocks: readonly Block[], title: string | null): number {
  const titleAt = titleIndex(blocks, title);
  const after = blocks.findIndex(
    (block, index) =>
      index > titleAt &&
      (block.kind === 'heading' ||
        ABSTRACT_START.test(block.text) ||
        isTitleLine(block, 'abstract') ||
        isText(block)),
  );
  return after < 0 ? Math.min(titleAt + 1, blocks.length) : after;
}

function isText(block: Block): boolean {
  if (block.kind !== 'paragraph' || block.text.length < TEXT_LENGTH) return false;
  return SENTENCES.test(block.text) && !isFrontRemark(block);
}

/** The heading that says what the file says its title is, else the first heading of page 1 that is no section's. */
function titleIndex(blocks: readonly Block[], title: string | null): number {
  const wanted = title === null ? '' : squeezed(title);
  const page = (block: Block): number => block.locator.page ?? 1;
  if (wanted.length >= 8) {
    const stated = blocks.findIndex((block) => page(block) === 1 && squeezed(block.text).startsWith(wanted));
    if (stated >= 0) return stated;
  }
  const first = blocks.findIndex((block) => block.kind === 'heading');
  const heading = blocks[first];
  return heading !== undefined && page(heading) === 1 && sectionRole(heading.text) === 'other' ? first : -1;
}

/** "Summary" is the abstract of a paper that has an introduction next, and a section of others. */
function roleAt(blocks: readonly Block[], at: number): SectionRole {
  const text = blocks[at]?.text ?? '';
  if (sectionName(text).toLowerCase() !== 'summary') return sectionRole(text);
  const next = blocks.slice(at + 1, at + 12).find((block) => block.kind === 'heading');
  return next !== undefined && sectionRole(next.text) === 'introduction' ? 'abstract' : 'other';
}

function partAfter(
  part: PartName,
  role: SectionRole,
  block: Block,
  level: number,
  partLevel: number,
): PartName {
  if (role === 'references') return 'references';
  if (role === 'appendix') return 'appendix';
  if (role === 'abstract') return part === 'body' ? 'abstract' : part;
  if (part === 'references') {
    if (level > partLevel) return 'references';
    return role === 'other' || isLettered(block.text) ? 'appendix' : 'body';
  }
  return part === 'appendix' ? 'appendix' : 'body';
}

/** Some templates set the names of these sections like text. */
function isHeading(block: Block, part: PartName): boolean {
  if (block.kind === 'heading') return true;
  return (
    (part === 'body' && isTitleLine(block, 'references')) ||
    (part === 'body' && isTitleLine(block, 'abstract'))
  );
}

function isTitleLine({ kind, text }: Block, role: SectionRole): boolean {
  return kind === 'paragraph' && text.length <= 40 && sectionRole(text) === role;
}

function isFrontRemark({ kind, text }: Block): boolean {
  return (kind === 'paragraph' || kind === 'footnote') && FRONT_REMARK.test(text.slice(0, 200));
}

function squeezed(text: string): string {
  return text
    .slice(0, 1000)
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '');
}
