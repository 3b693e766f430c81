import { describe, expect, test } from '@jest/globals';
import type { Block } from '../../../backbone/content/model.ts';
import type { ReadBlock } from '../../../backbone/content/parsing/html-blocks.ts';
import { parseHtml } from '../../../backbone/content/parsing/html-tree.ts';
import { headingOf, threadSections } from '../../../backbone/content/webpage/discussion.ts';
import { entrySections, findEntries } from '../../../backbone/content/webpage/entries.ts';
import type { JsonLdNode } from '../../../backbone/content/webpage/json-ld.ts';
import {
  documentationBlocks,
  productBlocks,
  recipeBlocks,
} from '../../../backbone/content/webpage/kind-candidates.ts';
import { readMicrodata } from '../../../backbone/content/webpage/microdata.ts';
import { pageFacts } from '../../../backbone/content/webpage/page-facts.ts';
import { findPosts, type Post } from '../../../backbone/content/webpage/posts.ts';
import { productOf, type DescribedProduct } from '../../../backbone/content/webpage/product.ts';
import { recipeOf } from '../../../backbone/content/webpage/recipe.ts';
import { REGION } from '../../../backbone/content/webpage/regions.ts';
import { sectionedCandidate } from '../../../backbone/content/webpage/sections.ts';
import { selectCandidate, type CandidateName } from '../../../backbone/content/webpage/select.ts';

const now = new Date('2026-01-15T12:00:00Z');
const PAGE = 'https://board.example/t/7';
const postsOf = (body: string, pageUrl: string | null = PAGE): readonly Post[] =>
  findPosts(parseHtml(`<body>${body}</body>`), { pageUrl, now });
const read = (kind: Block['kind'], text: string, level?: number, mark = 0): ReadBlock => ({
  block: { kind, text, locator: {}, ...(level === undefined ? {} : { level }) },
  linkLength: 0,
  mark,
});
const textsOf = (blocks: readonly ReadBlock[]): readonly string[] => blocks.map(({ block }) => block.text);
const all = (blocks: readonly ReadBlock[]): readonly boolean[] => blocks.map(() => true);

describe('posts', () => {
  const author = '<b class="author">Ann</b>';

  test.each([
    ['by the class', `<div class="forum-post">${author}</div>`],
    ['by the id', `<div id="post-12">${author}</div>`],
    ['by the type', `<div itemscope itemtype="https://schema.org/Answer">${author}</div>`],
    ['by the data', `<div data-post-id="4">${author}</div>`],
    ['by a word for its writer', '<div class="post"><i class="username">by Ann, member since 2001</i></div>'],
    ['by an attribute for its writer', '<div class="post" data-author="Ann">text</div>'],
  ])('are found %s', (_, markup) => {
    expect(postsOf(markup)).toMatchObject([{ author: 'Ann', publishedAt: null }]);
  });

  test.each([
    ['an attribute', '<time datetime="2024-05-01T08:30:00Z">in May</time>', '2024-05-01T08:30:00Z'],
    ['a title', '<span class="post-date" title="2024-05-01">in May</span>', '2024-05-01'],
    ['the text', '<span itemprop="datePublished">17 May 2024</span>', '2024-05-17'],
  ])('have their time from %s', (_, markup, time) => {
    expect(postsOf(`<div class="post">${markup}</div>`)).toMatchObject([{ author: null, publishedAt: time }]);
  });

  test.each([
    ['neither writer nor time', '<div class="post">text</div>'],
    ['a writer that is no name', '<div class="post"><b class="author">***</b><time>soon</time></div>'],
    ['a writer as long as a text', `<div class="post"><b class="author">${'word '.repeat(30)}</b></div>`],
    ['the name of a post in a form', '<form class="post"><b class="author">Ann</b></form>'],
  ])('with %s are none', (_, markup) => {
    expect(postsOf(markup)).toEqual([]);
  });

  test('whose titles lead to pages of their own are entries of a list; those that lead to the thread are not', () => {
    const entry = (href: string): string =>
      `<div class="post"><h2><a href="${href}">A title of some length</a></h2>${author}</div>`;
    expect(postsOf(entry('/t/8') + entry('/t/9'))).toEqual([]);
    expect(postsOf(entry('/t/7#post-1') + entry('/t/7#post-2'))).toHaveLength(2);
    expect(postsOf(entry('/t/8'), null)).toHaveLength(1);
    expect(
      postsOf(`<div class="post"><h2>No link</h2><h3><a href="/x">short</a></h3>${author}</div>`),
    ).toHaveLength(1);
  });

  test('become sections without what stands around their text; empty ones are left out', () => {
    const posts = postsOf(
      `<div class="post" id="p1">${author}<time>17 May 2024</time><nav>Menu</nav><div class="signature">Bye</div><p>One.</p>
         <div class="reply"><b class="author">Bob</b><p itemprop="text">Two. <b class="author">Cid</b></p></div></div>
       <div class="post">${author}</div>`,
    );
    const sections = (pageUrl: string | null): readonly unknown[] =>
      threadSections({ posts, title: null, pageUrl, baseUrl: null }).map(({ heading, href, blocks }) => [
        heading,
        href,
        textsOf(blocks).join(' '),
      ]);
    expect(sections(PAGE)).toEqual([
      ['Ann, 2024-05-17', `${PAGE}#p1`, 'One.'],
      ['Bob', null, 'Two. Cid'],
    ]);
    expect(sections(null)[0]).toEqual(['Ann, 2024-05-17', null, 'One.']);
    expect(sections('no address')[0]).toEqual(['Ann, 2024-05-17', null, 'One.']);
    expect(headingOf({ author: null, publishedAt: null }, 3)).toBe('Post 3');
  });
});

describe('entries', () => {
  test('have their title from a heading or else the longest link, and no buttons', () => {
    const $ = parseHtml(`<body><ul>
      <li><h2>A heading</h2><p>With a teaser that is long enough.</p></li>
      <li><a href="/b">A link</a><a href="/c">The longer link</a><p>With a teaser, too, to be read.</p></li>
      <li><a href="/d">x</a><p>Nothing names this one, but it is there.</p></li>
      <li><h2><a href="/e">Linked</a></h2><p>And its teaser, once more.</p><a href="/e">Read more</a></li></ul></body>`);
    const sections = entrySections($('li').toArray(), { title: null, baseUrl: PAGE });
    expect(sections.map(({ heading, href }) => [heading, href])).toEqual([
      ['A heading', null],
      ['The longer link', 'https://board.example/c'],
      ['Linked', 'https://board.example/e'],
    ]);
    expect(textsOf(sections[2]?.blocks ?? [])).toEqual(['And its teaser, once more.']);
    expect(sections[0]?.blocks[0]?.block.locator).toEqual({ headingPath: ['A heading'] });
    expect(findEntries(parseHtml('<p>nothing repeats</p>'))).toEqual([]);
  });
});

test('sections keep whole sentences above them, and headings within stand below their own', () => {
  const lead = read(
    'paragraph',
    'A sentence that tells at some length what all of the sections below it are about.',
  );
  const section = {
    heading: 'One',
    href: null,
    blocks: [
      read('heading', 'Within', 1),
      read('heading', 'Deep'),
      read('paragraph', 'The text of the first section.'),
    ],
    links: [],
  };
  const pageBlocks = [read('heading', 'Top', 1), lead, read('paragraph', 'Sort by'), ...section.blocks];
  const of = (title: string | null): readonly ReadBlock[] =>
    sectionedCandidate({ name: 'posts', title, sections: [section], pageBlocks, kept: all(pageBlocks) })
      .blocks;
  expect(of('Title').map(({ block }) => [block.text, block.level, block.locator])).toEqual([
    ['Title', 1, {}],
    [lead.block.text, undefined, { headingPath: ['Title'] }],
    ['One', 2, { headingPath: ['Title'] }],
    ['Within', 3, {}],
    ['Deep', 3, {}],
    ['The text of the first section.', undefined, {}],
  ]);
  expect(textsOf(of(null))[0]).toBe(lead.block.text);
});

describe('products', () => {
  const none = pageFacts(parseHtml(''), null).meta;
  const factsOf = (node: JsonLdNode): unknown =>
    productOf([{ '@type': 'Product', ...node }], null, none)?.facts;

  test.each<[string, JsonLdNode, object]>([
    [
      'a range of prices',
      { offers: { '@type': 'AggregateOffer', lowPrice: '5', highPrice: 9, priceCurrency: 'eur' } },
      { price: 5, highPrice: 9, currency: 'EUR' },
    ],
    [
      'prices of their own kind',
      { offers: [{ priceSpecification: [{ price: 7, priceCurrency: 'USD' }] }, { price: 'ask' }] },
      { price: 7, highPrice: null, currency: 'USD' },
    ],
    ['no offer', { mpn: 'M1', gtin13: '4006381333931' }, { price: null, sku: 'M1', gtin: '4006381333931' }],
    [
      'words that say nothing',
      { offers: { priceCurrency: 'euros', availability: '?' }, aggregateRating: {} },
      { currency: null, availability: null, rating: null, ratingCount: null },
    ],
    [
      'a quarter of a million prices',
      { offers: Array(500).fill({ priceSpecification: Array(500).fill({ price: 3 }) }) },
      { price: 3, highPrice: null },
    ],
  ])('with %s', (_, node, facts) => {
    expect(factsOf(node)).toMatchObject(facts);
  });

  test('are told by OpenGraph alone, by the main node among many, and not by a shop’s list', () => {
    const { meta } = pageFacts(
      parseHtml(
        `<meta property="product:price:amount" content="12,50"><meta property="product:price:currency" content="CHF">
         <meta property="product:brand" content="Hearth"><meta property="product:availability" content="instock">`,
      ),
      null,
    );
    expect(productOf([], null, meta)).toMatchObject({
      facts: { price: 12.5, currency: 'CHF', brand: 'Hearth', availability: 'instock' },
      description: [],
      properties: [],
    });
    const many = ['a', 'b', 'c'].map((sku): JsonLdNode => ({ '@type': 'Product', sku }));
    expect(productOf(many, null, none)).toBeNull();
    expect(productOf(many, many[1] ?? null, none)).toMatchObject({ facts: { sku: 'b' } });
    expect(productOf([], null, none)).toBeNull();
  });

  test('show what only the data says, once', () => {
    const blocks = [read('paragraph', 'Boils water.'), read('table', 'Volume\t1 l'), read('paragraph', 'Ad')];
    const described = (some: Partial<DescribedProduct>): DescribedProduct => {
      const product = productOf([{ '@type': 'Product' }], null, none);
      if (product === null) throw new Error('No product');
      return { ...product, ...some };
    };
    const page = { title: null, blocks, kept: [true, false, false] };
    expect(textsOf(productBlocks(page, described({ description: ['Boils  water.'] })))).toEqual([
      'Boils water.',
      'Volume\t1 l',
    ]);
    const more = described({
      description: ['Of steel.'],
      properties: [
        ['Volume', '1 l'],
        ['Cable', '2 m'],
      ],
    });
    expect(
      productBlocks({ ...page, title: 'Kettle' }, more).map(({ block }) => [block.text, block.locator]),
    ).toEqual([
      ['Boils water.', {}],
      ['Volume\t1 l', {}],
      ['Of steel.', { headingPath: ['Kettle'] }],
      ['Cable\t2 m', { headingPath: ['Kettle'] }],
    ]);
    expect(factsOf({ additionalProperty: [{ name: 'no value' }] })).toBeDefined();
  });
});

test('documentation keeps code and tables between its text, but none of the navigation', () => {
  const blocks = [
    read('code', 'before'),
    read('paragraph', 'One.'),
    read('code', 'x = 1'),
    read('table', 'of links', undefined, REGION.navigation),
    read('paragraph', 'Two.'),
  ];
  const kept = [false, true, false, false, true];
  expect(textsOf(documentationBlocks({ title: null, blocks, kept }))).toEqual(['One.', 'x = 1', 'Two.']);
});

describe('recipes', () => {
  const node: JsonLdNode = { '@type': 'Recipe', ingredients: ['flour', 'butter'] };

  test('have parts with steps of their own, also below steps that have none', () => {
    const recipe = recipeOf([
      {
        ...node,
        recipeYield: [4, '4 servings'],
        cookTime: 'PT1H',
        recipeInstructions: [
          'Heat the oven.',
          {
            '@type': 'HowToSection',
            name: 'Dough',
            itemListElement: [
              { '@type': 'HowToStep', name: 'Knead.' },
              { '@type': 'HowToSection', itemListElement: '1. Rest.' },
            ],
          },
          { '@type': 'ItemList', itemListElement: 'Bake.' },
        ],
      },
    ]);
    if (recipe === null) throw new Error('No recipe');
    expect(recipe).toMatchObject({ yield: '4 servings', cookTime: 'PT1H' });
    const blocks = [
      read('heading', 'Title', 1),
      read('heading', 'Ingredients of it', 2),
      read('heading', 'For 4 people', 2),
      read('heading', 'Story', 2),
      read('paragraph', 'Told.'),
      read('heading', 'End', 2),
    ];
    const made = recipeBlocks({ title: 'Pie', blocks, kept: all(blocks) }, recipe);
    expect(made.map(({ block }) => [block.text, block.ordinal ?? block.level ?? null])).toEqual([
      ['Title', 1],
      ['For 4 people', 2],
      ['Story', 2],
      ['Told.', null],
      ['Ingredients', 2],
      ['flour', 1],
      ['butter', 1],
      ['Instructions', 2],
      ['Heat the oven.', 1],
      ['Dough', 3],
      ['Knead.', 1],
      ['Rest.', 2],
      ['Instructions', 3],
      ['Bake.', 1],
    ]);
  });

  test('are bounded', () => {
    const steps = recipeOf([
      {
        ...node,
        ingredients: ['egg\n'.repeat(2000)],
        recipeInstructions: [
          { '@type': 'HowToSection', itemListElement: Array(400).fill('<p>Stir.</p><p>Wait.</p>') },
          'Too late.',
        ],
      },
    ]);
    expect(steps?.ingredients).toHaveLength(500);
    expect(steps?.steps).toHaveLength(500);
    expect(recipeOf([{ ...node, recipeInstructions: [] }])).toBeNull();
  });
});

test('microdata of many values and without a type', () => {
  const $ = parseHtml(`<div itemscope itemtype="https://schema.org/Recipe"><span itemprop="name">Pie</span>
    <p itemprop="recipeIngredient">a</p><p itemprop="recipeIngredient">b</p><p itemprop="recipeIngredient">c</p>
    <div itemprop="author" itemscope><a itemprop="url" href="/ann">Ann</a></div></div>`);
  expect(readMicrodata($)).toEqual([
    {
      '@type': 'https://schema.org/Recipe',
      name: 'Pie',
      recipeIngredient: ['a', 'b', 'c'],
      author: { '@type': '', url: '/ann' },
    },
  ]);
});

test.each<CandidateName>(['posts', 'entries', 'recipe', 'product', 'documentation', 'article_body'])(
  'the reading %s is not chosen for pages of another kind, nor an empty one for any',
  (name) => {
    const long = [read('paragraph', Array.from({ length: 100 }, (_, at) => `word${at}`).join(' '))];
    const judged = { name: 'judged', blocks: long, links: [] } as const;
    const isMade = name === 'article_body' ? 'product' : 'other';
    expect(selectCandidate([judged, { name, blocks: long, links: [] }], isMade).candidate.name).toBe(
      'judged',
    );
    for (const kind of ['discussion', 'listing', 'recipe', 'product', 'documentation', 'article'] as const)
      expect(selectCandidate([judged, { name, blocks: [], links: [] }], kind).candidate.name).toBe('judged');
  },
);
