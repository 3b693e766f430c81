/** What the description of a FictionBook says of the book and of this file. */
import { NO_METADATA, type ContentMetadata, type JsonObject, type Sourced } from '../../model.ts';
import { attributeOf, childElements, labelOf, type HtmlElement } from '../../parsing/html-tree.ts';
import { isbnOf, isDate, type BookMetadata } from '../book-metadata.ts';

const SOURCE = 'fb2';
/** Of elements of one name; books have some few. */
const MOST_ELEMENTS = 200;
const LABEL_LIMITS = { maxNodes: 500, maxLength: 1000 };
const DESCRIPTION_LIMITS = { maxNodes: 2000, maxLength: 10_000 };
const DAY_MONTH_YEAR = /^(\d{1,2})[./](\d{1,2})[./](\d{4})$/;

interface Person {
  readonly name: string;
  readonly fileAs: string | null;
}

export function fb2Metadata(root: HtmlElement): BookMetadata {
  const description = childOf(root, 'description');
  const book = childOf(description, 'title-info');
  const original = childOf(description, 'src-title-info');
  const file = childOf(description, 'document-info');
  const print = childOf(description, 'publish-info');
  const titles = [labelsOf(book, 'book-title'), labelsOf(original, 'book-title')].flat();
  const authors = peopleOf(book, 'author');
  const year = labelsOf(print, 'year').find(isDate);
  return {
    metadata: {
      ...NO_METADATA,
      title: sourced(titles[0]),
      authors: authors.length === 0 ? null : { value: authors.map(({ name }) => name), source: SOURCE },
      language: sourced(labelsOf(book, 'lang')[0]),
      publishedAt: sourced(year ?? dateOf(book)),
      modifiedAt: sourced(dateOf(file)),
      description: sourced(descriptionOf(book)),
    } satisfies ContentMetadata,
    details: {
      titles,
      creators: [
        ...authors.map((person) => ({ ...person, role: 'aut' })),
        ...peopleOf(book, 'translator').map((person) => ({ ...person, role: 'trl' })),
      ],
      publisher: labelsOf(print, 'publisher')[0] ?? null,
      languages: labelsOf(book, 'lang'),
      sourceLanguage: labelsOf(book, 'src-lang')[0] ?? null,
      writtenAt: dateOf(book) ?? null,
      subjects: subjectsOf(book),
      rights: null,
      ...identifiersOf(file, print),
      series: seriesOf(book) ?? seriesOf(print),
      cover: coverOf(root, book),
    },
  };
}

/** The id of the file is that of this edition of it; the ISBN is that of the printed book. */
function identifiersOf(file: HtmlElement | null, print: HtmlElement | null): JsonObject {
  const own = labelsOf(file, 'id').map((value) => ({ value, scheme: null, isbn: isbnOf(value) }));
  const printed = labelsOf(print, 'isbn')
    .flatMap((list) => list.split(/[,;]/))
    .map((value) => value.trim())
    .filter((value) => value !== '')
    .map((value) => ({ value, scheme: 'ISBN', isbn: isbnOf(value) }));
  const identifiers = [...own, ...printed];
  return {
    identifiers,
    uniqueIdentifier: own[0]?.value ?? null,
    isbn: identifiers.map(({ isbn }) => isbn).find((isbn) => isbn !== null) ?? null,
  };
}

function peopleOf(info: HtmlElement | null, role: string): readonly Person[] {
  const people = childrenOf(info, role)
    .map(personOf)
    .filter(({ name }) => name !== '');
  return [...new Map(people.map((person) => [person.name, person])).values()];
}

function personOf(person: HtmlElement): Person {
  const [first, middle, last, nickname] = ['first-name', 'middle-name', 'last-name', 'nickname'].map(
    (part) => labelsOf(person, part)[0] ?? '',
  ) as [string, string, string, string];
  const given = `${first} ${middle}`.trim();
  const name = `${given} ${last}`.trim();
  return {
    name: name === '' ? nickname : name,
    fileAs: given === '' || last === '' ? null : `${last}, ${given}`,
  };
}

/** Genres by their codes, then keywords. */
function subjectsOf(book: HtmlElement | null): readonly string[] {
  const keywords = labelsOf(book, 'keywords').flatMap((list) => list.split(/[,;]/));
  const subjects = [...labelsOf(book, 'genre'), ...keywords.map((word) => word.trim())];
  return [...new Set(subjects.filter((subject) => subject !== ''))];
}

/** The value that programs read, else what people do. */
function dateOf(info: HtmlElement | null): string | undefined {
  return childrenOf(info, 'date')
    .flatMap((date) => [attributeOf(date, 'value'), labelOf(date, LABEL_LIMITS)])
    .map(isoDate)
    .find(isDate);
}

function isoDate(date: string): string {
  const [, day = '', month = '', year = ''] = DAY_MONTH_YEAR.exec(date) ?? [];
  return year === '' ? date : `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

function descriptionOf(book: HtmlElement | null): string | undefined {
  const annotation = childOf(book, 'annotation');
  return annotation === null ? undefined : labelOf(annotation, DESCRIPTION_LIMITS) || undefined;
}

function seriesOf(info: HtmlElement | null): JsonObject | null {
  const sequence = childrenOf(info, 'sequence').find((element) => attributeOf(element, 'name') !== '');
  if (sequence === undefined) return null;
  const [name = '', position = ''] = ['name', 'number'].map((attribute) =>
    attributeOf(sequence, attribute).slice(0, LABEL_LIMITS.maxLength).toWellFormed(),
  );
  return { name, position: position || null };
}

/** The name and type of the picture; the picture itself is not read. */
function coverOf(root: HtmlElement, book: HtmlElement | null): JsonObject | null {
  const image = childrenOf(childOf(book, 'coverpage'), 'img')[0];
  const path = image === undefined ? '' : attributeOf(image, 'href').replace(/^#/, '');
  const binary = childElements(root, 'binary').find((element) => attributeOf(element, 'id') === path);
  if (path === '' || binary === undefined) return null;
  return { path, mediaType: attributeOf(binary, 'content-type') };
}

function childrenOf(element: HtmlElement | null, name: string): readonly HtmlElement[] {
  return element === null ? [] : childElements(element, name).slice(0, MOST_ELEMENTS);
}

function childOf(element: HtmlElement | null, name: string): HtmlElement | null {
  return childrenOf(element, name)[0] ?? null;
}

/** What is empty is not there. */
function labelsOf(element: HtmlElement | null, name: string): readonly string[] {
  return childrenOf(element, name)
    .map((child) => labelOf(child, LABEL_LIMITS))
    .filter((label) => label !== '');
}

function sourced(value: string | undefined): Sourced<string> | null {
  return value === undefined ? null : { value, source: SOURCE };
}
