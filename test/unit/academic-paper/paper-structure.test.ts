import { describe, expect, test } from '@jest/globals';
import { paperParts } from '../../../backbone/content/academic-paper/paper-structure.ts';
import {
  isLettered,
  sectionName,
  sectionRole,
} from '../../../backbone/content/academic-paper/section-names.ts';
import type { Block } from '../../../backbone/content/model.ts';
import { heading, paragraph } from './blocks.ts';

const texts = (blocks: readonly Block[]): readonly string[] => blocks.map(({ text }) => text);
const LONG = 'Lamps were lit at dusk. Keepers wrote down the hour in a book that was kept. '.repeat(6).trim();

describe('the parts of a paper', () => {
  test('are front matter, abstract, body, references and appendix', () => {
    const parts = paperParts(
      [
        paragraph('DOI: 10.1000/lamps'),
        heading('How lamps were lit'),
        paragraph('Ada Keeper 1, Bo Wick 2'),
        heading('Abstract', 1, 2),
        paragraph('Lamps are lit by hand.'),
        heading('1 Introduction'),
        paragraph('Once there was oil.'),
        paragraph('Received: 3 May 1904', 1),
        { kind: 'caption', text: 'Figure 1: A lamp', locator: { page: 2 } },
        heading('2. Methods', 2),
        paragraph('We asked.', 2),
        heading('References', 3),
        paragraph('[1] Wick, B. Oil. 1899.', 3),
        heading('Wick in print', 3, 2),
        paragraph('[2] Keeper, A. Gas. 1900.', 3),
        heading('A Further lamps', 4),
        paragraph('More of them.', 4),
        heading('B.1 Still more', 4, 2),
      ],
      'How Lamps Were Lit',
    );
    expect(texts(parts.front)).toEqual([
      'DOI: 10.1000/lamps',
      'How lamps were lit',
      'Ada Keeper 1, Bo Wick 2',
      'Received: 3 May 1904',
    ]);
    expect(texts(parts.abstract)).toEqual(['Lamps are lit by hand.']);
    expect(texts(parts.body)).toEqual([
      '1 Introduction',
      'Once there was oil.',
      'Figure 1: A lamp',
      '2. Methods',
      'We asked.',
    ]);
    expect(texts(parts.references)).toEqual(['[1] Wick, B. Oil. 1899.', '[2] Keeper, A. Gas. 1900.']);
    expect(texts(parts.appendix)).toEqual(['A Further lamps', 'More of them.', 'B.1 Still more']);
    expect(parts.sections.map(({ title, role, page }) => [title, role, page])).toEqual([
      ['Abstract', 'abstract', 1],
      ['Introduction', 'introduction', 1],
      ['Methods', 'methods', 2],
      ['References', 'references', 3],
      ['Wick in print', 'other', 3],
      ['A Further lamps', 'other', 4],
      ['B.1 Still more', 'other', 4],
    ]);
  });

  test('begin at an abstract that is named within its line, when the file states no title', () => {
    const { front, abstract, body } = paperParts(
      [heading('Lamps'), paragraph('Ada Keeper'), paragraph('Abstract — Lit by hand.'), paragraph('Text.')],
      null,
    );
    expect([texts(front), texts(abstract), texts(body)]).toEqual([
      ['Lamps', 'Ada Keeper'],
      ['Lit by hand.'],
      ['Text.'],
    ]);
  });

  test('begin at the first paragraph of sentences where nothing is named', () => {
    const address = `1 ${'Institute of Lamps, Harbour Street, '.repeat(14)}`;
    const { front, body } = paperParts([paragraph('Lamps'), paragraph(address), paragraph(LONG)], 'x');
    expect([front.length, texts(body)]).toEqual([2, [LONG]]);
  });

  test('know names of sections that are set like text', () => {
    const { abstract, body, references } = paperParts(
      [
        heading('Lamps'),
        paragraph('ABSTRACT'),
        paragraph('Lit.'),
        heading('Introduction'),
        paragraph('Oil.'),
        paragraph('REFERENCES', 3),
        paragraph('Wick 1899.', 3),
      ],
      null,
    );
    expect([texts(abstract), texts(body), texts(references)]).toEqual([
      ['Lit.'],
      ['Introduction', 'Oil.'],
      ['Wick 1899.'],
    ]);
  });

  test.each([
    ['Introduction', ['Lit.'], ['Introduction', 'Oil.']],
    ['Need', [], ['Summary', 'Lit.', 'Need', 'Oil.']],
  ])('take a summary before "%s" for what it is', (next, abstract, body) => {
    const parts = paperParts(
      [heading('Lamps'), heading('Summary'), paragraph('Lit.'), heading(next), paragraph('Oil.')],
      'Lamps',
    );
    expect([texts(parts.abstract), texts(parts.body)]).toEqual([abstract, body]);
  });

  test('let no abstract go on for ever', () => {
    const text = Array.from({ length: 12 }, () => paragraph(LONG));
    const { abstract, body } = paperParts([heading('Lamps'), heading('Abstract'), ...text], null);
    expect([abstract.length, body.length]).toEqual([7, 5]);
  });

  test('go back to the body for thanks that follow the references', () => {
    const parts = paperParts(
      [
        heading('Lamps'),
        heading('Introduction'),
        heading('References'),
        paragraph('Wick.'),
        heading('Acknowledgements'),
        paragraph('Thanks.'),
        heading('Supplementary material'),
        heading('Abstract'),
        paragraph('Again.'),
      ],
      null,
    );
    expect(texts(parts.body)).toEqual(['Introduction', 'Acknowledgements', 'Thanks.']);
    expect(texts(parts.appendix)).toEqual(['Supplementary material', 'Abstract', 'Again.']);
  });

  test('of nothing are empty, and a title alone is front matter', () => {
    expect(paperParts([], null).body).toEqual([]);
    expect(texts(paperParts([heading('Lamps')], null).front)).toEqual(['Lamps']);
    expect(
      texts(paperParts([{ kind: 'paragraph', text: 'Lamps burn', locator: {} }], 'Lamps burn').front),
    ).toEqual(['Lamps burn']);
    expect(texts(paperParts([heading('Introduction'), paragraph('Oil.')], null).body)).toEqual([
      'Introduction',
      'Oil.',
    ]);
  });
});

describe('names of sections', () => {
  test.each([
    ['4.2. Results:', 'Results', 'results'],
    ['IV. Discussion and outlook', 'Discussion and outlook', 'discussion'],
    ['REFERENCES', 'REFERENCES', 'references'],
    ['Literaturverzeichnis', 'Literaturverzeichnis', 'references'],
    ['Materials  and Methods', 'Materials and Methods', 'methods'],
    ['Appendix A', 'Appendix A', 'appendix'],
    ['Authors’ contributions', 'Authors’ contributions', 'declarations'],
    ['Lamps', 'Lamps', 'other'],
  ])('%s', (text, name, role) => {
    expect([sectionName(text), sectionRole(text)]).toEqual([name, role]);
  });

  test.each([
    ['A Proofs', true],
    ['B.2 Lamps', true],
    ['Appendix C Lamps', true],
    ['Acknowledgements', false],
  ])('%s has a letter in front: %s', (text, expected) => {
    expect(isLettered(text)).toBe(expected);
  });
});
