import { describe, expect, test } from '@jest/globals';
import {
  affiliationsOf,
  bylineAuthors,
  ownId,
} from '../../../backbone/content/academic-paper/front-matter.ts';
import { readPaper } from '../../../backbone/content/academic-paper/paper-reader.ts';
import { heading, paragraph, pdfOf } from './blocks.ts';

const PAPER = [
  heading('How lamps were lit'),
  paragraph('Ada Keeper1,2*, Bo van Wick 2 and Célia O’Lens†'),
  paragraph('1 Institute of Lamps, Harbour 2 University of the Sea'),
  paragraph('doi: 10.1000/lamps'),
  heading('Abstract'),
  paragraph('Lamps are lit by hand.'),
  heading('Introduction'),
  paragraph('Once there was oil.'),
  heading('References', 2),
  paragraph('Wick, B. (1899). Oil. Journal of Lamps, 2, 3. https://doi.org/10.1000/oil', 2),
  paragraph('Lens, C. (1901). Glass. arXiv:1706.03762. No link.', 2),
];

describe('a paper', () => {
  test('has its text without front matter and references, and both as metadata', () => {
    const { extraction } = readPaper(pdfOf(PAPER, [{ url: 'https://example.org/', text: 'x' }]), null);
    expect(extraction.blocks.map(({ text }) => text)).toEqual([
      'Lamps are lit by hand.',
      'Introduction',
      'Once there was oil.',
    ]);
    expect(extraction.metadata.authors).toEqual({
      value: ['Ada Keeper', 'Bo van Wick', 'Célia O’Lens'],
      source: 'pdf-byline',
    });
    expect(extraction.metadata.description).toEqual({
      value: 'Lamps are lit by hand.',
      source: 'pdf-abstract',
    });
    expect(extraction.typeMetadata).toMatchObject({
      pages: 9,
      doi: '10.1000/lamps',
      arxivId: null,
      paperUrl: 'https://doi.org/10.1000/lamps',
      abstract: 'Lamps are lit by hand.',
      affiliations: ['Institute of Lamps, Harbour', 'University of the Sea'],
      sections: [{ role: 'abstract' }, { role: 'introduction' }, { role: 'references', page: 2 }],
      references: [
        {
          authors: ['Wick, B.'],
          title: 'Oil',
          venue: 'Journal of Lamps',
          year: 1899,
          doi: '10.1000/oil',
          arxivId: null,
        },
        { title: 'Glass', doi: null, arxivId: '1706.03762' },
      ],
    });
    expect(extraction.links).toEqual([
      { url: 'https://doi.org/10.1000/oil', text: 'Oil' },
      { url: 'https://arxiv.org/abs/1706.03762', text: 'Glass' },
      { url: 'https://example.org/', text: 'x' },
    ]);
  });

  test('keeps the id by which it was asked for', () => {
    const { extraction } = readPaper(pdfOf(PAPER), { kind: 'arxiv', id: '1706.03762' });
    expect(extraction.typeMetadata).toMatchObject({ doi: null, arxivId: '1706.03762' });
  });

  test('without parts is all text', () => {
    const { extraction } = readPaper(pdfOf([paragraph('A lamp.')]), null);
    expect(extraction.blocks.map(({ text }) => text)).toEqual(['A lamp.']);
    expect(extraction.typeMetadata).toMatchObject({ doi: null, abstract: null, references: [] });
    expect(extraction.metadata).toMatchObject({ authors: null, description: null });
  });

  test('cites by what is printed where no title could be told', () => {
    const blocks = [heading('Lamps'), heading('References'), paragraph('B. Wick. doi:10.1000/oil')];
    expect(readPaper(pdfOf(blocks), null).extraction.links).toEqual([
      { url: 'https://doi.org/10.1000/oil', text: 'B. Wick. doi:10.1000/oil' },
    ]);
  });
});

describe('front matter', () => {
  test.each([
    ['Ada Keeper', ['Ada Keeper']],
    ['A. B. Keeper∗, C. Lens', ['A. B. Keeper', 'C. Lens']],
    ['Institute of Lamps', []],
    ['lamps and oil', []],
    ['', []],
    ['x '.repeat(11_000), []],
  ])('%.20s names %j', (text, names) => {
    expect(bylineAuthors([paragraph(text)])).toEqual(names);
  });

  test('has the id in its lines or in the stamp of arXiv', () => {
    const stamp = paragraph('arXiv:1706.03762v5 [cs.CL] 2 Aug 2023');
    expect(ownId([], [paragraph('Text'), stamp])).toEqual({ kind: 'arxiv', id: '1706.03762' });
    expect(ownId([paragraph('https://doi.org/10.48550/arXiv.1706.03762')], [])).toEqual({
      kind: 'arxiv',
      id: '1706.03762',
    });
    expect(ownId([], [paragraph('As in arXiv:1706.03762 [1]')])).toBeNull();
    expect(ownId([], [])).toBeNull();
  });

  test('has institutions once each', () => {
    expect(
      affiliationsOf([
        paragraph('University of the Sea'),
        paragraph('University of the Sea'),
        heading('Institute'),
      ]),
    ).toEqual(['University of the Sea']);
  });
});
