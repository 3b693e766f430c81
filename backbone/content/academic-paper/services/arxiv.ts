/** arXiv's own records, in Atom. https://info.arxiv.org/help/api/user-manual.html */
import { elementAt, elementsOf, readXml, textOf, type XmlElement } from '../../parsing/xml.ts';
import { parseArxivId } from '../arxiv-id.ts';
import { normalizeDoi } from '../doi.ts';
import { NO_RECORD, type ScholarService } from './paper-record.ts';
import { datePart, distinct, MOST_AUTHORS, MOST_SUBJECTS, plainAbstract, plainLine } from './record-text.ts';

const OPTIONS = {
  namespaces: { 'http://www.w3.org/2005/Atom': 'a', 'http://arxiv.org/schemas/atom': 'arxiv' },
  maxNodes: 50_000,
  maxDepth: 32,
};

export const arxiv: ScholarService = {
  name: 'arxiv',
  label: 'arXiv',
  baseUrl: 'https://export.arxiv.org',
  // Its terms of use: one request in three seconds.
  delayMs: 3000,
  path: ({ arxivId }) =>
    arxivId === null ? null : `api/query?id_list=${encodeURIComponent(arxivId)}&max_results=1`,
  read: (body) => {
    const feed = readXml(Buffer.from(body, 'utf8'), OPTIONS);
    if (feed.name !== 'a:feed') throw new Error(`The answer is no feed but ${feed.name.slice(0, 40)}`);
    const entry = elementAt(feed, 'a:entry');
    const id = parseArxivId(lineIn(entry, 'a:id')?.replace(/^https?:\/\/arxiv\.org\/abs\//, '') ?? '');
    // An unknown id gives no entry, a malformed one an entry that tells of an error.
    if (entry === null || id === null) return null;
    return {
      ...NO_RECORD,
      arxivId: id.id,
      doi: normalizeDoi(lineIn(entry, 'arxiv:doi') ?? ''),
      title: lineIn(entry, 'a:title'),
      authors: elementsOf(entry, 'a:author')
        .slice(0, MOST_AUTHORS)
        .flatMap((author) => {
          const name = lineIn(author, 'a:name');
          const affiliations = elementsOf(author, 'arxiv:affiliation').map((place) =>
            plainLine(textOf(place)),
          );
          return name === null ? [] : [{ name, orcid: null, affiliations: distinct(affiliations, 20) }];
        }),
      publishedAt: datePart(lineIn(entry, 'a:published')),
      abstract: plainAbstract(textIn(entry, 'a:summary')),
      subjects: distinct(
        elementsOf(entry, 'a:category').map((category) => plainLine(category.attributes.get('term'))),
        MOST_SUBJECTS,
      ),
    };
  },
};

function lineIn(element: XmlElement | null, name: string): string | null {
  return plainLine(textIn(element, name));
}

/** Formulas hold `<` that begin no tag. */
function textIn(element: XmlElement | null, name: string): string | null {
  const child = element === null ? null : elementAt(element, name);
  return child === null ? null : textOf(child).replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
