/** The block of YAML between two lines of `---` at the beginning of a Markdown file. */
import { parse } from 'yaml';
import { NO_METADATA, type ContentMetadata, type JsonObject, type Sourced } from '../../model.ts';

export interface FrontMatter {
  readonly metadata: ContentMetadata;
  /** Fields of ours that have no place in the shared metadata. */
  readonly typeMetadata: JsonObject;
  /** The text without the block, as many blank lines in its place, so that line numbers stay true. */
  readonly body: string;
}

const SOURCE = 'front-matter';
const LONGEST_BLOCK = 64 * 1024;
const LONGEST_VALUE = 1000;

/** What cannot be read as YAML is left in the text. */
export function readFrontMatter(text: string): FrontMatter {
  const none: FrontMatter = { metadata: NO_METADATA, typeMetadata: {}, body: text };
  const head = text.slice(0, LONGEST_BLOCK);
  const end = head.startsWith('---\n') ? /\n(?:---|\.\.\.)[ \t]*(?:\n|$)/.exec(head.slice(3)) : null;
  if (end === null) return none;
  const length = 3 + end.index + end[0].length;
  const fields = fieldsOf(head.slice(4, 4 + end.index));
  if (fields === null) return none;
  return {
    metadata: metadataOf(fields),
    typeMetadata: { keywords: listOf(fields['tags'] ?? fields['keywords']) },
    body: '\n'.repeat(text.slice(0, length).split('\n').length - 1) + text.slice(length),
  };
}

function fieldsOf(yaml: string): Readonly<Record<string, unknown>> | null {
  try {
    // Dates stay text in the core schema; an alias could be used to blow the block up.
    const value: unknown = parse(yaml, { schema: 'core', maxAliasCount: 0, logLevel: 'silent' });
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}

function metadataOf(fields: Readonly<Record<string, unknown>>): ContentMetadata {
  const authors = listOf(fields['authors'] ?? fields['author']);
  return {
    ...NO_METADATA,
    title: sourced(textOf(fields['title'])),
    authors: sourced(authors.length === 0 ? null : authors),
    language: sourced(textOf(fields['lang'] ?? fields['language'])),
    publishedAt: sourced(dateOf(fields['date'] ?? fields['published'])),
    modifiedAt: sourced(dateOf(fields['updated'] ?? fields['modified'] ?? fields['lastmod'])),
    description: sourced(textOf(fields['description'] ?? fields['summary'])),
  };
}

/** A list, or one line with commas. An author may be an object with a name. */
function listOf(value: unknown): readonly string[] {
  const entries: readonly unknown[] = Array.isArray(value)
    ? value.slice(0, 100)
    : (textOf(value)?.split(',') ?? []);
  return entries
    .map((entry) => textOf(hasName(entry) ? entry.name : entry))
    .filter((entry) => entry !== null);
}

function hasName(value: unknown): value is { readonly name: unknown } {
  return typeof value === 'object' && value !== null && 'name' in value;
}

function textOf(value: unknown): string | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const text = String(value).replaceAll(/\s+/g, ' ').trim().slice(0, LONGEST_VALUE).toWellFormed();
  return text === '' ? null : text;
}

/** ISO 8601 dates, with a space for the T; a bare year is a date, too. */
function dateOf(value: unknown): string | null {
  const text = textOf(value)?.replace(/^(\d{4}-\d\d-\d\d) (?=\d)/, '$1T') ?? '';
  return /^\d{4}(?:-\d\d(?:-\d\d(?:T\S{1,30})?)?)?$/.test(text) && !Number.isNaN(Date.parse(text))
    ? text
    : null;
}

function sourced<T>(value: T | null): Sourced<T> | null {
  return value === null ? null : { value, source: SOURCE };
}
