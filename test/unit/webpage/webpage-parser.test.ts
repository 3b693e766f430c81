import { describe, expect, test } from '@jest/globals';
import { markdownOf } from '../../../backbone/content/markdown-writer.ts';
import { canonicalText, type Extraction } from '../../../backbone/content/model.ts';
import { readFixture, readPage } from './read-fixture.ts';

const textOf = (extraction: Extraction): string => canonicalText(extraction.blocks).text;

describe('an article', () => {
  test('keeps its text, code, table, list, caption and images, and leaves navigation and related links out', async () => {
    const extraction = await readFixture('article');
    const text = textOf(extraction);
    for (const wanted of [
      'The river rose two metres',
      'In the long run the valley',
      'return depth * width * 1.4',
      'Mill bridge\t2.1 m',
      'Pumps arrive on Monday',
    ])
      expect(text).toContain(wanted);
    for (const unwanted of ['Sport', 'Cheese market', 'All rights reserved'])
      expect(text).not.toContain(unwanted);
    expect(markdownOf(extraction.blocks)).toContain('```python\ndef flow(depth, width):\n    return');
    expect(extraction.blocks).toContainEqual({
      kind: 'image',
      text: 'The mill under water',
      source: 'https://valley.example/img/mill.jpg',
      locator: { headingPath: ['Flood in the lower valley', 'Measurements'] },
    });
    expect(extraction.links).toContainEqual({
      url: 'https://valley.example/plans/river',
      text: 'plan for the river',
    });
    expect(extraction.links.some(({ url }) => url.endsWith('/sport'))).toBe(false);
  });

  test('has its metadata from the best source each', async () => {
    const { metadata, typeMetadata } = await readFixture('article');
    expect(metadata).toEqual({
      title: { value: 'Flood in the lower valley', source: 'h1' },
      authors: { value: ['Ann Lee', 'Bo Chen'], source: 'jsonld' },
      language: { value: 'en-GB', source: 'html' },
      publishedAt: { value: '2024-05-17T08:30:00+02:00', source: 'jsonld' },
      modifiedAt: { value: '2024-05-18', source: 'jsonld' },
      description: { value: 'What the water left behind.', source: 'og' },
      siteName: { value: 'Valley Courier', source: 'og' },
      canonicalUrl: { value: 'https://valley.example/news/flood?id=7', source: 'link' },
      imageUrl: { value: 'https://valley.example/img/flood.jpg', source: 'og' },
    });
    expect(typeMetadata).toMatchObject({
      pageKind: 'article',
      images: [{ url: 'https://valley.example/img/mill.jpg', alt: 'The mill under water' }],
      extraction: { method: 'scored' },
      metadataSources: { title: 'h1', authors: 'jsonld' },
    });
    expect(typeMetadata['wordCount']).toBeGreaterThan(150);
  });

  test('keeps its body when readers wrote more than the author did', async () => {
    const text = textOf(await readFixture('many-comments'));
    expect(text).toContain('The river rose two metres');
    expect(text).not.toContain('I have read this twice');
  });

  test('about cookies and captchas is no wall', async () => {
    expect(textOf(await readFixture('about-cookies'))).toContain('Captchas ask whether you are a robot');
  });

  test('with broken JSON-LD still gives its author, date and the warning that only a part is free', async () => {
    const { metadata, warnings } = await readFixture('broken-json-ld');
    expect(metadata.title?.value).toBe('Notes from the dyke');
    expect(metadata.authors?.value).toEqual(['Ida Moor']);
    expect(metadata.publishedAt).toEqual({ value: '2023-03-04', source: 'jsonld' });
    expect(warnings.map(({ code }) => code)).toEqual(['partial_text']);
  });

  test('loads its pictures late: the address to come counts, and decoration is left out', async () => {
    const { blocks } = await readFixture('lazy-images');
    const images = blocks.filter(({ kind }) => kind === 'image');
    expect(images.map(({ source }) => source)).toEqual(['https://valley.example/img/wheel.jpg']);
  });

  test('in Windows-1252 is read with its umlauts', async () => {
    const extraction = await readFixture('windows-1252');
    expect(extraction.metadata.title?.value).toBe('Über die Brücke');
    expect(textOf(extraction)).toContain('Größere Fahrzeuge dürfen');
    expect(extraction.typeMetadata).toMatchObject({ reading: { charset: 'windows-1252' } });
  });
});

describe('other kinds of pages', () => {
  test('documentation keeps code with its language, the table and the admonition', async () => {
    const extraction = await readFixture('documentation');
    const code = extraction.blocks.find(({ kind }) => kind === 'code');
    expect(code).toMatchObject({ text: 'port: 8080\nlog: debug', codeLanguage: 'yaml' });
    expect(textOf(extraction)).toContain('port\tWhere the server listens');
    expect(textOf(extraction)).toContain('Note: changing the port');
    expect(extraction.typeMetadata).toMatchObject({ pageKind: 'documentation' });
  });

  test('a thread keeps every post in order', async () => {
    const extraction = await readFixture('forum');
    const text = textOf(extraction);
    const places = ['does not rise', 'Air pressure', 'I second that', 'Thank you both'].map((part) =>
      text.indexOf(part),
    );
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places[0]).toBeGreaterThanOrEqual(0);
    expect(extraction.typeMetadata).toMatchObject({ pageKind: 'discussion' });
  });

  test('a product keeps description and specifications', async () => {
    const extraction = await readFixture('product');
    expect(textOf(extraction)).toContain('boils a litre of water');
    expect(textOf(extraction)).toContain('Power\t2200 W');
    expect(extraction.typeMetadata).toMatchObject({ pageKind: 'product' });
  });

  test('a list keeps title and teaser of each entry', async () => {
    const extraction = await readFixture('list');
    expect(textOf(extraction)).toContain('A stove from scrap');
    expect(textOf(extraction)).toContain('Flat stones, slow fire');
  });

  test('a legal text without a body tag is read whole', async () => {
    const extraction = await readFixture('legal-without-body');
    expect(textOf(extraction)).toContain('Article 1. Wells');
    expect(textOf(extraction)).toContain('Article 3. Whoever');
    expect(extraction.metadata.title?.value).toBe('Regulation on wells');
  });

  test('a page without visible text falls back on the article body in JSON-LD', async () => {
    const body = 'A sentence that stands only in the data.\n'.repeat(8);
    const data = JSON.stringify({ '@type': 'Article', articleBody: body });
    const extraction = await readPage(`<body><script type="application/ld+json">${data}</script></body>`);
    expect(extraction.blocks).toHaveLength(8);
    expect(extraction.typeMetadata).toMatchObject({ extraction: { method: 'json-ld' } });
  });

  test('an uploaded file needs no address', async () => {
    const extraction = await readPage('<h1>Note</h1><p>Short <a href="/x">text</a>.', {}, null);
    expect(textOf(extraction)).toContain('Short text.');
    expect(extraction.metadata.canonicalUrl).toBeNull();
    expect(extraction.links).toEqual([]);
  });
});

describe('what is not content', () => {
  test.each([
    ['cookie-wall', 'page_is_cookie_wall'],
    ['captcha', 'page_is_captcha'],
    ['login', 'page_needs_login'],
    ['soft-404', 'page_not_found'],
    ['app-shell', 'page_needs_scripts'],
  ])('%s ends as %s', async (name, code) => {
    await expect(readFixture(name)).rejects.toMatchObject({ code });
  });

  test.each([
    ['nothing', '', 'source_empty'],
    ['white space', ' \n\t ', 'source_empty'],
    ['a tree without text', '<html><body><div></div></body></html>', 'no_text'],
    ['an RSS feed', '<?xml version="1.0"?><rss version="2.0"><channel></channel></rss>', 'file_damaged'],
  ])('%s is refused', async (_, page, code) => {
    await expect(readPage(page)).rejects.toMatchObject({ code });
  });

  test('a page above the limit is refused with the name of the setting', async () => {
    const reading = readPage('<p>123456789', { maxPageBytes: 5 });
    await expect(reading).rejects.toMatchObject({
      code: 'source_too_large',
      hint: expect.stringContaining('MAX_PAGE_MB'),
    });
  });

  test('text that grows beyond the limit when decoded is refused', async () => {
    await expect(readPage(new Uint8Array(12).fill(0x80), { maxPageBytes: 11 })).rejects.toMatchObject({
      code: 'source_too_large',
    });
  });
});

describe('hostile pages', () => {
  test.each([
    ['100,000 nested elements', '<div>'.repeat(100_000) + 'deep'],
    ['20,000 nested tables', '<table><tr><td>'.repeat(20_000) + 'deep'],
    ['300,000 attributes', `<p ${Array.from({ length: 300_000 }, (_, at) => `a${at}`).join(' ')}>deep`],
    ['one line of megabytes', `<p>deep ${'x'.repeat(1_000_000)}`],
    ['entities in a document type', '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><p>deep &b;'],
    ['30,000 paragraphs', '<p>deep'.repeat(30_000)],
  ])('%s are read in time', async (_, page) => {
    expect(textOf(await readPage(page))).toContain('deep');
  });

  test('binary bytes called HTML neither crash nor leave a NUL', async () => {
    const bytes = Uint8Array.from({ length: 4096 }, (_, at) => (at * 7919) % 256);
    const text = await readPage(bytes).then(textOf, () => '');
    expect(text.includes('\0')).toBe(false);
    expect(text.isWellFormed()).toBe(true);
  });

  test('more tags than any page has are refused', async () => {
    await expect(readPage('<b>'.repeat(800_001))).rejects.toMatchObject({ code: 'file_unsafe' });
  });
});
