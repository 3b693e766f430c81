/** The list of references of a JATS article. Pure. */
import { elementAt, elementsOf, type XmlElement } from '../../parsing/xml.ts';
import { parseArxivId } from '../arxiv-id.ts';
import { normalizeDoi } from '../doi.ts';
import type { Reference } from '../paper.ts';
import { referenceFields } from '../references/reference-fields.ts';
import { LinkedDois, referenceIds } from '../references/reference-ids.ts';
import { idOfDoi } from '../scholarly-ids.ts';
import { nameOf } from './jats-front.ts';
import { descendantsOf, lineOf } from './jats-text.ts';

const MOST_REFERENCES = 2000;
const MOST_AUTHORS = 200;
const MAX_LENGTH = 4000;
const CITATIONS = ['element-citation', 'mixed-citation', 'nlm-citation', 'citation'];
const NO_LINKS = new LinkedDois([]);

/** Fields that are tagged are taken, those that are not are read from the text. */
export function readReferences(article: XmlElement): readonly Reference[] {
  return descendantsOf(article, 'ref').slice(0, MOST_REFERENCES).flatMap(referenceOf);
}

function referenceOf(ref: XmlElement): Reference[] {
  const all = elementsOf(ref).flatMap((child) =>
    child.name === 'citation-alternatives' ? elementsOf(child) : [child],
  );
  const citation = CITATIONS.flatMap((name) => all.filter((child) => child.name === name))[0];
  if (citation === undefined) return [];
  const printed = all.find(({ name }) => name === 'mixed-citation');
  const text = (printed === undefined ? composed(citation) : lineOf(printed))
    .slice(0, MAX_LENGTH)
    .toWellFormed();
  if (text === '') return [];
  const label = elementAt(ref, 'label') ?? elementAt(citation, 'label');
  return [
    {
      label: label === null ? null : lineOf(label).replaceAll(/^[[(]|[\]).]{1,2}$/g, ''),
      text,
      ...fieldsOf(citation, text),
      ...idsOf(citation, text),
    },
  ];
}

function fieldsOf(
  citation: XmlElement,
  text: string,
): Pick<Reference, 'authors' | 'title' | 'venue' | 'year'> {
  const read = referenceFields(text);
  const source = lineAt(citation, 'source');
  const title =
    lineAt(citation, 'article-title') ?? lineAt(citation, 'chapter-title') ?? lineAt(citation, 'part-title');
  const year = /\d{4}/.exec(lineAt(citation, 'year') ?? '')?.[0];
  const authors = authorsOf(citation);
  const isArticle = /journal|confproc|preprint/.test(citation.attributes.get('publication-type') ?? '');
  return {
    authors: authors.length > 0 ? authors : read.authors,
    // The source of an article is its journal, and a book has no title but that.
    title: title ?? (isArticle ? null : source) ?? read.title,
    venue: isArticle || title !== null ? (source ?? read.venue) : null,
    year: year === undefined ? read.year : Number(year),
  };
}

function authorsOf(citation: XmlElement): readonly string[] {
  const groups = elementsOf(citation, 'person-group');
  const group =
    groups.find((one) => (one.attributes.get('person-group-type') ?? 'author') === 'author') ?? groups[0];
  const people = elementsOf(group ?? citation).filter(({ name }) =>
    /^(?:name|string-name|collab)$/.test(name),
  );
  const names = people.map((person) => (person.name === 'name' ? nameOf(person) : lineOf(person)));
  return names.filter((name) => name !== null && name !== '').slice(0, MOST_AUTHORS) as string[];
}

/** Tagged ids are certain; the text and its links may hold others. */
function idsOf(citation: XmlElement, text: string): Pick<Reference, 'doi' | 'arxivId'> {
  const tagged = elementsOf(citation, 'pub-id');
  const of = (type: string): string => {
    const id = tagged.find((one) => one.attributes.get('pub-id-type') === type);
    return id === undefined ? '' : lineOf(id);
  };
  const links = [...descendantsOf(citation, 'ext-link'), ...descendantsOf(citation, 'uri')]
    .map((link) => link.attributes.get('xlink:href') ?? lineOf(link))
    .filter((url) => /^(?:https?:\/\/(?:dx\.)?(?:doi|arxiv)\.org\/|10\.\d{4})/i.test(url));
  const known = normalizeDoi(of('doi'));
  const id = known === null ? null : idOfDoi(known);
  const found = referenceIds([text, ...links].join(' '), NO_LINKS);
  return {
    doi: id?.kind === 'doi' ? id.id : found.doi,
    arxivId: (id?.kind === 'arxiv' ? id.id : parseArxivId(of('arxiv'))?.id) ?? found.arxivId,
  };
}

/** Elements without punctuation, as people write it. */
function composed(citation: XmlElement): string {
  const parts = elementsOf(citation)
    .filter(({ name }) => name !== 'label')
    .map((part) =>
      part.name === 'person-group'
        ? elementsOf(part)
            .map((one) => nameOf(one) ?? lineOf(one))
            .join(', ')
        : lineOf(part),
    );
  return parts.filter((part) => part !== '').join('. ');
}

function lineAt(citation: XmlElement, name: string): string | null {
  const element = elementAt(citation, name);
  const line = element === null ? '' : lineOf(element).replace(/[.,;]$/, '');
  return line === '' ? null : line;
}
