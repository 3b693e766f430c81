import { describe, expect, test } from '@jest/globals';
import { canonicalText, type Extraction } from '../../../backbone/content/model.ts';
import { decimalIn, factIn, linesOf, ratioIn } from '../../../backbone/content/webpage/structured-values.ts';
import { parseHtml } from '../../../backbone/content/parsing/html-tree.ts';
import { findEntries } from '../../../backbone/content/webpage/entries.ts';
import { recipeBlocks } from '../../../backbone/content/webpage/kind-candidates.ts';
import { recipeOf } from '../../../backbone/content/webpage/recipe.ts';
import { listingPage, productPage, recipePage, threadPage } from '../../support/page-kinds.ts';
import { readPage } from './read-fixture.ts';

const textOf = (extraction: Extraction): string => canonicalText(extraction.blocks).text;

describe('a discussion', () => {
  test('cites each post with author, time and address, and leaves out what stands around posts', async () => {
    const extraction = await readPage(threadPage(4), {}, 'https://board.example/t/7');
    expect(extraction.typeMetadata).toMatchObject({
      pageKind: 'discussion',
      postCount: 4,
      extraction: { candidate: 'posts' },
    });
    expect(extraction.blocks.filter(({ kind }) => kind === 'heading').map(({ text }) => text)).toEqual([
      'Bread in the mountains',
      'Member 1, 2024-05-01 08:30',
      'Member 2, 2024-05-02 08:30',
      'Member 3, 2024-05-03 08:30',
      'Member 4, 2024-05-04 08:30',
    ]);
    expect(extraction.blocks.find(({ text }) => text.startsWith('Answer number 2'))?.locator).toEqual({
      headingPath: ['Bread in the mountains', 'Member 2, 2024-05-02 08:30'],
      href: 'https://board.example/t/7#post-2',
    });
    expect(textOf(extraction)).not.toContain('Sent from my oven');
  });
});

test('a long thread is told by its posts alone, without the libraries', async () => {
  const extraction = await readPage(threadPage(1001), {}, 'https://board.example/t/7');
  expect(extraction.typeMetadata).toMatchObject({
    pageKind: 'discussion',
    postCount: 1001,
    extraction: { candidate: 'posts', method: 'landmarks', readabilityLength: null, defuddleLength: null },
  });
  const shorter = await readPage(threadPage(101), {}, 'https://board.example/t/7');
  expect(shorter.typeMetadata).toMatchObject({
    postCount: 101,
    extraction: { candidate: 'posts', method: 'scored', defuddleReason: null },
  });
}, 60_000);

describe('a product', () => {
  test('has its facts, the description that only data has, and its properties', async () => {
    const extraction = await readPage(productPage(), {}, 'https://shop.example/kettle');
    expect(extraction.typeMetadata).toMatchObject({
      pageKind: 'product',
      product: {
        brand: 'Hearth',
        sku: 'K2-7',
        price: 1299.5,
        highPrice: null,
        currency: 'EUR',
        availability: 'InStock',
        rating: 4.625,
        ratingCount: 12,
      },
    });
    expect(textOf(extraction)).toContain('Power\t2200 W');
    expect(textOf(extraction)).toContain('Made of recycled steel');
    expect(textOf(extraction)).toContain('Cable\t2 m');
  });
});

describe('a recipe', () => {
  test('in microdata has its ingredients as a list and its steps by number', async () => {
    const extraction = await readPage(recipePage(), {}, 'https://kitchen.example/rolls');
    expect(extraction.typeMetadata).toMatchObject({
      pageKind: 'recipe',
      recipe: {
        yield: '12 rolls',
        totalTime: 'PT45M',
        stepCount: 3,
        ingredients: ['500 g flour', '1 egg', '20 g yeast'],
      },
    });
    expect(extraction.blocks.filter(({ ordinal }) => ordinal !== undefined)).toEqual([
      expect.objectContaining({ ordinal: 1, text: 'Mix all of it in a large bowl.' }),
      expect.objectContaining({ ordinal: 2, text: 'Wait for an hour until it has doubled.' }),
      expect.objectContaining({ ordinal: 3, text: 'Bake the rolls until they are brown.' }),
    ]);
    expect(textOf(extraction)).toContain('My grandmother baked them every Sunday');
  });

  test('whose lines the page splits or repeats is told once', () => {
    const steps = ['Mix all of it in a large bowl.', 'Bake the rolls until they are brown.'];
    const shown = ['Makes plenty.', '500 g', 'flour', '1', 'egg', ...steps, ...steps];
    const page = {
      title: null,
      blocks: shown.map((text) => ({
        block: { kind: 'paragraph' as const, text, locator: {} },
        linkLength: 0,
        mark: 0,
      })),
      kept: shown.map(() => true),
    };
    const recipe = recipeOf([
      {
        '@type': 'Recipe',
        name: 'Rolls',
        recipeIngredient: ['500 g flour', '1 egg'],
        recipeInstructions: steps,
      },
    ]);
    if (recipe === null) throw new Error('No recipe');
    expect(recipeBlocks(page, recipe).map(({ block }) => block.text)).toEqual([
      'Makes plenty.',
      'Ingredients',
      '500 g flour',
      '1 egg',
      'Instructions',
      ...steps,
    ]);
  });

  test('in JSON-LD keeps its parts; several recipes are none', () => {
    const node = {
      '@type': 'Recipe',
      name: 'Pie',
      recipeIngredient: ['flour', 'butter'],
      recipeInstructions: [
        {
          '@type': 'HowToSection',
          name: 'Dough',
          itemListElement: [{ '@type': 'HowToStep', text: '1. Knead.' }],
        },
        '<p>Bake.</p><p>Eat.</p>',
      ],
      prepTime: 'soon',
    };
    expect(recipeOf([node])).toMatchObject({
      steps: [
        { part: 'Dough', text: 'Knead.' },
        { part: null, text: 'Bake.' },
        { part: null, text: 'Eat.' },
      ],
      prepTime: null,
    });
    expect(recipeOf([node, { ...node, name: 'Cake' }])).toBeNull();
    expect(recipeOf([{ '@type': 'Recipe' }])).toBeNull();
  });
});

test('a listing has title, teaser and address of each entry', async () => {
  const extraction = await readPage(listingPage(), {}, 'https://valley.example/category/bread');
  expect(extraction.typeMetadata).toMatchObject({
    pageKind: 'listing',
    entryCount: 6,
    extraction: { candidate: 'entries' },
  });
  expect(extraction.typeMetadata['entries']).toContainEqual({
    title: 'Walk number 3',
    url: 'https://valley.example/walk/3',
  });
  expect(extraction.blocks.find(({ text }) => text.startsWith('Three days'))?.locator).toMatchObject({
    href: 'https://valley.example/walk/1',
  });
});

describe('entries', () => {
  const entry =
    '<div class="e"><a href="/a">A long walk in the valley</a><p>Two huts and a goat, in three days.</p>';
  const found = (body: string): number => findEntries(parseHtml(`<body><main>${body}</main></body>`)).length;

  test('are siblings of one kind', () => {
    expect(found(`${entry}</div>`.repeat(4))).toBe(4);
    expect(found(`${entry}</div>`.repeat(2))).toBe(0);
  });

  test('do not stand within each other, and none holds most of the text', () => {
    expect(found(`<div class="e">${entry.repeat(4)}${'</div>'.repeat(5)}`)).toBe(0);
    expect(found(`${entry}</div>`.repeat(4) + entry + `<p>${'An article. '.repeat(90)}</p></div>`)).toBe(0);
  });
});

test.each([
  ['1,299.00', 1299],
  ['1.299,50 €', 1299.5],
  ['€ 49', 49],
  ['1.299', 1299],
  [12.345, 12.345],
  [-1, null],
  ['-5', null],
  ['free', null],
])('%p is the price %p', (value, price) => {
  expect(decimalIn(value)).toBe(price);
});

test('values of data are read as plain text', () => {
  expect(ratioIn('4,625 of 5')).toBe(4.625);
  expect(ratioIn('good')).toBeNull();
  expect(linesOf('<ul><li>one</li><li>two</li></ul>')).toEqual(['one', 'two']);
  expect(factIn({ nothing: 1 })).toBeNull();
});

describe('hostile pages are read in bounded time:', () => {
  const prose = `<h1>Title</h1><p>${'A sentence of some words. '.repeat(50)}</p>`;
  const levels = (markup: string, count = 20_000): string => prose + markup.repeat(count);
  const posts = Array.from(
    { length: 30_000 },
    (_, at) => `<p class="post"><b class="author">A${at}</b>Bread rises.</p>`,
  );

  test.each<[string, string, string]>([
    [
      'items within items',
      levels('<div itemscope itemprop="hasPart" itemtype="https://schema.org/Recipe">x'),
      'A sentence',
    ],
    [
      'steps within steps',
      levels('<p itemscope itemtype="https://schema.org/Recipe"><b itemprop="recipeInstructions">x', 2500),
      'A sentence',
    ],
    ['entries within entries', levels('<div class="c"><a href="/x">A long walk</a>'), 'A sentence'],
    [
      'JSON-LD of ten megabytes',
      `${prose}<script type="application/ld+json">${'['.repeat(10_000_000)}</script>`,
      'A sentence',
    ],
    ['more posts than are told apart', posts.join(''), 'A29999Bread rises.'],
  ])(
    '%s',
    async (_, body, text) => {
      const extraction = await readPage(`<html><body>${body}</body></html>`, {}, null);
      expect(extraction.blocks.some((block) => block.text.startsWith(text))).toBe(true);
    },
    120_000,
  );
});
