import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { admits, foldedWords, parseQuery, restricts } from '../../../backbone/content/query-syntax.ts';

describe('a query', () => {
  test.each([
    ['how does a lighthouse turn', 'how does a lighthouse turn', [], []],
    ['the "flashing light" at night', 'the flashing light at night', ['flashing light'], []],
    ['“Größe zählt”', 'Größe zählt', ['grosse zahlt'], []],
    ['«la mer» bleue', 'la mer bleue', ['la mer'], []],
    ['light -house', 'light', [], ['house']],
    ['light -"Keeper’s house"', 'light', [], ['keeper s house']],
    ['lock-free - a list -', 'lock-free - a list -', [], []],
    ['an "open quote', 'an "open quote', [], []],
    ['5" pipe', '5" pipe', [], []],
    ['""', '""', [], []],
    ['-v', '-v', [], []],
    ['-"only this"', '-"only this"', [], []],
    ['a --force -- b', 'a --force -- b', [], []],
  ])('%s looks for %s', (query, text, phrases, excluded) => {
    expect(parseQuery(query)).toMatchObject({ text, phrases, excluded });
  });

  test.each([
    ['the "flashing light" at night', 'the at night'],
    ['light -house "sea"', 'light'],
    ['-v', ''],
  ])('%s may be misspelt in %s', (query, loose) => {
    expect(parseQuery(query).loose).toBe(loose);
  });

  test('is never left without words, and never longer than before', () => {
    const pieces = fc.array(fc.constantFrom('a', 'sea', '"', '-', ' ', '“', '”', 'ß', '--'));
    fc.assert(
      fc.property(pieces, fc.string(), (parts, tail) => {
        const query = parts.join('') + tail;
        const { text } = parseQuery(query);
        expect(text === '').toBe(query.trim() === '');
        expect(text.length).toBeLessThanOrEqual(query.length);
      }),
    );
  });

  test('without quotes or a minus takes every passage', () => {
    const query = parseQuery('sea and land');
    expect(restricts(query)).toBe(false);
    expect(admits(query, 'about something else')).toBe(true);
  });
});

describe('a passage', () => {
  const takes = (query: string, passage: string): boolean => admits(parseQuery(query), passage);

  test.each([
    ['"flashing light"', 'A Flashing, light-blue lamp'],
    ['"grosse fahrt"', 'Große Fahrt'],
    ['"灯塔"', '沿海的灯塔很高'],
    ['light -dark', 'The light of darkness'],
  ])('%s takes “%s”', (query, passage) => {
    expect(takes(query, passage)).toBe(true);
    expect(restricts(parseQuery(query))).toBe(true);
  });

  test.each([
    ['"flashing light"', 'The light is flashing'],
    ['"ash"', 'A flash'],
    ['light -dark', 'A light in the DARK'],
    ['light -"old tower"', 'The old tower has a light'],
  ])('%s leaves out “%s”', (query, passage) => {
    expect(takes(query, passage)).toBe(false);
  });

  test('holds each phrase of its own words', () => {
    const word = fc.stringMatching(/^[a-z]{1,6}$/);
    fc.assert(
      fc.property(fc.array(word), fc.array(word, { minLength: 1 }), fc.array(word), (before, own, after) => {
        const passage = [...before, ...own, ...after].join(' ');
        expect(takes(`"${own.join(' ')}"`, passage)).toBe(true);
        expect(takes(`x -"${own.join(' ')}"`, passage)).toBe(false);
      }),
    );
  });

  test('is folded to the same words again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const folded = foldedWords(text);
        expect(foldedWords(folded)).toBe(folded);
      }),
    );
  });
});
