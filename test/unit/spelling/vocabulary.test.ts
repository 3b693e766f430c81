import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { spelledWords } from '../../../backbone/content/spelling/spelling.ts';
import {
  findCorrections,
  saveWords,
  wordsOfPassages,
} from '../../../backbone/content/spelling/vocabulary.ts';
import type { RecordStore } from '../../../backbone/stores/records/record-store.ts';
import { openTestRecords } from '../../support/records.ts';

const NONE = { words: [], terms: [] };
let records: RecordStore;

beforeAll(async () => {
  records = await openTestRecords();
});
afterAll(() => records.close());
afterEach(() => records.query('TRUNCATE vocabulary, content_words'));

async function save(contentId: string, text: string, userId = 'ann'): Promise<void> {
  const words = text === '' ? NONE : await wordsOfPassages([text], 'en');
  await records.transaction((sql) => saveWords(sql, { userId, contentId }, words));
}

async function meant(query: string, userId = 'ann'): Promise<string[]> {
  const found = await findCorrections(records, userId, spelledWords(query, null));
  return found.map(({ from, word }) => `${from}: ${word}`);
}

const counts = (): Promise<{ readonly word: string; readonly contents: number }[]> =>
  records.query('SELECT word, contents FROM vocabulary WHERE user_id = $1 ORDER BY word', ['ann']);

describe('the words of passages', () => {
  test('are those that may be misspelt, each once, with the terms they are indexed under', async () => {
    const { words, terms } = await wordsOfPassages(
      ['The glaciers retreat.', 'Glaciers in v2 of ice_2'],
      'en',
    );
    expect(words).toEqual(['glaciers', 'retreat']);
    expect(terms).toEqual(['glacier', 'retreat']);
  });
});

describe('the vocabulary', () => {
  test.each([
    ['glacer', 'glacier'],
    ['glaicer', 'glacier'],
    ['baot', 'boat'],
    ['bota', 'boat'],
    ['obat', 'boat'],
    ['boax', 'boat'],
    ['lihgthose', 'lighthouse'],
    ['mesurment', 'measurement'],
    ['grösze', 'größe'],
    ['премет', 'предмет'],
  ])('knows what %s means', async (typed, right) => {
    await save('a', 'glacier boat lighthouse measurement größe предмет harbour');
    expect(await meant(typed)).toEqual([`${typed}: ${right}`]);
  });

  test('corrects no word that a content holds in any form, and three of the others at most', async () => {
    await save('a', 'measurements glacier glazier boats harbour villages summer');
    expect(await meant('measurement glazier boat')).toEqual([]);
    expect((await meant('glacer harbor vilages sumer')).map((found) => found.split(':')[0])).toEqual([
      'glacer',
      'harbor',
      'vilages',
    ]);
    expect(await meant('')).toEqual([]);
  });

  test('counts the contents that hold a word, whatever becomes of them', async () => {
    await save('a', 'glacier boat');
    await save('b', 'glacier');
    expect(await counts()).toEqual([
      { word: 'boat', contents: 1 },
      { word: 'glacier', contents: 2 },
    ]);
    await save('a', 'glacier boat');
    await save('a', 'glacier village');
    expect(await counts()).toEqual([
      { word: 'glacier', contents: 2 },
      { word: 'village', contents: 1 },
    ]);
    await save('a', '');
    await save('a', '');
    await save('b', '');
    expect(await counts()).toEqual([]);
    expect(await records.query('SELECT 1 FROM content_words')).toEqual([]);
  });

  test('suggests no word of a removed content, and none of another tenant', async () => {
    await save('a', 'glacier');
    await save('a', 'harbour', 'bob');
    expect(await meant('glacer')).toEqual(['glacer: glacier']);
    expect(await meant('glacer', 'bob')).toEqual([]);
    expect(await meant('harbor')).toEqual([]);
    await save('a', '');
    expect(await meant('glacer')).toEqual([]);
    expect(await meant('harbor', 'bob')).toEqual(['harbor: harbour']);
  });

  test('takes contents that are saved at the same time', async () => {
    const texts = ['glacier boat harbour', 'harbour glacier boat', 'boat harbour glacier'];
    await Promise.all(texts.map((text, index) => save(`c${index}`, text)));
    expect((await counts()).map(({ contents }) => contents)).toEqual([3, 3, 3]);
  });
});
