import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Entity } from '../../../backbone/content/model.ts';
import { extractEntities, type KnownName } from '../../../backbone/content/steps/entities.ts';

const entitiesOf = (
  text: string,
  language: string | null = 'en',
  known: readonly KnownName[] = [],
): Entity[] => extractEntities(text, { language, known });
const typesOf = (text: string, language: string | null = 'en'): Record<string, string> =>
  Object.fromEntries(entitiesOf(text, language).map(({ name, type }) => [name, type]));

describe('types', () => {
  test.each([
    ['a given name', 'Then Angela Merkel arrived late.', 'Angela Merkel', 'person'],
    ['a title', 'We asked Dr. Quux about it.', 'Quux', 'person'],
    ['a title with a capital', 'Yesterday President Zorn left.', 'Zorn', 'person'],
    ['a verb of saying', 'But Zorn said nothing of it.', 'Zorn', 'person'],
    ['a company’s suffix', 'She works at Acme Corp in town.', 'Acme Corp', 'organization'],
    [
      'a word for an organisation',
      'She studied at the University of Oxford then.',
      'University of Oxford',
      'organization',
    ],
    ['a well-known organisation', 'The rules of NATO were kept.', 'NATO', 'organization'],
    ['the article before letters', 'They joined the XQZ.', 'XQZ', 'organization'],
    ['a well-known place', 'They met Paul in Paris again.', 'Paris', 'place'],
    ['a word for a place', 'We swam in the River Thames.', 'River Thames', 'place'],
    ['a word before a place', 'They live in Quuxville now.', 'Quuxville', 'place'],
    ['no cue at all', 'We read Gravity Rainbow twice.', 'Gravity Rainbow', 'other'],
  ])('by %s', (_, text, name, type) => {
    expect(typesOf(text)[name]).toBe(type);
  });
});

describe('names', () => {
  test('surnames and letters are counted for the full name', () => {
    const entities = entitiesOf(
      'Angela Merkel met the European Central Bank (ECB). Later Merkel said that the ECB agreed with Merkel.',
    );
    expect(entities).toEqual([
      { name: 'Angela Merkel', type: 'person', aliases: ['Merkel'], count: 3 },
      { name: 'European Central Bank', type: 'organization', aliases: ['ECB'], count: 3 },
    ]);
  });

  test('a surname that two people bear is neither’s', () => {
    const names = entitiesOf('John Zorn met Mary Zorn. Then Zorn spoke, and Zorn sang.').map(
      ({ name }) => name,
    );
    expect(names).toContain('Zorn');
  });

  test('capitals at a sentence’s start are no names by themselves', () => {
    expect(entitiesOf('However, the water rose. Water is wet. Suddenly it fell. Monday came.')).toEqual([]);
  });

  test('peoples and numerals alone are none', () => {
    expect(entitiesOf('We met the French and saw part III of it, and the French left.')).toEqual([]);
  });

  test('a possessive ends the name', () => {
    expect(entitiesOf('We saw Angela Merkel’s Office today.').map(({ name }) => name)).toContain(
      'Angela Merkel',
    );
  });

  test('other spellings are aliases', () => {
    const [entity] = entitiesOf('They saw Acme Corp and ACME Corp and Acme Corp.');
    expect(entity).toEqual({ name: 'Acme Corp', type: 'organization', aliases: ['ACME Corp'], count: 3 });
  });

  test('headlines in title case are passed over', () => {
    expect(entitiesOf('How Good Cooks Make Great Pasta Dishes')).toEqual([]);
  });

  test('a title without a name is none', () => {
    expect(entitiesOf('We met the President.')).toEqual([]);
  });

  test('letters that are a small word too count only in capitals', () => {
    expect(Object.keys(typesOf('They left the US for good. IT was late.'))).toEqual(['US']);
  });
});

describe('German', () => {
  test('nouns are no names, names are', () => {
    const types = typesOf(
      'Angela Merkel war lange Kanzlerin. Der Hund biss den Mann im Garten von Berlin. Die Siemens AG baut Züge. Der Hund schlief im Garten.',
      'de',
    );
    expect(types).toEqual({ 'Angela Merkel': 'person', Berlin: 'place', 'Siemens AG': 'organization' });
  });

  test('letters count when they come back', () => {
    expect(Object.keys(typesOf('Der XQZ sagt ja. Später sagt der XQZ nein.', 'de'))).toEqual(['XQZ']);
  });
});

describe('known names', () => {
  test('have the type the metadata gives', () => {
    const known = [{ name: 'Paris Zorn', type: 'person' as const }];
    expect(entitiesOf('Yesterday Paris Zorn wrote in.', 'en', known)[0]).toMatchObject({
      name: 'Paris Zorn',
      type: 'person',
    });
  });

  test('are found in scripts without capitals', () => {
    expect(entitiesOf('王小明在北京。王小明说。', 'zh', [{ name: '王小明', type: 'person' }])).toEqual([
      { name: '王小明', type: 'person', aliases: [], count: 2 },
    ]);
  });

  test('that the text does not name are left out', () => {
    expect(
      entitiesOf('Nothing here.', 'en', [
        { name: 'Jane Roe', type: 'person' },
        { name: ' ', type: 'other' },
      ]),
    ).toEqual([]);
  });
});

describe('any text', () => {
  test('gives at most 100, most frequent first', () => {
    const letters = 'abcdefghijklmnopqrstuvwxyz';
    const names = Array.from(
      { length: 300 },
      (_, at) => `Zo${letters[at % 26]}${letters[Math.floor(at / 26)]}q Quux${letters[at % 26]}`,
    );
    const entities = entitiesOf(names.map((name) => `we saw ${name} there.`).join(' '));
    expect(entities).toHaveLength(100);
  });

  test('has counts in falling order and no blank names', () => {
    const word = fc.constantFrom(
      'Angela',
      'Merkel',
      'the',
      'of',
      'University',
      'Paris',
      'said',
      'in',
      '.',
      '. ',
      'NATO',
      'Dr',
      "Zorn's",
      '\n',
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 60 }), fc.constantFrom('en', 'de', null), (words, language) => {
        const entities = entitiesOf(words.join(' '), language);
        const counts = entities.map(({ count }) => count);
        expect(counts).toEqual([...counts].sort((a, b) => b - a));
        for (const { name } of entities) expect(name.trim()).not.toBe('');
      }),
    );
  });

  test('is read in bounded time', () => {
    const startedAt = performance.now();
    entitiesOf('Angela Merkel said in Paris that Zorn and the European Central Bank of X '.repeat(40_000));
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });
});
