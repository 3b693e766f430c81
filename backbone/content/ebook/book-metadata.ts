/** What the package document says of the book: Dublin Core with the refinements of EPUB 2 and of EPUB 3. */
import { NO_METADATA, type ContentMetadata, type JsonObject, type Sourced } from '../model.ts';
import type { XmlElement } from '../parsing/xml.ts';
import { publicationInstant } from '../publication-instant.ts';
import type { PackageDocument } from './package-document.ts';
import { allChildren, attribute, childOf, labelIn, localName, tidy } from './xml-names.ts';

const SOURCE = 'opf';
/** Elements that are read; books have some dozens. */
const MOST_ELEMENTS = 1000;
const DATE = /^\d{4}(?:-\d{2}(?:-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})?)?)?)?$/;

export interface BookMetadata {
  readonly metadata: ContentMetadata;
  readonly details: JsonObject;
}

/** A Dublin Core element with its refinements by property. */
interface Fact {
  readonly name: string;
  readonly value: string;
  readonly element: XmlElement;
  readonly refinements: ReadonlyMap<string, string>;
}

export function bookMetadata(book: PackageDocument): BookMetadata {
  const elements = elementsIn(book.metadata).slice(0, MOST_ELEMENTS);
  const metas = elements.filter(({ name }) => localName(name) === 'meta');
  const facts = factsOf(elements, metas);
  const named = (name: string): readonly Fact[] => facts.filter((fact) => fact.name === name);
  const titles = inDisplayOrder(named('title'));
  const title = titles.find((fact) => fact.refinements.get('title-type') === 'main') ?? titles[0];
  const authors = inDisplayOrder(named('creator')).filter(isAuthor);
  const identifiers = named('identifier').map(identifierOf);
  return {
    metadata: {
      ...NO_METADATA,
      title: sourced(title?.value),
      authors: authors.length === 0 ? null : { value: authors.map(({ value }) => value), source: SOURCE },
      language: sourced(named('language')[0]?.value),
      publishedAt: sourced(publicationDate(named('date'))),
      modifiedAt: sourced(modificationDate(metas, named('date'))),
      description: sourced(named('description')[0]?.value),
    },
    details: {
      epubVersion: book.version,
      titles: titles.map(({ value }) => value),
      creators: [...named('creator'), ...named('contributor')].map(creatorOf),
      publisher: named('publisher')[0]?.value ?? null,
      languages: named('language').map(({ value }) => value),
      subjects: named('subject').map(({ value }) => value),
      rights: named('rights')[0]?.value ?? null,
      identifiers,
      uniqueIdentifier:
        named('identifier').find(({ element }) => attribute(element, 'id') === book.uniqueId)?.value ?? null,
      isbn: identifiers.map(({ isbn }) => isbn).find((isbn) => isbn !== null) ?? null,
      series: seriesOf(metas),
      cover: coverOf(book, metas),
    },
  };
}

/** EPUB 2 allows containers `dc-metadata` and `x-metadata` in between. */
function elementsIn(metadata: XmlElement | null): readonly XmlElement[] {
  const containers = ['dc-metadata', 'x-metadata'].map((name) => childOf(metadata, name));
  return [metadata, ...containers].flatMap(allChildren);
}

function factsOf(elements: readonly XmlElement[], metas: readonly XmlElement[]): readonly Fact[] {
  const refinements = new Map<string, Map<string, string>>();
  for (const meta of metas) {
    const target = attribute(meta, 'refines').replace(/^#/, '');
    const of = refinements.get(target) ?? new Map<string, string>();
    refinements.set(target, of.set(attribute(meta, 'property'), labelIn(meta)));
  }
  return elements.flatMap((element) => {
    const name = localName(element.name).toLowerCase();
    const value = labelIn(element);
    const id = attribute(element, 'id');
    if (value === '' || name === 'meta') return [];
    return [{ name, value, element, refinements: (id === '' ? null : refinements.get(id)) ?? new Map() }];
  });
}

function inDisplayOrder(facts: readonly Fact[]): readonly Fact[] {
  const order = ({ refinements }: Fact): number => {
    const given = Number.parseInt(refinements.get('display-seq') ?? '', 10);
    return Number.isNaN(given) ? Number.MAX_SAFE_INTEGER : given;
  };
  return [...facts].sort((a, b) => order(a) - order(b));
}

function roleOf({ element, refinements }: Fact): string | null {
  return refinements.get('role') ?? (attribute(element, 'role') || null);
}

/** A creator without a role is taken for an author. */
function isAuthor(fact: Fact): boolean {
  return ['aut', null].includes(roleOf(fact));
}

function creatorOf(fact: Fact): JsonObject {
  const fileAs = fact.refinements.get('file-as') ?? (attribute(fact.element, 'file-as') || null);
  return { name: fact.value, role: roleOf(fact), fileAs };
}

function identifierOf({ value, element, refinements }: Fact): {
  readonly value: string;
  readonly scheme: string | null;
  readonly isbn: string | null;
} {
  const scheme = attribute(element, 'scheme') || refinements.get('identifier-type') || null;
  return { value, scheme, isbn: isbnOf(value) };
}

/** ISBN-13 without hyphens, from either length; null when the check digit does not fit. */
export function isbnOf(identifier: string): string | null {
  const bare = identifier
    .replace(/^(?:urn:)?(?:isbn(?:-1[03])?)?[:\s]*/i, '')
    .replaceAll(/[\s\u2010-\u2015-]/g, '');
  if (/^97[89]\d{10}$/.test(bare)) return checkDigit13(bare.slice(0, 12)) === bare[12] ? bare : null;
  if (!/^\d{9}[\dX]$/i.test(bare)) return null;
  const sum = Array.from(bare).reduce(
    (total, digit, at) => total + (10 - at) * (/x/i.test(digit) ? 10 : Number(digit)),
    0,
  );
  const body = `978${bare.slice(0, 9)}`;
  return sum % 11 === 0 ? body + checkDigit13(body) : null;
}

function checkDigit13(digits: string): string {
  const sum = Array.from(digits).reduce(
    (total, digit, at) => total + Number(digit) * (at % 2 === 0 ? 1 : 3),
    0,
  );
  return `${(10 - (sum % 10)) % 10}`;
}

function publicationDate(dates: readonly Fact[]): string | undefined {
  const event = ({ element }: Fact): string => attribute(element, 'event').toLowerCase();
  const published = dates.filter((date) => ['publication', ''].includes(event(date)) && isDate(date.value));
  return (published.find((date) => event(date) === 'publication') ?? published[0])?.value;
}

function modificationDate(metas: readonly XmlElement[], dates: readonly Fact[]): string | undefined {
  const modified = metas
    .filter((meta) => attribute(meta, 'property') === 'dcterms:modified' && attribute(meta, 'refines') === '')
    .map(labelIn);
  const older = dates.filter(({ element }) => attribute(element, 'event') === 'modification');
  return [...modified, ...older.map(({ value }) => value)].find(isDate);
}

/** ISO 8601, as precise as the book says it, and a day that exists. */
export function isDate(value: string): boolean {
  return DATE.test(value) && publicationInstant(value) !== null;
}

/** A collection of EPUB 3, or what calibre writes into books of either version. */
function seriesOf(metas: readonly XmlElement[]): JsonObject | null {
  const collection = metas.find((meta) => attribute(meta, 'property') === 'belongs-to-collection');
  if (collection === undefined) return calibreSeries(metas);
  const id = attribute(collection, 'id');
  const position = metas.find(
    (meta) => attribute(meta, 'refines') === `#${id}` && attribute(meta, 'property') === 'group-position',
  );
  return { name: labelIn(collection), position: position === undefined ? null : labelIn(position) };
}

function calibreSeries(metas: readonly XmlElement[]): JsonObject | null {
  const name = namedMeta(metas, 'calibre:series');
  return name === '' ? null : { name, position: namedMeta(metas, 'calibre:series_index') || null };
}

function namedMeta(metas: readonly XmlElement[], name: string): string {
  return tidy(attribute(metas.find((meta) => attribute(meta, 'name') === name) ?? null, 'content'));
}

/** Path and type of the cover picture within the archive. */
function coverOf({ items }: PackageDocument, metas: readonly XmlElement[]): JsonObject | null {
  const id = namedMeta(metas, 'cover');
  const item =
    items.find(({ properties }) => properties.has('cover-image')) ??
    items.find((candidate) => id !== '' && candidate.id === id && candidate.mediaType.startsWith('image/'));
  return item === undefined ? null : { path: item.path, mediaType: item.mediaType };
}

function sourced(value: string | undefined): Sourced<string> | null {
  return value === undefined ? null : { value, source: SOURCE };
}
