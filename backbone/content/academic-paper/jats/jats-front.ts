/** What the front of a JATS article says of it. Pure. */
import { elementAt, elementsOf, type XmlElement } from '../../parsing/xml.ts';
import { parseArxivId } from '../arxiv-id.ts';
import { normalizeDoi } from '../doi.ts';
import { idOfDoi, type ScholarlyId } from '../scholarly-ids.ts';
import type { RecordAuthor } from '../services/paper-record.ts';
import { distinct, isoDate, MOST_AUTHORS, MOST_SUBJECTS, orcidOf } from '../services/record-text.ts';
import { descendantsOf, lineOf } from './jats-text.ts';

export interface JatsFront {
  readonly id: ScholarlyId | null;
  readonly title: string | null;
  readonly authors: readonly RecordAuthor[];
  readonly affiliations: readonly string[];
  readonly venue: string | null;
  /** ISO 8601: of the earliest publication. */
  readonly publishedAt: string | null;
  /** The one that is neither a picture nor for the public, as an element. */
  readonly abstract: XmlElement | null;
  readonly keywords: readonly string[];
}

const MOST_AFFILIATIONS = 200;
/** Children of an affiliation that are marks, ids or addresses of mail. */
const NOT_OF_A_PLACE = new Set(['label', 'sup', 'institution-id', 'email', 'ext-link', 'uri', 'object-id']);

export function readFront(article: XmlElement): JatsFront {
  const front = elementAt(article, 'front') ?? article;
  const meta = elementAt(front, 'article-meta') ?? elementAt(article, 'front-stub') ?? front;
  const places = placesById(meta);
  const journal = elementAt(front, 'journal-meta');
  const title = elementAt(meta, 'title-group', 'article-title');
  return {
    id: idOf(meta),
    title: textOrNull(title),
    authors: authorsOf(meta, places),
    affiliations: distinct([...places.values()], MOST_AFFILIATIONS),
    venue: textOrNull(
      journal &&
        (elementAt(journal, 'journal-title-group', 'journal-title') ?? elementAt(journal, 'journal-title')),
    ),
    publishedAt: dateOf(meta),
    abstract: elementsOf(meta, 'abstract').find((abstract) => !isSideAbstract(abstract)) ?? null,
    keywords: distinct(
      elementsOf(meta, 'kwd-group').flatMap((group) => descendantsOf(group, 'kwd').map(textOrNull)),
      MOST_SUBJECTS,
    ),
  };
}

/** `Given Surname`, or the name of a team, or how the source writes it. */
export function nameOf(element: XmlElement): string | null {
  const name =
    element.name === 'name'
      ? element
      : (elementAt(element, 'name-alternatives', 'name') ?? elementAt(element, 'name'));
  if (name === null) return textOrNull(elementAt(element, 'collab') ?? elementAt(element, 'string-name'));
  const parts = ['given-names', 'prefix', 'surname', 'suffix'].map((part) =>
    textOrNull(elementAt(name, part)),
  );
  return parts.filter(Boolean).join(' ') || null;
}

/** Graphical, short, for the press, or in other words. */
function isSideAbstract(abstract: XmlElement): boolean {
  return /graphical|teaser|toc|key-points|summary|plain|video|precis/.test(
    abstract.attributes.get('abstract-type') ?? '',
  );
}

function idOf(meta: XmlElement): ScholarlyId | null {
  const ids = elementsOf(meta, 'article-id');
  const of = (...types: readonly string[]): string =>
    lineIn(ids.find((id) => types.includes(id.attributes.get('pub-id-type') ?? '')));
  const doi = normalizeDoi(of('doi'));
  if (doi !== null) return idOfDoi(doi);
  const arxiv = parseArxivId(of('arxiv'));
  if (arxiv !== null) return { kind: 'arxiv', id: arxiv.id };
  const pmcid = /^(?:PMC)?(\d{1,9})$/i.exec(of('pmcid', 'pmc'))?.[1];
  if (pmcid !== undefined) return { kind: 'pmcid', id: `PMC${pmcid}` };
  const pmid = /^\d{1,9}$/.exec(of('pmid'))?.[0];
  return pmid === undefined ? null : { kind: 'pmid', id: pmid };
}

function placesById(meta: XmlElement): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [index, place] of descendantsOf(meta, 'aff').slice(0, MOST_AFFILIATIONS).entries()) {
    const name = placeName(place);
    if (name !== '') found.set(place.attributes.get('id') ?? `#${index}`, name);
  }
  return found;
}

function authorsOf(meta: XmlElement, places: ReadonlyMap<string, string>): readonly RecordAuthor[] {
  const people = elementsOf(meta, 'contrib-group')
    .flatMap((group) => elementsOf(group, 'contrib'))
    .filter((person) => (person.attributes.get('contrib-type') ?? 'author') === 'author');
  return people.slice(0, MOST_AUTHORS).flatMap((person) => {
    const name = nameOf(person);
    if (name === null) return [];
    const ids = elementsOf(person, 'contrib-id').filter(
      (id) => id.attributes.get('contrib-id-type') === 'orcid',
    );
    const marks = elementsOf(person, 'xref')
      .filter((mark) => mark.attributes.get('ref-type') === 'aff')
      .flatMap((mark) => (mark.attributes.get('rid') ?? '').split(/\s+/));
    const own = elementsOf(person, 'aff').map(placeName);
    const named = [...own, ...marks.map((id) => places.get(id) ?? '')].filter((place) => place !== '');
    return [{ name, orcid: orcidOf(lineIn(ids[0])), affiliations: distinct(named, 20) }];
  });
}

function placeName(place: XmlElement): string {
  const without = (element: XmlElement): XmlElement => ({
    ...element,
    children: element.children
      .filter((child) => typeof child === 'string' || !NOT_OF_A_PLACE.has(child.name))
      .map((child) => (typeof child === 'string' ? child : without(child))),
  });
  return lineOf(without(place))
    .replaceAll(/\s+(?=[,;])/g, '')
    .replaceAll(/^[\s,;]{1,10}|[\s,;]{1,10}$/g, '')
    .slice(0, 1000)
    .toWellFormed();
}

/** Of a printed issue's date and the day it was first on line, the earlier one. */
function dateOf(meta: XmlElement): string | null {
  const dates = elementsOf(meta, 'pub-date').flatMap((date) => {
    const parts = ['year', 'month', 'day'].map((part) => {
      const text = lineIn(elementAt(date, part) ?? undefined);
      return /^\d{1,4}$/.test(text) ? Number(text) : null;
    });
    return isoDate(parts) ?? [];
  });
  // Padded, so that a shorter date counts as the end of its month or year.
  const late = (date: string): string => date.padEnd(10, '~');
  return dates.sort((one, other) => (late(one) < late(other) ? -1 : 1))[0] ?? null;
}

function textOrNull(element: XmlElement | null): string | null {
  const text = element === null ? '' : lineOf(element).slice(0, 2000).toWellFormed();
  return text === '' ? null : text;
}

function lineIn(element: XmlElement | undefined): string {
  return element === undefined ? '' : lineOf(element);
}
