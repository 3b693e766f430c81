import { PDFParse } from 'pdf-parse';
import type { ContentMetadata, JsonObject, JsonValue, Sourced } from '../../model.ts';
import { NO_METADATA, type Block } from '../../model.ts';
import type { StatedFacts } from './layout/layout.ts';
import { isoDate } from './pdf-dates.ts';
import { loadOptions } from './pdf-source.ts';

/** The Info dictionary and the XMP packet, as flat texts. */
export interface PdfFacts {
  readonly info: Readonly<Record<string, string | boolean>>;
  /** `dc:title` and the like; lists are joined by "; ". */
  readonly xmp: Readonly<Record<string, readonly string[]>>;
}

const MAX_VALUE_LETTERS = 2000;
const MAX_AUTHORS = 50;
const MAX_XMP_ENTRIES = 100;
/** Titles that programs put in by themselves. */
const PROGRAM_TITLE =
  /^(?:microsoft\s+(?:word|powerpoint|excel)\b|powerpoint presentation|untitled|unbenannt|sans titre|document\s*\d*$|slide\s*\d+$|print(?:ing)?\b|title$|no title|template)|\.(?:docx?|pptx?|xlsx?|odt|rtf|tex|dvi|indd|qxd|pdf|ps|txt|html?|pages|md)$|^[\w-]+\.[a-z]{2,4}$|^(?:[a-z]+:)?[\\/]/i;

/** Headings that name a part of any document, never the document. */
const SECTION_TITLE =
  /^(?:(?:table of )?contents|inhalt(?:sverzeichnis)?|abstract|zusammenfassung|summary|preface|vorwort|introduction)$/i;

/** Reads the Info dictionary and XMP with pdf-parse. */
export async function readFacts(bytes: Uint8Array): Promise<PdfFacts> {
  const parser = new PDFParse(loadOptions(bytes));
  try {
    const found = await parser.getInfo();
    return { info: textsOf(found.info), xmp: xmpOf(found.metadata) };
  } finally {
    await parser.destroy();
  }
}

/** Metadata for people: XMP first, then Info, then the largest heading of page 1 as the title. */
export function pdfMetadata(facts: PdfFacts, blocks: readonly Block[]): ContentMetadata {
  return {
    ...NO_METADATA,
    title: titleOf(facts, blocks),
    authors: authorsOf(facts),
    language:
      sourced(languageTag(infoText(facts, 'Language')), 'pdf-catalog') ??
      sourced(languageTag(facts.xmp['dc:language']?.[0]), 'xmp'),
    publishedAt: dated(facts, 'xmp:createdate', 'CreationDate'),
    modifiedAt: dated(facts, 'xmp:modifydate', 'ModDate'),
    description:
      sourced(facts.xmp['dc:description']?.[0], 'xmp') ?? sourced(infoText(facts, 'Subject'), 'pdf-info'),
  };
}

/** The facts of the file itself that are kept beside the shared metadata. */
export function pdfFileFacts(facts: PdfFacts): JsonObject {
  return {
    producer: infoText(facts, 'Producer') ?? null,
    creator: infoText(facts, 'Creator') ?? null,
    pdfVersion: infoText(facts, 'PDFFormatVersion') ?? null,
    encrypted: infoText(facts, 'EncryptFilterName') !== undefined,
    keywords: infoText(facts, 'Keywords') ?? null,
    createdAt: isoDate(infoText(facts, 'CreationDate') ?? ''),
    modifiedAt: isoDate(infoText(facts, 'ModDate') ?? ''),
  };
}

/** Whether a title was written by a person rather than put in by a program. */
export function looksLikeTitle(title: string): boolean {
  return /\p{L}{2}/u.test(title) && title.length <= 400 && !PROGRAM_TITLE.test(title);
}

/** Title and authors as the file states them, before its text is looked at. */
export function statedFacts(facts: PdfFacts): StatedFacts {
  return { title: titleOf(facts, [])?.value ?? null, authors: authorsOf(facts)?.value ?? [] };
}

function titleOf(facts: PdfFacts, blocks: readonly Block[]): Sourced<string> | null {
  const xmp = facts.xmp['dc:title']?.[0];
  if (xmp !== undefined && looksLikeTitle(xmp)) return { value: xmp, source: 'xmp' };
  const info = infoText(facts, 'Title');
  if (info !== undefined && looksLikeTitle(info)) return { value: info, source: 'pdf-info' };
  const headings = blocks.filter(
    ({ kind, locator, text }) => kind === 'heading' && locator.page === 1 && !SECTION_TITLE.test(text),
  );
  const [first, ...others] = headings;
  if (first === undefined) return null;
  const top = others.reduce((best, one) => ((one.level ?? 6) < (best.level ?? 6) ? one : best), first);
  return { value: top.text, source: 'pdf-heading' };
}

function authorsOf(facts: PdfFacts): Sourced<readonly string[]> | null {
  const listed = facts.xmp['dc:creator'] ?? [];
  if (listed.length > 1) return { value: listed.slice(0, MAX_AUTHORS), source: 'xmp' };
  const named = listed[0] ?? infoText(facts, 'Author');
  if (named === undefined) return null;
  const authors = named
    .split(/\s*;\s*|\s+(?:and|und|et|y)\s+/)
    .map((author) => author.trim())
    .filter((author) => /\p{L}/u.test(author));
  if (authors.length === 0) return null;
  return { value: authors.slice(0, MAX_AUTHORS), source: listed[0] === undefined ? 'pdf-info' : 'xmp' };
}

function dated(facts: PdfFacts, xmpKey: string, infoKey: string): Sourced<string> | null {
  const xmp = isoDate(facts.xmp[xmpKey]?.[0] ?? '');
  return (
    sourced(xmp ?? undefined, 'xmp') ??
    sourced(isoDate(infoText(facts, infoKey) ?? '') ?? undefined, 'pdf-info')
  );
}

function sourced(value: string | undefined, source: string): Sourced<string> | null {
  return value === undefined ? null : { value, source };
}

function languageTag(tag: string | undefined): string | undefined {
  return tag !== undefined && /^[a-z]{2,3}(?:-[a-z0-9]{1,8}){0,3}$/i.test(tag) ? tag : undefined;
}

function infoText(facts: PdfFacts, key: string): string | undefined {
  const value = facts.info[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function textsOf(info: unknown): PdfFacts['info'] {
  if (typeof info !== 'object' || info === null) return {};
  const texts: Record<string, string | boolean> = {};
  for (const [key, value] of Object.entries(info)) {
    if (typeof value === 'string') texts[key] = clean(value);
    else if (typeof value === 'boolean') texts[key] = value;
  }
  return texts;
}

function xmpOf(metadata: unknown): PdfFacts['xmp'] {
  const xmp: Record<string, readonly string[]> = {};
  if (typeof metadata !== 'object' || metadata === null || !(Symbol.iterator in metadata)) return xmp;
  let left = MAX_XMP_ENTRIES;
  for (const entry of metadata as Iterable<unknown>) {
    if (left-- <= 0) break;
    if (!Array.isArray(entry) || typeof entry[0] !== 'string') continue;
    const value = entry[1] as JsonValue | undefined;
    const values = (Array.isArray(value) ? value : [value]).flatMap((one) =>
      typeof one === 'string' && clean(one) !== '' ? [clean(one)] : [],
    );
    if (values.length > 0) xmp[entry[0].toLowerCase()] = values;
  }
  return xmp;
}

function clean(text: string): string {
  return text
    .slice(0, MAX_VALUE_LETTERS)
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim();
}
