import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { startsCaption } from '../../../backbone/content/document/pdf/layout/captions.ts';
import { joinLines, vocabularyOf } from '../../../backbone/content/document/pdf/layout/hyphenation.ts';
import { listMarker } from '../../../backbone/content/document/pdf/layout/list-marker.ts';
import { halfPoints, textProfile } from '../../../backbone/content/document/pdf/layout/text-profile.ts';
import { BOLD, line, lines } from './layout-pieces.ts';

const NOTHING = vocabularyOf([]);
const knowing = (...texts: readonly string[]): ReturnType<typeof vocabularyOf> =>
  vocabularyOf(lines(texts, 700));

describe('joining lines', () => {
  test('lines are joined by a space', () => {
    expect(joinLines(['one', 'two', 'three'], NOTHING)).toBe('one two three');
    expect(joinLines([], NOTHING)).toBe('');
  });

  test('an unknown word broken at a line end is joined', () => {
    expect(joinLines(['so that a read-', 'er sees'], NOTHING)).toBe('so that a reader sees');
  });

  test('the hyphen stays where the hyphenated word is known from elsewhere', () => {
    expect(joinLines(['a well-', 'known fact'], knowing('one well-known example'))).toBe('a well-known fact');
  });

  test('the form that is met more often decides', () => {
    expect(joinLines(['the data-', 'base'], knowing('database database', 'data-base'))).toBe('the database');
  });

  test('a word broken at a line end is no witness for itself', () => {
    expect([...knowing('some co-', 'operation').keys()]).toEqual(['some', 'operation']);
  });

  test('before a capital the hyphen stays, unless the word is set in capitals', () => {
    expect(joinLines(['Schwarz-', 'Wei\u00df'], NOTHING)).toBe('Schwarz-Wei\u00df');
    expect(joinLines(['INTRO-', 'DUCTION'], NOTHING)).toBe('INTRODUCTION');
  });

  test('a hyphen that stands for a part left out keeps its space', () => {
    expect(joinLines(['Ein-', 'und Ausgabe'], NOTHING)).toBe('Ein- und Ausgabe');
  });

  test('a hyphen before a number stays without a space', () => {
    expect(joinLines(['COVID-', '19 cases'], NOTHING)).toBe('COVID-19 cases');
    expect(joinLines(['a dash -', 'and more'], NOTHING)).toBe('a dash - and more');
  });

  test('an address broken at one of its signs is joined, hyphen and all', () => {
    expect(joinLines(['see https://example.org/', 'some-', 'thing'], NOTHING)).toBe(
      'see https://example.org/something',
    );
    expect(joinLines(['at https://example.org/well-', 'known/x'], NOTHING)).toBe(
      'at https://example.org/well-known/x',
    );
    expect(joinLines(['at http:', '//example.org'], NOTHING)).toBe('at http://example.org');
    expect(joinLines(['at https://example.org', 'and more'], NOTHING)).toBe(
      'at https://example.org and more',
    );
  });

  test('soft hyphens always go', () => {
    expect(joinLines(['an in\u00advisible hy\u00ad', 'phen'], knowing('hy-phen'))).toBe(
      'an invisible hyphen',
    );
  });

  test('the other hyphen sign counts as one', () => {
    expect(joinLines(['read\u2010', 'er'], NOTHING)).toBe('reader');
  });

  test('a long run of letters is no trouble', () => {
    const long = 'a'.repeat(300_000);
    expect(joinLines([long, `${long}-`, 'b'], NOTHING)).toHaveLength(600_002);
  });

  test('letters are neither lost nor added', () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{1,6}-?$/), { maxLength: 20 });
    fc.assert(
      fc.property(words, (texts) => {
        const letters = (text: string): string => text.replaceAll(/[^a-z]/g, '');
        expect(letters(joinLines(texts, NOTHING))).toBe(letters(texts.join('')));
      }),
    );
  });
});

describe('list marks', () => {
  test.each([
    ['\u2022 a point', 'bullet', null, 2],
    ['- a point', 'bullet', null, 2],
    ['3. Third', 'number', 3, 3],
    ['3) third', 'label', null, 3],
    ['(iv) fourth', 'label', null, 5],
    ['b) second', 'label', null, 3],
    ['\u2022', 'bullet', null, 1],
  ])('%s', (text, kind, ordinal, length) => {
    expect(listMarker(text)).toEqual({ kind, ordinal, length });
  });

  test.each(['plain text', '-5 degrees', '3.5 metres', '2024. ', '0. Auflage', '\u00b7 (x + y)', '1. 5'])(
    '%s has none',
    (text) => {
      expect(listMarker(text)).toBeNull();
    },
  );
});

describe('captions', () => {
  test.each([
    'Figure 3: A tree',
    'Fig. 2. Roots',
    'Table 1',
    'Abbildung 1.2: Baum',
    'Tab. A.1 Results',
    'TABLE 4 \u2013 Sums',
  ])('%s is one', (text) => {
    expect(startsCaption(text)).toBe(true);
  });

  test.each(['Figure 3 shows a tree', 'Table of contents', 'figures', 'Some text'])('%s is none', (text) => {
    expect(startsCaption(text)).toBe(false);
  });
});

describe('the profile of a text', () => {
  test('the size of most letters is the body, whatever the number of lines', () => {
    const profile = textProfile([
      line('A', 800, { size: 20 }),
      line('B', 770, { size: 20 }),
      line('a long line of text', 700),
    ]);
    expect(profile.bodySize).toBe(10);
    expect(profile.bodyBold).toBe(false);
  });

  test('the usual distance of lines is measured, and assumed where it cannot be', () => {
    const body = Array.from({ length: 8 }, (_, index) => line('some words', 700 - index * 14));
    const profile = textProfile(body);
    expect(profile.leading(10)).toBe(14);
    expect(profile.leading(20)).toBe(24);
  });

  test('a bold body is known as one', () => {
    expect(textProfile([line('bold words', 700, { style: BOLD })]).bodyBold).toBe(true);
  });

  test('a document without text has a profile too', () => {
    expect(textProfile([])).toMatchObject({ bodySize: 10, bodyBold: false });
    expect(halfPoints(9.96)).toBe(10);
  });
});
