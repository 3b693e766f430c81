import { describe, expect, test } from '@jest/globals';
import type { PageKind } from '../../../backbone/content/webpage/page-kind.ts';
import {
  selectCandidate,
  type CandidateName,
  type TextCandidate,
} from '../../../backbone/content/webpage/select.ts';

const candidate = (name: CandidateName, text: string, linkLength = 0): TextCandidate => ({
  name,
  blocks: text === '' ? [] : [{ block: { kind: 'paragraph', text, locator: {} }, linkLength, mark: 0 }],
  links: [],
});
/** Words that occur nowhere else. */
const words = (from: number, count: number): string =>
  Array.from({ length: count }, (_, at) => `word${from + at}`).join(' ');
const chosen = (kind: PageKind, ...all: readonly [TextCandidate, ...TextCandidate[]]): string =>
  selectCandidate(all, kind).candidate.name;

describe('the selection', () => {
  test('of one is that one', () => {
    expect(chosen('article', candidate('judged', ''))).toBe('judged');
  });

  test.each<[string, PageKind, TextCandidate, TextCandidate, string]>([
    [
      'posts with all the text',
      'discussion',
      candidate('judged', words(0, 100)),
      candidate('posts', words(0, 120)),
      'posts',
    ],
    [
      'posts without half of it',
      'discussion',
      candidate('judged', words(0, 100)),
      candidate('posts', words(0, 50)),
      'judged',
    ],
    [
      'posts below an article',
      'article',
      candidate('judged', words(0, 100)),
      candidate('posts', words(0, 300)),
      'judged',
    ],
    [
      'entries that hold the text',
      'listing',
      candidate('judged', words(0, 100)),
      candidate('entries', words(5, 200)),
      'entries',
    ],
    [
      'entries beside an article',
      'listing',
      candidate('judged', words(0, 100)),
      candidate('entries', words(30, 400)),
      'judged',
    ],
    [
      'nothing but links',
      'listing',
      candidate('judged', words(0, 100)),
      candidate('entries', words(0, 100), 900),
      'judged',
    ],
    [
      'a whole recipe',
      'recipe',
      candidate('judged', words(0, 100)),
      candidate('recipe', words(0, 101)),
      'recipe',
    ],
    [
      'a recipe that the page tells twice',
      'recipe',
      candidate('judged', `${words(0, 100)} ${words(0, 100)}`),
      candidate('recipe', words(0, 98)),
      'recipe',
    ],
    [
      'a product as judged',
      'product',
      candidate('judged', words(0, 100)),
      candidate('product', words(0, 100)),
      'product',
    ],
    [
      'documentation with more code',
      'documentation',
      candidate('judged', words(0, 100)),
      candidate('documentation', words(0, 150)),
      'documentation',
    ],
    [
      'a body that says the same',
      'article',
      candidate('judged', words(0, 100)),
      candidate('article_body', words(0, 120)),
      'judged',
    ],
    [
      'a body of which only a teaser is shown',
      'article',
      candidate('judged', words(0, 20)),
      candidate('article_body', words(0, 400)),
      'article_body',
    ],
    [
      'a body when nothing was judged',
      'article',
      candidate('judged', ''),
      candidate('article_body', words(0, 400)),
      'article_body',
    ],
  ])('%s', (_, kind, judged, other, name) => {
    expect(chosen(kind, judged, other)).toBe(name);
    expect(chosen(kind, other, judged)).toBe(name);
  });
});
