import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LISTED_LANGUAGES, stopWords } from '../../../backbone/content/steps/stop-words.ts';
import { passageTerms, queryTerms, termsOf } from '../../../backbone/content/steps/terms.ts';
import { wordsOf } from '../../../backbone/content/steps/words.ts';

describe('terms', () => {
  test.each([
    ['folds case and accents', 'Café NAÏVE Straße', null, ['cafe', 'naive', 'strasse']],
    ['stems by language', 'running cats', 'en', ['run', 'cat']],
    ['stems before folding', 'développements', 'fr', ['developp']],
    ['leaves unknown languages unstemmed', 'running cats', null, ['running', 'cats']],
    ['leaves languages without a stemmer unstemmed', 'running', 'xx', ['running']],
    ['drops stop words of the language', 'the cat and the dog', 'en', ['cat', 'dog']],
    ['keeps stop words when the language is unknown', 'the cat', null, ['the', 'cat']],
    ['makes bigrams of Chinese', '机器学习', 'zh', ['机器', '器学', '学习']],
    ['keeps a lone ideograph', '猫 and 犬', null, ['猫', 'and', '犬']],
    ['parts scripts that are mixed', 'iPhone手机5代', null, ['iphone', 'i', 'phone', '手机', '5', '代']],
    ['keeps numbers whole and in parts', 'ISO 9001:2015', null, ['iso', '9001:2015', '9001', '2015']],
    ['joins thousands', '1,234,567', null, ['1234567', '1', '234', '567']],
    [
      'keeps identifiers whole and in parts',
      'max_retry-count',
      null,
      ['max_retry-count', 'max', 'retry', 'count'],
    ],
    ['splits camel case', 'parseHTMLFile', null, ['parsehtmlfile', 'parse', 'html', 'file']],
    ['knows C++ and C#', 'C++ C#', null, ['c++', 'c', 'c#', 'c']],
    ['drops possessives and elisions', "tenant's l’amour", null, ['tenant', 'amour']],
    ['keeps vowel signs of Indic scripts', 'हिन्दी', null, ['हिन्दी']],
    ['drops Arabic vowel marks', 'كِتَاب', null, ['كتاب']],
    ['parts plain words that a dot joins', 'end.Next', null, ['end', 'next']],
  ])('%s', (_, text, language, expected) => {
    expect(termsOf(text, language)).toEqual(expected);
  });

  test('are short, however long the word, and never half a character', () => {
    const terms = termsOf(`${'a'.repeat(63)}𝒳${'b'.repeat(5_000)}`, 'en');
    expect(terms.every((term) => term.length <= 64 && term.isWellFormed())).toBe(true);
  });

  test('of marks alone are those marks', () => {
    expect(termsOf('\u0591', null)).toEqual(['\u0591']);
  });

  test('of any text never throw, are never empty and lie where they say', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 80 }),
        fc.constantFrom(null, 'en', 'de', 'ar', 'tr'),
        (text, language) => {
          expect(termsOf(text, language).every((term) => term !== '')).toBe(true);
          for (const { start, end } of wordsOf(text)) {
            expect(start).toBeGreaterThanOrEqual(0);
            expect(end).toBeLessThanOrEqual(text.length);
            expect(end).toBeGreaterThan(start);
          }
        },
      ),
    );
  });
});

describe('weights of a passage', () => {
  test('grow with the count, but ever less', () => {
    const weight = (count: number): number =>
      passageTerms(`${'cat '.repeat(count)}${'dog '.repeat(100 - count)}`, null).get('cat') ?? 0;
    expect(weight(2)).toBeGreaterThan(weight(1));
    expect(weight(2) - weight(1)).toBeGreaterThan(weight(20) - weight(19));
    expect(weight(99)).toBeLessThan(2.2);
  });

  test('are lower in a longer passage', () => {
    const short = passageTerms('cat dog', null).get('cat') ?? 0;
    const long = passageTerms(`cat ${'dog '.repeat(300)}`, null).get('cat') ?? 0;
    expect(long).toBeLessThan(short);
  });
});

describe('queries', () => {
  test('of a known language have the terms of its passages', () => {
    expect([...queryTerms('running cats run', 'en')]).toEqual([
      ['run', 2],
      ['cat', 1],
    ]);
  });

  test.each([
    ['en', 'How were the regulations implemented?', 'Implementing the regulation'],
    ['de', 'Wie werden die Häuser gebaut?', 'Das Haus wurde gebaut'],
    ['fr', 'Où sont les développements ?', 'Le développement'],
  ])('of unknown language meet passages in %s through its function words', (language, query, passage) => {
    const terms = queryTerms(query, null);
    const met = [...passageTerms(passage, language).keys()].filter((term) => terms.has(term));
    expect(met.length).toBeGreaterThan(0);
  });

  test('of unknown language without function words meet passages of every language', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(
          'regulations',
          'Häuser',
          'développements',
          'corriendo',
          'книгами',
          'مكتبات',
          'talossa',
          'x9-b',
        ),
        fc.constantFrom(null, 'en', 'de', 'fr', 'es', 'ru', 'ar', 'fi', 'zh'),
        (word, language) => {
          const terms = queryTerms(word, null);
          const passage = [...passageTerms(word, language).keys()];
          expect(passage.some((term) => terms.has(term))).toBe(true);
        },
      ),
    );
  });

  test('weigh the unstemmed word 1 and rarer forms at least .5', () => {
    const terms = queryTerms('regulations', null);
    expect(terms.get('regulations')).toBe(1);
    for (const weight of terms.values()) expect(weight).toBeGreaterThanOrEqual(0.5);
  });

  test('leave out what the recognised language calls a stop word', () => {
    expect(queryTerms('what is the weather', null).has('the')).toBe(false);
  });

  test('of nothing but signs have no terms', () => {
    expect(queryTerms(' ?! ', null).size).toBe(0);
  });
});

describe('stop words', () => {
  test('are in lower case and free of blanks', () => {
    for (const language of LISTED_LANGUAGES) {
      for (const word of stopWords(language)) expect(word).toMatch(/^[\p{Ll}\p{M}]+$/u);
    }
  });

  test('Norwegian has one list under its three codes', () => {
    expect(stopWords('nb')).toBe(stopWords('no'));
    expect(stopWords('nn')).toBe(stopWords('no'));
  });

  test('an unknown language has all of them, an unlisted one none', () => {
    expect(stopWords(null).has('und')).toBe(true);
    expect(stopWords('zz').size).toBe(0);
  });
});
