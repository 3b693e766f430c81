import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { htmlBlocks } from '../../../backbone/content/parsing/html-blocks.ts';
import { parseHtml } from '../../../backbone/content/parsing/html-tree.ts';
import type { ContentMetadata } from '../../../backbone/content/model.ts';
import { authorNames, jsonLdAuthors } from '../../../backbone/content/webpage/authors.ts';
import { dateInUrl, isoDate, visibleDate } from '../../../backbone/content/webpage/dates.ts';
import { parseJsonLd, textIn, typedNodes, typesOf } from '../../../backbone/content/webpage/json-ld.ts';
import { mainNodeOf } from '../../../backbone/content/webpage/main-node.ts';
import { pageMetadata } from '../../../backbone/content/webpage/metadata.ts';
import { pageFacts } from '../../../backbone/content/webpage/page-facts.ts';
import { titleOf, withoutSiteName, type TitleEvidence } from '../../../backbone/content/webpage/title.ts';

const now = new Date('2026-01-15T12:00:00Z');

function metadataOf(
  html: string,
  url: string | null = 'https://www.valley.example/2024/news',
): ContentMetadata {
  const facts = pageFacts(parseHtml(html), url);
  const { blocks } = htmlBlocks(facts.$('body').toArray(), { baseUrl: facts.baseUrl });
  return pageMetadata(facts, blocks, now);
}

describe('dates', () => {
  test.each([
    ['2024', '2024'],
    ['2024-05', '2024-05'],
    ['2024-05-17', '2024-05-17'],
    ['20240517', '2024-05-17'],
    ['2024-05-17T08:30', '2024-05-17T08:30'],
    ['2024-05-17 08:30:11.123+0200', '2024-05-17T08:30:11+02:00'],
    ['2024-05-17T08:30:11Z', '2024-05-17T08:30:11Z'],
    ['2024-05-17T08:30:11+02', '2024-05-17T08:30:11+02:00'],
    ['2024-05-17T99:30', '2024-05-17'],
    ['Fri, 17 May 2024 08:30:11 GMT', '2024-05-17T08:30:11Z'],
    ['17 May 2024 08:30 in the evening of it', '2024-05-17'],
    ['17. Mai 2024', '2024-05-17'],
    ['1er août 2023', '2023-08-01'],
    ['5 de março de 2022', '2022-03-05'],
    ['May 17th, 2024', '2024-05-17'],
    ['2024/5/7', '2024-05-07'],
    ['2024年5月7日', '2024-05-07'],
    ['07.05.2024', '2024-05-07'],
    ['5/7/2024', '2024-05-07'],
    ['17/5/2024', '2024-05-17'],
  ])('%s is %s', (text, date) => {
    expect(isoDate(text, now)).toBe(date);
  });

  test.each([
    '',
    'soon',
    '2024, perhaps',
    '2026-02-01',
    '1970-01-01T00:00:00Z',
    '1066-10-14',
    '2024-02-31',
    '2024-13',
    '31.02.2024',
    '00.01.2024',
    '1 Foo 2024 10:00',
  ])('%s is none', (text) => {
    expect(isoDate(text, now)).toBeNull();
  });

  test('within a line and within an address', () => {
    expect(visibleDate('Posted on 3 June 2021 by Ann', now)).toBe('2021-06-03');
    expect(visibleDate('Posted on 3 June 2031', now)).toBeNull();
    expect(visibleDate('Posted by Ann', now)).toBeNull();
    expect(dateInUrl('https://a.example/2021/06/03/title', now)).toBe('2021-06-03');
    expect(dateInUrl('https://a.example/2021/99/03/title', now)).toBeNull();
    expect(dateInUrl('https://a.example/2031/06/03/', now)).toBeNull();
    expect(dateInUrl('no address', now)).toBeNull();
  });

  test('no text makes a date of the future or breaks', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9T:./ +-]{4,25}$/)), (text) => {
        const date = isoDate(text, now);
        if (date !== null) expect(Date.parse(date)).toBeLessThan(now.getTime() + 37 * 3600 * 1000);
      }),
    );
  });
});

describe('JSON-LD', () => {
  test.each([
    ['{"a":1,}', { a: 1 }],
    ['/* x */ {"a": "b\nc"};', { a: 'b c' }],
    ['<!-- {"a":[1,2,],} -->', null],
    ['// line\n{"a":1}', { a: 1 }],
    ['{{', null],
    ['x'.repeat(1_000_001), null],
  ])('%# is mended or skipped', (script, value) => {
    expect(parseJsonLd(script)).toEqual(value);
  });

  test('typed nodes are found at any depth, in any container, within bounds', () => {
    const deep = JSON.parse(
      '{"@graph":[{"@type":"A","b":{"@type":["http://schema.org/B",3]}}],"c":null}',
    ) as unknown;
    expect(typedNodes([deep, null, 'x']).map(typesOf)).toEqual([['a'], ['b']]);
    expect(typedNodes([Array.from({ length: 10_000 }, () => ({ '@type': 'A' }))]).length).toBeLessThan(5001);
  });

  test.each([
    [' x ', 'x'],
    ['', null],
    [3, '3'],
    [['', 'y'], 'y'],
    [{ name: 'z' }, 'z'],
    [{ '@value': 'v' }, 'v'],
    [{ a: 1 }, null],
    [null, null],
    ['Redacci&oacute;n', 'Redacción'],
    [[['n']], null],
  ])('the text in %j is %j', (value, text) => {
    expect(textIn(value)).toBe(text);
  });

  test('of several articles the one about the page counts', () => {
    const nodes = [
      { '@type': 'Article', url: 'https://a.example/x' },
      { '@type': 'Article', mainEntityOfPage: { '@id': 'http://www.a.example/y/?z' } },
      { '@type': 'WebPage' },
    ];
    expect(mainNodeOf(nodes, 'https://a.example/y')).toBe(nodes[1]);
    expect(mainNodeOf(nodes, null)).toBe(nodes[0]);
    expect(mainNodeOf([{ '@type': 'WebPage', url: 'x' }], 'https://a.example/')).toMatchObject({ url: 'x' });
    expect(mainNodeOf([], null)).toBeNull();
  });
});

describe('authors', () => {
  test.each([
    [['By Ann Lee and Bo Chen'], ['Ann Lee', 'Bo Chen']],
    [['Von: Jörg Öst | 3.4.2020'], ['Jörg Öst']],
    [['ANN LEE', 'ann lee'], ['Ann Lee']],
    [['Ann Lee Ann Lee'], ['Ann Lee']],
    [['Artikel von: hausinfo'], ['hausinfo']],
    [['Ann Lee Fri, 3 May 2020'], ['Ann Lee']],
    [['ann@lee.example', 'https://a.example/ann', 'admin', 'Valley Courier', 'x'.repeat(90), ''], []],
  ])('%j are %j', (texts, names) => {
    expect(authorNames(texts, 'Valley Courier')).toEqual(names);
  });

  test('come in many forms of JSON-LD', () => {
    const people = [
      { '@type': 'Person', '@id': '#a', name: 'Ann' },
      { '@type': 'WebSite', '@id': '#s', name: 'Site' },
    ];
    const of = (author: unknown): string[] => jsonLdAuthors({ author }, people);
    expect(of('Ann')).toEqual(['Ann']);
    expect(
      of(['Ann', { name: 'Bo' }, { name: ['Cy', 'Di', 3] }, { givenName: 'Ed', familyName: 'Fox' }]),
    ).toEqual(['Ann', 'Bo', 'Cy', 'Di', 'Ed Fox']);
    expect(of([{ '@id': '#a' }, { '@id': '#s' }, { '@id': '#missing' }, {}, 7])).toEqual(['Ann']);
    expect(jsonLdAuthors({ creator: 'Gil' }, [])).toEqual(['Gil']);
  });
});

describe('titles', () => {
  const evidence: TitleEvidence = {
    headline: null,
    ogTitle: null,
    metaTitle: null,
    h1s: [],
    titleElement: null,
    siteName: 'Valley Courier',
    host: 'www.valley.example',
  };

  test.each([
    ['Flood – Valley Courier', 'Flood'],
    ['Valley Courier: Flood in town', 'Flood in town'],
    ['Flood in the valley | Local news', 'Flood in the valley'],
    ['Flood - a history', 'Flood - a history'],
    ['Flood | Local', 'Flood | Local'],
    ['Valley Courier', 'Valley Courier'],
    ['Valley | Valley Courier', 'Valley | Valley Courier'],
    ['valley.example | ', 'valley.example | '],
  ])('%s less the site is %s', (title, bare) => {
    expect(withoutSiteName(title, evidence)).toBe(bare);
  });

  test('the h1 that resembles the claim wins, and a site’s name is no title', () => {
    expect(
      titleOf({
        ...evidence,
        ogTitle: 'Flood in the lower valley',
        h1s: ['Valley Courier', 'The flood in the lower valley'],
      }),
    ).toEqual({ value: 'The flood in the lower valley', source: 'h1' });
    expect(titleOf({ ...evidence, ogTitle: 'Flood | Valley Courier', h1s: ['Other', ''] })).toEqual({
      value: 'Flood',
      source: 'og',
    });
    expect(titleOf({ ...evidence, titleElement: 'x', h1s: ['Only'] })).toEqual({
      value: 'Only',
      source: 'h1',
    });
    expect(titleOf({ ...evidence, titleElement: 'x', h1s: ['A', 'B'] })).toEqual({
      value: 'x',
      source: 'title',
    });
    expect(titleOf({ ...evidence, h1s: ['Only'], host: null })).toEqual({ value: 'Only', source: 'h1' });
    expect(titleOf({ ...evidence, h1s: ['…'] })).toEqual({ value: '…', source: 'h1' });
    expect(titleOf(evidence)).toBeNull();
  });
});

describe('a page’s metadata', () => {
  test('falls through to microdata, time elements and bylines', () => {
    const page = metadataOf(
      '<html xml:lang="de_AT"><body><h1>T</h1><div itemprop="author"><span itemprop="name">Ann Lee</span></div><time datetime="2023-01-02" class="updated">x</time><time datetime="2022-01-02" class="published">x</time>',
    );
    expect(page.authors).toEqual({ value: ['Ann Lee'], source: 'microdata' });
    expect(page.publishedAt).toEqual({ value: '2022-01-02', source: 'time' });
    expect(page.language).toEqual({ value: 'de-AT', source: 'html' });
    const byline = metadataOf('<h1>T</h1><p class="author">By Ann Lee</p><p class="date">3 May 2021</p>');
    expect(byline.authors).toEqual({ value: ['Ann Lee'], source: 'byline' });
    expect(byline.publishedAt).toEqual({ value: '2021-05-03', source: 'byline' });
    const line = metadataOf('<h1>T</h1><p>3 May 2021 · by Ann Lee</p>');
    expect([line.authors?.value, line.publishedAt?.value]).toEqual([['Ann Lee'], '2021-05-03']);
  });

  test('reads labels of Twitter cards, a lone person, and meta names', () => {
    const card =
      '<meta name="twitter:label1" content="Written by"><meta name="twitter:data1" content="Ann Lee"><meta name="twitter:label2" content="Time">';
    expect(metadataOf(card).authors).toEqual({ value: ['Ann Lee'], source: 'meta' });
    const person =
      '<script type="application/ld+json">[{"@type":"Person","name":"Ann Lee"},{"@type":"WebSite","name":"Valley"}]</script>';
    expect(metadataOf(person)).toMatchObject({
      authors: { value: ['Ann Lee'], source: 'jsonld' },
      siteName: { value: 'Valley', source: 'jsonld' },
    });
    const meta =
      '<meta name="author" content="Ann Lee"><meta name="DC.Date" content="2020-02"><meta name="dcterms.modified" content="2021"><meta name="description" content="About."><meta name="content-language" content="fr"><meta name="x" content="">';
    expect(metadataOf(meta)).toMatchObject({
      authors: { source: 'meta' },
      publishedAt: { value: '2020-02', source: 'meta' },
      modifiedAt: { value: '2021' },
      description: { value: 'About.', source: 'meta' },
      language: { value: 'fr', source: 'meta' },
    });
  });

  test('believes JSON-LD first, wherever its parts stand', () => {
    const data = {
      '@type': 'NewsArticle',
      author: 'Ann Lee',
      datePublished: '2020-01-02',
      description: 'D',
      inLanguage: 'nl',
      image: [{ url: '/i.png' }],
      publisher: { name: 'P' },
    };
    const page = metadataOf(`<script type="application/ld+json">${JSON.stringify(data)}</script>`);
    expect(page).toMatchObject({
      authors: { source: 'jsonld' },
      publishedAt: { source: 'jsonld' },
      description: { value: 'D' },
      language: { value: 'nl' },
      siteName: { value: 'P' },
      imageUrl: { value: 'https://www.valley.example/i.png', source: 'jsonld' },
    });
    const plain = metadataOf(
      `<script type="application/ld+json">${JSON.stringify({ ...data, image: 'http://b.example/i.png' })}</script>`,
    );
    expect(plain.imageUrl?.value).toBe('http://b.example/i.png');
  });

  test('keeps a canonical address within the site only', () => {
    expect(
      metadataOf(
        '<link rel=canonical href="https://other.example/x"><meta property="og:url" content="https://m.valley.example/y">',
      ).canonicalUrl,
    ).toEqual({ value: 'https://m.valley.example/y', source: 'og' });
    expect(metadataOf('<base href="/dir/"><link rel=canonical href="z">').canonicalUrl?.value).toBe(
      'https://www.valley.example/dir/z',
    );
    expect(metadataOf('<link rel=canonical href="https://a.example/">', null).canonicalUrl).toBeNull();
  });

  test('takes no author or date from comments, and the date of the address before a visible one', () => {
    const page = metadataOf(
      '<h1>T</h1><div class="comments"><a rel="author">Troll</a><time datetime="2020-01-01"></time></div>',
      'https://a.example/2019/04/05/t',
    );
    expect(page.authors).toBeNull();
    expect(page.publishedAt).toEqual({ value: '2019-04-05', source: 'url' });
  });
});
