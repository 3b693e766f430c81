import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { extractKeywords } from '../../../backbone/content/steps/keywords.ts';

const TEXT = `Solar panels turn light into electricity. Most solar panels hold silicon cells, and the silicon cells
lose efficiency in heat. A cooler roof therefore raises the efficiency of solar panels. I've seen panels on barns.
The price of silicon fell, so solar panels are cheap. Batteries store the electricity for the night.`;

describe('keywords', () => {
  test('name what the text is about, best first, scored from 1 down', () => {
    const keywords = extractKeywords(TEXT, 'en');
    expect(keywords.slice(0, 4).map(({ term }) => term.toLowerCase())).toContain('solar panels');
    expect(keywords[0]?.score).toBe(1);
    const scores = keywords.map(({ score }) => score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
  });

  test('never begin or end with a stop word, a contraction or a number', () => {
    const terms = extractKeywords(`${TEXT} In 2024 the year's 300 barns won.`, 'en', 100).map(
      ({ term }) => term,
    );
    for (const term of terms) expect(term).not.toMatch(/^(the|of|i['’]ve|2024|300)\b|\b(the|of|2024)$/i);
  });

  test('do not repeat the same words in another form', () => {
    const terms = extractKeywords('Panel. Panels. A panel of panels. Other things.', 'en').map(
      ({ term }) => term,
    );
    expect(terms.filter((term) => /^panels?$/i.test(term))).toHaveLength(1);
  });

  test('are written as the text mostly writes them', () => {
    const terms = extractKeywords('We love NASA. Today NASA and nasa and NASA fly.', 'en').map(
      ({ term }) => term,
    );
    expect(terms).toContain('NASA');
  });

  test('are found where no spaces part the words', () => {
    const terms = extractKeywords('机器学习改变世界。机器学习需要数据。数据很重要。', 'zh').map(
      ({ term }) => term,
    );
    expect(terms.join(' ')).toMatch(/机器|学习|数据/);
  });

  test('are at most as many as asked for, and none of nothing', () => {
    expect(extractKeywords(TEXT, null, 2)).toHaveLength(2);
    expect(extractKeywords('', 'en')).toEqual([]);
    expect(extractKeywords('the of and 12', 'en')).toEqual([]);
  });

  test('of any text have scores between 0 and 1', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 200 }),
        fc.constantFrom('en', 'de', 'ja', null),
        (text, language) => {
          for (const { term, score } of extractKeywords(text, language)) {
            expect(term).not.toBe('');
            expect(score).toBeGreaterThan(0);
            expect(score).toBeLessThanOrEqual(1);
          }
        },
      ),
    );
  });

  test('of a very long text are found in bounded time', () => {
    const startedAt = performance.now();
    extractKeywords(`${TEXT}\n`.repeat(4_000), 'en');
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });
});
