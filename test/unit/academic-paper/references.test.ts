import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { referenceFields } from '../../../backbone/content/academic-paper/references/reference-fields.ts';
import {
  LinkedDois,
  referenceIds,
} from '../../../backbone/content/academic-paper/references/reference-ids.ts';
import { referenceItems } from '../../../backbone/content/academic-paper/references/reference-items.ts';
import { numbered, paragraph } from './blocks.ts';

const NONE = new LinkedDois([]);
const itemsOf = (...texts: readonly string[]): readonly string[] =>
  referenceItems(texts.map((text) => paragraph(text))).map(({ text }) => text);

describe('a list of references', () => {
  test('by number is cut at the numbers, wherever its paragraphs end', () => {
    const items = referenceItems([
      paragraph('[1] Wick, B. Oil. [2] Keeper, A.'),
      paragraph('Gas, see [1] there. [3] Lens, C. Glass.'),
      paragraph('[4] Tower, D. Stone.'),
    ]);
    expect(items).toEqual([
      { label: '1', text: 'Wick, B. Oil.' },
      { label: '2', text: 'Keeper, A. Gas, see [1] there. [3] Lens, C. Glass.' },
      { label: '4', text: 'Tower, D. Stone.' },
    ]);
  });

  test('takes numbers back that the layout took for those of a list', () => {
    const items = referenceItems([
      numbered(1, 'Wick, B. Oil.'),
      paragraph('Second line'),
      numbered(2, 'Keeper, A. Gas.'),
    ]);
    expect(items).toEqual([
      { label: '1', text: 'Wick, B. Oil. Second line' },
      { label: '2', text: 'Keeper, A. Gas.' },
    ]);
  });

  test('by label is cut at the labels', () => {
    const items = referenceItems([paragraph('[Wic99] Wick, B. Oil.'), paragraph('[KL00a] Keeper, A. Gas.')]);
    expect(items.map(({ label }) => label)).toEqual(['Wic99', 'KL00a']);
  });

  test('by author and year goes on until an item has a year', () => {
    expect(
      itemsOf(
        'Wick, B. (1899). Oil:',
        'The light of the poor. Lamp Press. https:',
        '//doi.org/10.1000/oil Keeper, A. (1900). Gas. https://doi.org/10.1000/gas Lens, C. (1901). Glass.',
        'Tower, D., & Stair, E.',
        '(1902). Stone.',
        'https://doi.org/10.1000/stone',
        'Wind, F. (n.d.). Air.',
      ),
    ).toEqual([
      'Wick, B. (1899). Oil: The light of the poor. Lamp Press. https://doi.org/10.1000/oil',
      'Keeper, A. (1900). Gas. https://doi.org/10.1000/gas',
      'Lens, C. (1901). Glass.',
      'Tower, D., & Stair, E. (1902). Stone. https://doi.org/10.1000/stone',
      'Wind, F. (n.d.). Air.',
    ]);
  });

  test('of no known form has one item a paragraph', () => {
    expect(itemsOf('B. Wick. Oil, 1899.', 'and gas.', 'A. Keeper. Gas, 1900.')).toEqual([
      'B. Wick. Oil, 1899. and gas.',
      'A. Keeper. Gas, 1900.',
    ]);
    expect(referenceItems([])).toEqual([]);
  });

  test('is bounded in items and in the length of each', () => {
    const items = referenceItems(
      Array.from({ length: 2100 }, (_, index) => numbered(index + 1, 'x '.repeat(3000))),
    );
    expect(items).toHaveLength(2000);
    expect(items[0]?.text).toHaveLength(4000);
  });

  test('is read in linear time, however it is torn', () => {
    const lines = Array.from({ length: 100_000 }, (_, index) => paragraph(`(${1800 + (index % 100)}) a`));
    expect(referenceItems([paragraph('Wick, B. (1899). Oil.'), ...lines])[0]?.text).toHaveLength(4000);
    const goesOn = Array.from({ length: 100_000 }, () => paragraph('and so on'));
    expect(referenceItems([paragraph('B. Wick'), ...goesOn])).toHaveLength(1);
    const addresses = '//lamps.example/(1899)'.repeat(50_000);
    expect(referenceItems([paragraph(addresses)])).toHaveLength(1);
  }, 10_000);
});

describe('the ids of a reference', () => {
  test.each([
    ['Oil. https://doi.org/10.1000/OIL.', '10.1000/oil', null],
    ['Oil. https://doi.org/10.1000/ 17-oil2', '10.1000/17-oil2', null],
    ['Oil. doi:10.1000/17- 4326/ab2', '10.1000/17-4326/ab2', null],
    ['Oil. doi:10. 1000/17', '10.1000/17', null],
    ['Oil. doi:10.1000/oil. 3065877', '10.1000/oil.3065877', null],
    ['Oil. doi:10.1000/oil. 2017', '10.1000/oil', null],
    ['Oil. doi:10.1000/oil- Smith', '10.1000/oil', null],
    ['Oil. doi:10.48550/arXiv. 1706.03762', null, '1706.03762'],
    ['Oil. arXiv:1706.03762v2, doi:10.1000/oil', '10.1000/oil', '1706.03762'],
    ['Oil. 1899.', null, null],
  ])('%s', (text, doi, arxivId) => {
    expect(referenceIds(text, NONE)).toEqual({ doi, arxivId });
  });

  test('are the ones that the file links to, where those are printed', () => {
    const linked = new LinkedDois([
      { url: 'https://doi.org/10.1000/oil', text: '' },
      { url: 'https://doi.org/10.1000/oil-lamps%5B1%5D.of', text: '' },
      { url: 'https://example.org/10.1000/oil-lamps', text: '' },
    ]);
    const ids = (text: string): string | null => referenceIds(text, linked).doi;
    expect(ids('See https://doi.org/10.1000/oil- lamps[1]. of the sea')).toBe('10.1000/oil-lamps[1].of');
    expect(ids('See https://doi.org/10.1000/oil-lamps%5B1%5D.of')).toBe('10.1000/oil-lamps[1].of');
    expect(ids('See 10.1000/gas')).toBe('10.1000/gas');
  });

  test('are found whatever a hostile text holds', () => {
    const pieces = fc.array(
      fc.constantFrom(
        '10.1000/',
        '10. 1000/a',
        ' ',
        '-',
        '.',
        '%',
        '%2',
        '%41',
        '1',
        '(',
        'arXiv:1706.03762',
      ),
    );
    fc.assert(
      fc.property(pieces, (parts) => {
        const { doi } = referenceIds(
          parts.join(''),
          new LinkedDois([{ url: 'https://doi.org/10.1000/a', text: '' }]),
        );
        expect(doi === null || doi.startsWith('10.1000/')).toBe(true);
      }),
    );
  });
});

describe('the fields of a reference', () => {
  test.each([
    [
      'Wick, B. O., Keeper, A., & Lens, C. (1899). Oil: A light. Journal of Lamps, 12(3), 4–5. https://doi.org/10.1000/oil',
      {
        authors: ['Wick, B. O.', 'Keeper, A.', 'Lens, C.'],
        title: 'Oil: A light',
        venue: 'Journal of Lamps',
        year: 1899,
      },
    ],
    [
      'R Core Team. (2022, May). R. https://r.example',
      { authors: ['R Core Team.'], title: 'R', venue: null, year: 2022 },
    ],
    ['Wick, B. (1899). Oil?', { authors: ['Wick, B.'], title: 'Oil?', venue: null, year: 1899 }],
    [
      'Wick, B. (1899). Oil. In Lamps (pp. 3–4). Press.',
      { authors: ['Wick, B.'], title: 'Oil', venue: 'Lamps', year: 1899 },
    ],
    [
      'B. Wick, A. Keeper and C. Lens, “Oil and light,” Journal of Lamps, vol. 3, pp. 1901–1902, 1899.',
      {
        authors: ['B. Wick', 'A. Keeper', 'C. Lens'],
        title: 'Oil and light',
        venue: 'Journal of Lamps',
        year: 1899,
      },
    ],
    ['“Oil and light,” 1899.', { authors: [], title: null, venue: null, year: 1899 }],
    ['(1899) Oil.', { authors: [], title: null, venue: null, year: 1899 }],
    ['Wick, B. (1899)Oil', { authors: [], title: null, venue: null, year: 1899 }],
    ['12 (1899). Oil.', { authors: [], title: null, venue: null, year: 1899 }],
    ['12 “Oil and light,” there.', { authors: [], title: null, venue: null, year: null }],
    ['B. Wick, “Oil and light,”', { authors: ['B. Wick'], title: 'Oil and light', venue: null, year: null }],
    ['B. Wick et al. Oil. https://lamps.example/1899', { authors: [], title: null, venue: null, year: null }],
  ])('%s', (text, fields) => {
    expect(referenceFields(text)).toEqual(fields);
  });
});
