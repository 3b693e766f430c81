import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ReadBlock } from '../../../backbone/content/parsing/html-blocks.ts';
import { defuddleCandidate, readabilityCandidate } from '../../../backbone/content/webpage/candidates.ts';
import {
  blockProbabilities,
  chooseBlocks,
  doubtOf,
  landmarkBlocks,
} from '../../../backbone/content/webpage/choose.ts';
import type { Votes } from '../../../backbone/content/webpage/features.ts';
import { REGION } from '../../../backbone/content/webpage/regions.ts';
import { votesOf } from '../../../backbone/content/webpage/votes.ts';

const paragraph = (text: string, mark = 0): ReadBlock => ({
  block: { kind: 'paragraph', text, locator: {} },
  linkLength: 0,
  mark,
});
const heading = (text: string): ReadBlock => ({
  block: { kind: 'heading', text, level: 2, locator: {} },
  linkLength: 0,
  mark: 0,
});
const image = (text: string): ReadBlock => ({
  block: { kind: 'image', text, locator: {} },
  linkLength: 0,
  mark: 0,
});
const long = 'A sentence that goes on for quite a while, so that it counts as prose. '.repeat(5);
const NONE: Votes = { readability: null, defuddle: null, articleBody: null };

describe('votes', () => {
  test('find texts whatever the white space and the cut, and short ones as whole lines only', () => {
    const blocks = [
      'one two',
      'a text of some length that is found',
      'two',
      'a text that stands nowhere at all',
    ].map((text) => paragraph(text));
    const candidate = ['one  two\nthree', 'and a text of some\nlength that is found here'];
    expect(votesOf(blocks, candidate)).toEqual([true, true, false, false]);
    expect(votesOf(blocks, null)).toBeNull();
  });

  test('hold for every block of the candidate itself, in any order', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.lorem({ maxCount: 12 }), { maxLength: 10 }), (texts) => {
        const blocks = texts.toReversed().map((text) => paragraph(text));
        expect(votesOf(blocks, texts)?.every(Boolean)).toBe(true);
      }),
    );
  });
});

describe('the choice', () => {
  test('adds a heading to its part and a picture amid the text, and drops a heading at the end', () => {
    const blocks = [
      heading('Part'),
      paragraph(long),
      image('pic'),
      paragraph(long),
      heading('Share this'),
      paragraph(long),
      heading('End'),
    ];
    const readability = [false, true, true, true, false, true, false];
    const choice = chooseBlocks(blocks, { ...NONE, readability }, [0.3, 0.9, 0.1, 0.9, 0.3, 0.9, 0.9]);
    expect(choice.kept).toEqual([true, true, true, true, false, true, false]);
    expect(choice.method).toBe('scored');
  });

  test('falls back on the libraries, then on landmarks, then on everything', () => {
    const blocks = [paragraph(long), paragraph('menu', REGION.navigation)];
    const voted = chooseBlocks(blocks, { ...NONE, defuddle: [true, false] }, [0.1, 0.1]);
    expect(voted).toMatchObject({ method: 'votes', kept: [true, false] });
    expect(chooseBlocks(blocks, NONE, [0.1, 0.1])).toMatchObject({
      method: 'landmarks',
      kept: [true, false],
    });
    const navigation = blocks.slice(1);
    expect(chooseBlocks(navigation, NONE, [0.1])).toMatchObject({ method: 'landmarks', kept: [true] });
    expect(chooseBlocks([paragraph('short')], NONE, [0.9])).toMatchObject({
      method: 'scored',
      reason: 'the page is short',
    });
  });

  test('landmarks are within article or main when there is one', () => {
    const blocks = [
      paragraph('a'),
      paragraph('b', REGION.article),
      paragraph('c', REGION.article | REGION.aside),
    ];
    expect(landmarkBlocks(blocks)).toEqual([false, true, false]);
    expect(landmarkBlocks(blocks.slice(0, 1))).toEqual([true]);
  });

  test('posts of a thread and entries of a list count more than they would in an article', () => {
    const blocks = [paragraph('I bake ten degrees hotter.'), paragraph('Next to it.', REGION.related)];
    const of = (kind: 'article' | 'discussion' | 'listing'): number =>
      blockProbabilities(blocks, NONE, kind)[0] ?? 0;
    expect(of('discussion')).toBeGreaterThan(of('article'));
    expect(of('listing')).toBeGreaterThan(of('article'));
  });

  test('text after a heading such as Comments counts less until a higher heading comes', () => {
    const top = {
      block: { kind: 'heading', text: 'More', level: 1, locator: {} },
      linkLength: 0,
      mark: 0,
    } as const;
    const blocks = [
      paragraph(long),
      heading('Related articles'),
      paragraph(`${long}1`),
      top,
      paragraph(`${long}2`),
    ];
    const [, , below = 1, , after = 0] = blockProbabilities(blocks, NONE, 'article');
    expect(after).toBeGreaterThan(below);
  });

  test('doubt is the share of text that is neither sure nor out of the question', () => {
    const blocks = ['aa', 'bb', 'cc'].map((text) => paragraph(text));
    expect(doubtOf(blocks, [0.9, 0.5, 0.1])).toBe(0.5);
    expect(doubtOf(blocks, [0.1, 0.1, 0.1])).toBe(1);
  });
});

describe('the libraries', () => {
  const page = `<html><head></head><body><article><h1>T</h1>${`<p>${long}</p>`.repeat(4)}</article></body></html>`;

  test('give the texts of an article', () => {
    expect(readabilityCandidate(page)).toContain(long.trim());
    expect(defuddleCandidate(page, null, true)).toContain(long.trim());
  });

  test('that throw or find nothing give null', () => {
    expect(readabilityCandidate('')).toBeNull();
    expect(readabilityCandidate('<html><head></head><body></body></html>')).toBeNull();
  });

  test('must not open addresses', async () => {
    const fetching: string[] = [];
    const original = globalThis.fetch;
    globalThis.fetch = (input) => {
      fetching.push(input instanceof Request ? input.url : String(input));
      return Promise.reject(new Error('opened'));
    };
    try {
      defuddleCandidate(page, 'https://www.youtube.com/watch?v=aaaaaaaaaaa', false);
    } finally {
      globalThis.fetch = original;
    }
    expect(fetching).toEqual([]);
  });
});
