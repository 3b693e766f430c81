import { describe, expect, test } from '@jest/globals';
import { isFeed } from '../../../backbone/content/webpage/feed-check.ts';
import { blockedPage, type PageSigns } from '../../../backbone/content/webpage/page-check.ts';
import { pageKind, type KindEvidence } from '../../../backbone/content/webpage/page-kind.ts';
import { readingOptions } from '../../../backbone/content/webpage/reading-options.ts';
import { REGION } from '../../../backbone/content/webpage/regions.ts';

const signs: PageSigns = {
  title: '',
  headings: [],
  text: '',
  textLength: 100,
  lengthOutsidePrompts: 100,
  buttons: [],
  isArticle: false,
  hasPasswordField: false,
  hasMailField: false,
  hasChallenge: false,
  scriptCount: 3,
  hasEmptyMount: false,
  noscript: '',
};
const consent = 'Wir und unsere Partner verwenden Cookies für Werbung. Einwilligung und Datenschutz.';

describe('walls', () => {
  test.each<[string, Partial<PageSigns>, string | null]>([
    ['a challenge with its title', { title: 'Just a moment...', hasChallenge: true }, 'page_is_captcha'],
    ['a challenge with its phrase', { text: 'Confirm you are human', hasChallenge: true }, 'page_is_captcha'],
    ['a bare challenge', { textLength: 10, hasChallenge: true }, 'page_is_captcha'],
    ['title and text without markup', { title: 'Robot check', text: 'Are you a robot?' }, 'page_is_captcha'],
    ['a comment form’s captcha', { text: 'A long tale', textLength: 1400, hasChallenge: true }, null],
    [
      'an article about robots',
      { title: 'Are you a robot?', text: 'Are you a robot?', textLength: 1600 },
      null,
    ],
    ['a soft 404', { title: '404', headings: ['Seite nicht gefunden'] }, 'page_not_found'],
    [
      'a soft 404 by its heading',
      { headings: ['Page introuvable'], text: 'Page introuvable' },
      'page_not_found',
    ],
    [
      'an article on 404',
      { title: 'Page not found: a history', text: 'Page not found', textLength: 3000 },
      null,
    ],
    ['a login', { title: 'Anmelden', hasPasswordField: true }, 'page_needs_login'],
    ['a login by mail first', { headings: ['Se connecter'], hasMailField: true }, 'page_needs_login'],
    ['a login box beside a text', { title: 'River notes', hasPasswordField: true }, null],
    ['a page on how to log in', { title: 'Log in to a server by key' }, null],
    ['a consent wall', { text: consent, buttons: ['Alle akzeptieren'] }, 'page_is_cookie_wall'],
    ['consent without a button', { text: consent }, null],
    ['a banner over a text', { text: consent, buttons: ['Accept'], lengthOutsidePrompts: 2000 }, null],
    ['a word on cookies', { text: 'Bake cookies for an hour and let them cool.', buttons: ['OK'] }, null],
    ['nothing at all', { textLength: 0, buttons: ['Accept'], scriptCount: 0 }, null],
    ['an empty mount', { hasEmptyMount: true }, 'page_needs_scripts'],
    [
      'an empty mount and a message',
      { hasEmptyMount: true, textLength: 300, noscript: 'Please enable JavaScript' },
      'page_needs_scripts',
    ],
    ['a message alone', { text: 'JavaScript is required to view this' }, 'page_needs_scripts'],
    ['scripts alone', { textLength: 5 }, 'page_needs_scripts'],
    ['an empty mount beside text', { hasEmptyMount: true, textLength: 300 }, null],
    [
      'a declared article',
      { isArticle: true, title: 'Sign in', hasPasswordField: true, text: consent, buttons: ['Accept'] },
      null,
    ],
  ])('%s', (_, some, code) => {
    expect(blockedPage({ ...signs, ...some })).toBe(code);
  });
});

describe('feeds', () => {
  test.each([
    ['<?xml version="1.0"?>\n<!-- c --><rss version="2.0">', true],
    ['\ufeff<feed xmlns="http://www.w3.org/2005/Atom">', true],
    ['<!DOCTYPE rss><rss>', true],
    ['<rdf:RDF xmlns="http://purl.org/rss/1.0/">', true],
    ['<rdf:RDF xmlns="http://xmlns.com/foaf/0.1/">', false],
    ['{"version": "https://jsonfeed.org/version/1.1"}', true],
    ['{"version": "1"}', false],
    ['<html><body>an <rss> element', false],
  ])('%s: %s', (text, wanted) => {
    expect(isFeed(text)).toBe(wanted);
  });
});

describe('kinds of pages', () => {
  const none: KindEvidence = {
    pageUrl: null,
    mainNode: null,
    ogType: null,
    generator: null,
    blocks: [],
    nodes: [],
    hasRecipe: false,
    postCount: 0,
    countEntries: () => 0,
  };
  const block = (
    text: string,
    linkLength = 0,
    kind: 'paragraph' | 'code' = 'paragraph',
  ): KindEvidence['blocks'][number] => ({ block: { kind, text, locator: {} }, linkLength, mark: 0 });
  const prose = Array.from({ length: 5 }, () => block('word '.repeat(50)));

  test.each<[string, Partial<KindEvidence>, string]>([
    ['Discourse', { generator: 'Discourse 3' }, 'discussion'],
    ['Sphinx', { generator: 'Sphinx' }, 'documentation'],
    ['QAPage', { mainNode: { '@type': 'QAPage' } }, 'discussion'],
    ['Product', { mainNode: { '@type': 'Product' } }, 'product'],
    ['APIReference', { mainNode: { '@type': 'APIReference' } }, 'documentation'],
    ['CollectionPage', { mainNode: { '@type': 'CollectionPage' } }, 'listing'],
    ['BlogPosting', { mainNode: { '@type': 'BlogPosting' } }, 'article'],
    ['WebPage with nothing else', { mainNode: { '@type': 'WebPage' } }, 'other'],
    ['og:product', { ogType: 'og:product' }, 'product'],
    ['og article', { ogType: 'article' }, 'article'],
    ['og website with text', { ogType: 'website', blocks: prose }, 'article'],
    ['a forum address', { pageUrl: 'https://forum.a.example/t/1' }, 'discussion'],
    ['posts', { postCount: 3 }, 'discussion'],
    ['a docs address', { pageUrl: 'https://a.example/docs/x' }, 'documentation'],
    ['a home page', { pageUrl: 'https://a.example/' }, 'listing'],
    ['links', { blocks: [block('a link', 6)] }, 'listing'],
    ['much code', { blocks: [1, 2, 3].map(() => block('x', 0, 'code')) }, 'documentation'],
    ['a recipe', { hasRecipe: true, mainNode: { '@type': 'Article' } }, 'recipe'],
    ['a thread in microdata', { nodes: [{ '@type': 'https://schema.org/QAPage' }] }, 'discussion'],
    ['a list in data', { nodes: [{ '@type': 'ItemList' }] }, 'listing'],
    ['one product in microdata', { nodes: [{ '@type': 'Product' }] }, 'product'],
    [
      'a list of products',
      {
        mainNode: { '@type': 'Product' },
        nodes: [{ '@type': 'ItemList' }, ...[1, 2, 3, 4].map(() => ({ '@type': 'Product' }))],
      },
      'listing',
    ],
    ['entries that repeat', { countEntries: () => 8 }, 'listing'],
    ['entries below an article', { countEntries: () => 8, blocks: prose }, 'article'],
    [
      'an article on a page named after its sidebar',
      { blocks: prose.map((one) => ({ ...one, mark: REGION.aside | REGION.article })) },
      'article',
    ],
    ['text in the footer', { blocks: [{ ...block('word '.repeat(500)), mark: 2 }] }, 'other'],
  ])('%s', (_, some, kind) => {
    expect(pageKind({ ...none, ...some })).toBe(kind);
  });
});

test('reading options that cannot be used count as absent', () => {
  expect(readingOptions({ now: '2020-01-01T00:00:00Z', maxPageBytes: 7 })).toEqual({
    now: new Date('2020-01-01T00:00:00Z'),
    maxPageBytes: 7,
  });
  const defaults = readingOptions({ now: 'never', maxPageBytes: -1 });
  expect(defaults.maxPageBytes).toBe(20 * 1024 * 1024);
  expect(Number.isNaN(defaults.now.getTime())).toBe(false);
});
