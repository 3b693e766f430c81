/** What the program that saved an Office file noted about it. */
import { NO_METADATA, type ContentMetadata, type Sourced } from '../../model.ts';
import { elementAt, textOf, type XmlElement } from '../../parsing/xml.ts';
import type { OoxmlPackage } from './ooxml-package.ts';

const LONGEST_VALUE = 1000;
/** Titles that programs make up by themselves. */
const MADE_UP =
  /^(?:microsoft (?:word|powerpoint|excel) - .*|word document|document ?\d*|powerpoint presentation|presentation ?\d*|workbook|untitled.*|.*\.(?:docx?|rtf|dotx?|pptx?|xlsx?|od[tsp]))$/i;
const MADE_UP_AUTHORS = new Set([
  'python-docx',
  'openpyxl',
  'microsoft office user',
  'unknown',
  'user',
  'admin',
  'author',
]);

export interface FileProperties {
  readonly metadata: ContentMetadata;
  readonly facts: FileFacts;
}

/** `source` names the place in the metadata: `docx-core`. Errors: as `OoxmlPackage.part`. */
export async function readProperties(file: OoxmlPackage, source: string): Promise<FileProperties> {
  const relationships = await file.relationshipsOf('');
  const partOf = (type: string): Promise<XmlElement | null> =>
    file.part(relationships.find((relationship) => relationship.type === type)?.target ?? '');
  const core = await partOf('core-properties');
  return {
    metadata: coreMetadata(core, source),
    facts: fileFacts(core, await partOf('extended-properties')),
  };
}

/** `core` is the root of the core properties; null when the file has none. */
function coreMetadata(core: XmlElement | null, source: string): ContentMetadata {
  if (core === null) return NO_METADATA;
  const authors = (valueOf(core, 'dc:creator') ?? '')
    .split(';')
    .map((name) => name.trim())
    .filter((name) => name !== '' && !MADE_UP_AUTHORS.has(name.toLowerCase()));
  return {
    ...NO_METADATA,
    title: sourced(source, titleOf(core)),
    authors: sourced(source, authors.length === 0 ? null : authors),
    language: sourced(source, valueOf(core, 'dc:language')),
    publishedAt: sourced(source, dateOf(core, 'dcterms:created')),
    modifiedAt: sourced(source, dateOf(core, 'dcterms:modified')),
    description: sourced(source, valueOf(core, 'dc:description')),
  };
}

export interface FileFacts {
  readonly subject: string | null;
  readonly keywords: readonly string[];
  /** As the program counted that saved the file last. */
  readonly pages: number | null;
}

function fileFacts(core: XmlElement | null, extended: XmlElement | null): FileFacts {
  const keywords = core === null ? null : valueOf(core, 'cp:keywords');
  const pages = Number((extended === null ? null : valueOf(extended, 'ep:Pages')) ?? NaN);
  return {
    subject: core === null ? null : valueOf(core, 'dc:subject'),
    keywords: (keywords ?? '')
      .split(/[,;]/)
      .map((term) => term.trim())
      .filter((term) => term !== ''),
    pages: Number.isInteger(pages) && pages > 0 && pages <= 1_000_000 ? pages : null,
  };
}

/** The `dc:title`, unless a program made it up. */
export function titleOf(root: XmlElement): string | null {
  const title = valueOf(root, 'dc:title');
  return title === null || MADE_UP.test(title) ? null : title;
}

/** The text of a child element in one line; null when there is none. */
export function valueOf(root: XmlElement, name: string): string | null {
  const element = elementAt(root, name);
  const text = element === null ? '' : textOf(element).replaceAll(/\s+/g, ' ').trim().slice(0, LONGEST_VALUE);
  return text === '' ? null : text.toWellFormed();
}

/** Null when the child is no ISO 8601 date. */
export function dateOf(root: XmlElement, name: string): string | null {
  const text = valueOf(root, name) ?? '';
  const isDate = /^\d{4}(?:-\d\d(?:-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?)?)?$/.test(
    text,
  );
  return isDate && !Number.isNaN(Date.parse(text)) ? text : null;
}

export function sourced<T>(source: string, value: T | null): Sourced<T> | null {
  return value === null ? null : { value, source };
}
