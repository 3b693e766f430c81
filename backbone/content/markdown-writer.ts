/**
 * Blocks as GitHub-flavoured Markdown. Texts of blocks are plain: what looks like markup in them was text
 * in the source (an article about `<script>`), or was written by somebody who hopes that it comes alive when
 * the Markdown is rendered. So HTML, links and fences in texts are escaped, and code stays within its fence.
 */
import type { Block, BlockKind } from './model.ts';

const BLOCK_SEPARATOR = '\n\n';
/** Deeper items stand below each other: indentation grows with the square of the depth. */
const DEEPEST_INDENT = 10;
const CODE_LANGUAGE = /^[\w+#.-]{1,40}$/;

/** O(text). */
export function markdownOf(blocks: readonly Block[]): string {
  const parts: string[] = [];
  let previous: BlockKind | null = null;
  for (const block of blocks) {
    if (block.text === '' && block.kind !== 'image') continue;
    const joinsList = block.kind === 'list_item' && previous === 'list_item';
    if (parts.length > 0) parts.push(joinsList ? '\n' : BLOCK_SEPARATOR);
    parts.push(blockMarkdown(block));
    previous = block.kind;
  }
  return parts.join('');
}

function blockMarkdown(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `${'#'.repeat(Math.min(Math.max(block.level ?? 1, 1), 6))} ${oneLine(block.text)}`;
    case 'list_item':
      return `${indentOf(block)}${block.ordinal === undefined ? '-' : `${block.ordinal}.`} ${withoutFences(oneLine(block.text))}`;
    case 'code':
      return fenced(block.text, block.codeLanguage ?? '');
    case 'quote':
      return paragraph(block.text).replaceAll(/^/gm, '> ');
    case 'table':
      return block.rows === undefined ? paragraph(block.text) : tableMarkdown(block.rows);
    case 'caption':
      return `*${oneLine(block.text)}*`;
    case 'image':
      return `![${oneLine(block.text)}](${imageTarget(block.source ?? '')})`;
    case 'footnote':
    case 'paragraph':
      return paragraph(block.text);
  }
}

function indentOf({ level = 1 }: Block): string {
  return '  '.repeat(Math.min(Math.max(level, 1), DEEPEST_INDENT) - 1);
}

function paragraph(text: string): string {
  return withoutFences(plain(text));
}

function oneLine(text: string): string {
  return plain(text.replaceAll(/\s*\n\s*/g, ' '));
}

/** Tags, character references, and the ends of labels that a target or a definition follows. */
const MARKUP = /<(?=[a-z/!?])|&(?=#?\w{1,40};)|\](?=[([:])/iy;

/**
 * Text that renders as itself where it could become a tag, a link or a picture. A backslash in front of
 * such a place would undo the escape, and at the end one of what follows: both are doubled.
 */
function plain(text: string): string {
  return text.replaceAll(/\\+|[<&\]]/g, (found, at: number) => {
    const isBackslashes = found.startsWith('\\');
    const place = isBackslashes ? at + found.length : at;
    MARKUP.lastIndex = place;
    if (isBackslashes) return place === text.length || MARKUP.test(text) ? found + found : found;
    return MARKUP.test(text) ? `\\${found}` : found;
  });
}

/** A fence that is opened here would end where the next block of code begins, and set its content free. */
function withoutFences(text: string): string {
  return text.replaceAll(/^[ \t]*(?:`{3,}|~{3,})/gm, (fence) => fence.replaceAll(/[`~]/g, String.raw`\$&`));
}

function fenced(text: string, language: string): string {
  let longest = 2;
  for (const [run] of text.matchAll(/`{3,}/g)) longest = Math.max(longest, run.length);
  const fence = '`'.repeat(longest + 1);
  return `${fence}${CODE_LANGUAGE.test(language) ? language : ''}\n${text}\n${fence}`;
}

/** Only the header is filled up to the full width: a single long row must not make all others as long. */
function tableMarkdown(rows: readonly (readonly string[])[]): string {
  let width = 1;
  for (const row of rows) width = Math.max(width, row.length);
  const [header = [], ...body] = rows;
  const full = Array.from({ length: width }, (_, column) => header[column] ?? '');
  return [rowMarkdown(full), `|${' --- |'.repeat(width)}`, ...body.map(rowMarkdown)].join('\n');
}

function rowMarkdown(cells: readonly string[]): string {
  return `| ${cells.map((cell) => oneLine(cell).replaceAll('|', String.raw`\|`)).join(' | ')} |`;
}

/** Nothing for addresses that are neither of the web nor relative; no sign in it can end the target. */
function imageTarget(source: string): string {
  const address = source.replaceAll(/[\p{Cc}\s]/gu, '');
  const scheme = /^[a-z][a-z\d+.-]*(?=:)/i.exec(address)?.[0].toLowerCase() ?? 'https';
  if (scheme !== 'https' && scheme !== 'http') return '';
  return address
    .replaceAll(/[()<>[\]\\"'`]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll(/&(?=#?\w{1,40};)/g, '&amp;');
}
