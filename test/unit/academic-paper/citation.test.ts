import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bibtex, citationKey } from '../../../backbone/content/academic-paper/citation/bibtex.ts';
import {
  citationRecord,
  citedName,
  type CitedContent,
} from '../../../backbone/content/academic-paper/citation/citation-record.ts';
import { cslJson } from '../../../backbone/content/academic-paper/citation/csl-json.ts';
import { ris } from '../../../backbone/content/academic-paper/citation/ris.ts';

const ARTICLE: CitedContent = {
  title: 'The 100% lamp_\n& {light}',
  authors: ['Bo van Wick', 'Lens, Célia', 'Lamp Research and Oil Group'],
  published_at: '1899-05-03T10:00:00Z',
  language: 'en',
  url: 'https://example.org/lamps.pdf',
  type_metadata: {
    doi: '10.1000/oil_{1}',
    arxivId: null,
    venue: 'Lamps & Oil',
    paperUrl: 'https://doi.org/10.1000/oil_%7B1%7D',
    abstract: 'Costs $5 ~ #1^2 \\ more.',
  },
};
const PREPRINT: CitedContent = {
  title: null,
  authors: [],
  published_at: null,
  language: null,
  url: null,
  type_metadata: { arxivId: '1706.03762', abstract: ' ' },
};

describe('a citation', () => {
  test('in BibTeX has what TeX would read as its own escaped', () => {
    expect(bibtex(citationRecord(ARTICLE))).toBe(
      [
        '@article{vanwick1899100,',
        String.raw`  title = {{The 100\% lamp\_ \& \textbraceleft{}light\textbraceright{}}},`,
        '  author = {van Wick, Bo and Lens, Célia and {Lamp Research and Oil Group}},',
        String.raw`  journal = {Lamps \& Oil},`,
        '  year = {1899},',
        '  month = {5},',
        '  day = {3},',
        '  doi = {10.1000/oil_%7B1%7D},',
        '  url = {https://doi.org/10.1000/oil_%7B1%7D},',
        '  langid = {en},',
        String.raw`  abstract = {Costs \$5 \textasciitilde{} \#1\textasciicircum{}2 \textbackslash{} more.}`,
        '}\n',
      ].join('\n'),
    );
  });

  test('in RIS has one field a line', () => {
    expect(ris(citationRecord(ARTICLE)).split('\r\n')).toEqual([
      'TY  - JOUR',
      'TI  - The 100% lamp_ & {light}',
      'AU  - van Wick, Bo',
      'AU  - Lens, Célia',
      'AU  - Lamp Research and Oil Group',
      'PY  - 1899',
      'DA  - 1899/05/03/',
      'JO  - Lamps & Oil',
      'DO  - 10.1000/oil_{1}',
      'UR  - https://doi.org/10.1000/oil_%7B1%7D',
      'LA  - en',
      String.raw`AB  - Costs $5 ~ #1^2 \ more.`,
      'ER  - ',
      '',
    ]);
  });

  test('in CSL-JSON is a list of one item', () => {
    expect(JSON.parse(cslJson(citationRecord(ARTICLE)))).toEqual([
      {
        id: 'vanwick1899100',
        type: 'article-journal',
        title: 'The 100% lamp_ & {light}',
        author: [
          { family: 'van Wick', given: 'Bo' },
          { family: 'Lens', given: 'Célia' },
          { literal: 'Lamp Research and Oil Group' },
        ],
        issued: { 'date-parts': [[1899, 5, 3]] },
        'container-title': 'Lamps & Oil',
        DOI: '10.1000/oil_{1}',
        URL: 'https://doi.org/10.1000/oil_%7B1%7D',
        language: 'en',
        abstract: 'Costs $5 ~ #1^2 \\ more.',
      },
    ]);
  });

  test('of a preprint that is known by its number alone has no more than that', () => {
    const record = citationRecord(PREPRINT);
    expect(bibtex(record)).toBe(
      '@misc{untitled,\n  title = {{Untitled}},\n  eprint = {1706.03762},\n  archiveprefix = {arXiv}\n}\n',
    );
    expect(ris(record)).toBe('TY  - UNPB\r\nTI  - Untitled\r\nAN  - arXiv:1706.03762\r\nER  - \r\n');
    expect(JSON.parse(cslJson(record))).toEqual([
      { id: 'untitled', type: 'article', title: 'Untitled', number: 'arXiv:1706.03762' },
    ]);
  });

  test('knows a date as far as it goes', () => {
    const record = citationRecord({ ...ARTICLE, published_at: '1899' });
    expect(record.date).toEqual([1899]);
    expect(ris(record)).toContain('DA  - 1899///\r\n');
    expect(citationRecord({ ...ARTICLE, published_at: '1899-05' }).date).toEqual([1899, 5]);
  });

  test('stays whole whatever stands in it: braces match, and no field begins a line of its own', () => {
    const any = fc.string({
      unit: fc.constantFrom('{', '}', '\\', '\n', '\r', ' ', 'a', 'and', 'ER  - ', '%', '@', ','),
    });
    fc.assert(
      fc.property(any, any, any, (title, name, venue) => {
        const record = citationRecord({
          ...ARTICLE,
          title,
          authors: [name],
          type_metadata: { venue, doi: venue },
        });
        let depth = 0;
        for (const sign of bibtex(record).trimEnd().slice(0, -1)) {
          depth += sign === '{' ? 1 : sign === '}' ? -1 : 0;
          expect(depth).toBeGreaterThanOrEqual(0);
        }
        expect(depth).toBe(1);
        expect(ris(record).match(/^ER {2}-/gm)).toHaveLength(1);
      }),
    );
  });
});

describe('names', () => {
  test.each([
    ['Ada Keeper', { family: 'Keeper', given: 'Ada' }],
    ['Ludwig van der Lamp', { family: 'van der Lamp', given: 'Ludwig' }],
    ['de Lamp', { family: 'Lamp', given: 'de' }],
    ['Aristotle', { literal: 'Aristotle' }],
    ['R Core Team', { literal: 'R Core Team' }],
  ])('%s', (name, parts) => {
    expect(citedName(name)).toEqual(parts);
  });

  test('in keys are plain letters, and a paper without any has a key', () => {
    const key = (title: string, authors: readonly string[]): string =>
      citationKey(citationRecord({ ...PREPRINT, title, authors }));
    expect(key('The Öl', ['Célia Über'])).toBe('uberol');
    expect(key('光', [])).toBe('paper');
    expect(key('Of the', ['Aristotle'])).toBe('aristotle');
  });
});
