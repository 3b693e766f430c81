/** What the header of a Kindle book and its block EXTH say of the book. Pure. */
import { NO_METADATA, type Sourced } from '../../model.ts';
import { labelOf, parseHtml } from '../../parsing/html-tree.ts';
import { isbnOf, isDate, type BookMetadata } from '../book-metadata.ts';
import { tidy } from '../xml-names.ts';
import { languageOf } from './languages.ts';
import type { MobiHeader } from './mobi-header.ts';

const SOURCE = 'exth';
const EXTH = {
  author: 100,
  publisher: 101,
  description: 103,
  isbn: 104,
  subject: 105,
  published: 106,
  contributor: 108,
  rights: 109,
  asin: 113,
  title: 503,
  language: 524,
} as const;
const DESCRIPTION_LIMITS = { maxNodes: 2000, maxLength: 10_000 };

export function mobiMetadata(header: MobiHeader): BookMetadata {
  const texts = (name: keyof typeof EXTH): readonly string[] => header.exth.texts(EXTH[name]).map(plain);
  const authors = texts('author');
  const identifiers = texts('isbn').map((value) => ({ value, scheme: 'ISBN', isbn: isbnOf(value) }));
  const languages = texts('language');
  return {
    metadata: {
      ...NO_METADATA,
      title: sourced(texts('title')[0] ?? tidy(header.title)),
      authors: authors.length === 0 ? null : { value: authors, source: SOURCE },
      language: sourced(languages[0] ?? languageOf(header.languageCode) ?? ''),
      publishedAt: sourced(dateOf(texts('published')[0]) ?? ''),
      description: sourced(descriptionOf(header)),
    },
    details: {
      mobiVersion: header.version,
      titles: [...texts('title'), tidy(header.title)].filter(
        (title, at, all) => title !== '' && all.indexOf(title) === at,
      ),
      creators: [
        ...authors.map((name) => ({ name, role: 'aut', fileAs: null })),
        ...texts('contributor').map((name) => ({ name, role: null, fileAs: null })),
      ],
      publisher: texts('publisher')[0] ?? null,
      languages,
      subjects: texts('subject'),
      rights: texts('rights')[0] ?? null,
      identifiers: [...identifiers, ...texts('asin').map((value) => ({ value, scheme: 'ASIN', isbn: null }))],
      isbn: identifiers.map(({ isbn }) => isbn).find((isbn) => isbn !== null) ?? null,
    },
  };
}

function sourced(value: string): Sourced<string> | null {
  return value === '' ? null : { value, source: SOURCE };
}

/** Programs write times with fractions and zones, and half of one at times: the day is what counts. */
function dateOf(value: string | undefined): string | null {
  const date = value === undefined ? undefined : /^\d{4}(?:-\d{2}(?:-\d{2})?)?/.exec(value)?.[0];
  return date !== undefined && isDate(date) ? date : null;
}

function plain(text: string): string {
  return textIn(text, { maxNodes: 100, maxLength: 1000 });
}

function descriptionOf({ exth }: MobiHeader): string {
  return textIn(exth.texts(EXTH.description)[0] ?? '', DESCRIPTION_LIMITS);
}

/** Values hold references and tags at times. */
function textIn(markup: string, limits: { readonly maxNodes: number; readonly maxLength: number }): string {
  const body = parseHtml(markup)('body')[0];
  return body === undefined ? '' : labelOf(body, limits);
}
