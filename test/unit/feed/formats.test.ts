import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { extract, feedOf, rss } from './read.ts';

const fixture = (name: string): Promise<string> =>
  readFile(join(import.meta.dirname, '../../fixtures/feed', name), 'utf8');

describe('RSS', () => {
  test('gives what the channel says', async () => {
    expect(feedOf(await fixture('podcast.rss'))).toMatchObject({
      format: 'rss',
      title: 'Tides & Talk',
      description: 'Talks from the harbour',
      siteUrl: 'https://coast.example/show',
      selfUrl: 'https://coast.example/show.rss',
      language: 'en-GB',
      authors: ['Ann Lee'],
      publishedAt: '2024-01-02T10:00:00Z',
      modifiedAt: '2024-01-03T09:05:00-05:00',
      imageUrl: 'https://coast.example/cover.jpg',
    });
  });

  test('gives each episode with its files, notes and people', async () => {
    const [first, second] = feedOf(await fixture('podcast.rss')).entries;
    expect(first).toMatchObject({
      id: 'show-2',
      title: 'Fog & foghorns',
      link: 'https://coast.example/show/2',
      publishedAt: '2024-01-02T04:30:00-08:00',
      authors: ['Bo Chen'],
      imageUrl: 'https://coast.example/2.jpg',
      attachments: [{ url: 'https://media.example/2.mp3', type: 'audio/mpeg' }],
      durationSeconds: 3723,
      transcriptUrls: ['https://coast.example/2.vtt'],
    });
    expect(first?.body?.text).toContain('<h2>Horns</h2>');
    expect(second).toMatchObject({
      title: 'Gulls',
      link: 'https://coast.example/show/1',
      authors: ['Cy Dove'],
      publishedAt: null,
      imageUrl: 'https://media.example/1.png',
      attachments: [{ url: 'https://media.example/1.mp4', type: 'video/mp4' }],
    });
    expect(second?.body?.text).toMatch(/^Notes on gulls/);
  });

  test('takes the alternate link of Atom, and no guid that says it is no address', () => {
    const feed = feedOf(
      rss(
        '<item><title>a</title><atom:link href="/a"/></item>' +
          '<item><title>b</title><guid isPermaLink="false">https://coast.example/b</guid></item>' +
          '<item><title>c</title><guid>c-1</guid></item>' +
          '<item><title>d</title><link>javascript:alert(1)</link></item>',
      ),
    );
    expect(feed.entries.map(({ link }) => link)).toEqual(['https://coast.example/a', null, null, null]);
  });

  test('starts relative links where xml:base says, and in a file at its site', () => {
    const base =
      '<rss version="2.0" xml:base="https://a.example/x/"><channel><item><link>y</link></item></channel></rss>';
    expect(feedOf(base, null).entries[0]?.link).toBe('https://a.example/x/y');
    const site = rss('<item><link>/y</link></item>', '<link>https://b.example/</link>');
    expect(feedOf(site, null).entries[0]?.link).toBe('https://b.example/y');
  });
});

describe('what a channel or an entry leaves out', () => {
  test('is looked for in other namespaces', () => {
    const dc =
      '<dc:language>nl</dc:language><dc:creator>Ann Lee</dc:creator><dc:date>2024-01-02</dc:date><dc:title>Coast</dc:title>';
    expect(feedOf(rss('', `${dc}<itunes:subtitle>Short</itunes:subtitle>`))).toMatchObject({
      title: 'Coast',
      language: 'nl',
      authors: ['Ann Lee'],
      publishedAt: '2024-01-02',
      description: 'Short',
    });
    const item =
      '<item><dc:date>2024-01-03</dc:date><dc:title>a</dc:title><dc:description>text</dc:description><dcterms:modified>2024-01-04</dcterms:modified></item>' +
      '<item><media:title>b</media:title><media:description>film</media:description></item>' +
      '<item><title>c</title><atom:published>2024-01-05</atom:published><atom:updated>2024-01-06</atom:updated><atom:content>long</atom:content></item>';
    expect(feedOf(rss(item)).entries).toMatchObject([
      { title: 'a', publishedAt: '2024-01-03', modifiedAt: '2024-01-04', body: { text: 'text' } },
      { title: 'b', body: { text: 'film' } },
      { title: 'c', publishedAt: '2024-01-05', modifiedAt: '2024-01-06', body: { text: 'long' } },
    ]);
  });

  test('is the managing editor, the language of the XML and the picture of the channel', () => {
    const channel =
      '<channel><title>a</title><managingEditor>e@a.example (Eve Fir)</managingEditor>' +
      '<image><url>/i.png</url><title>a</title><link>/</link></image></channel>';
    expect(feedOf(`<rss version="2.0" xml:lang="sv">${channel}</rss>`)).toMatchObject({
      authors: ['Eve Fir'],
      imageUrl: 'https://coast.example/i.png',
    });
  });

  test('stays null where nothing says it', () => {
    expect(feedOf('<rss><channel><title>a</title></channel></rss>', null)).toMatchObject({
      description: null,
      language: null,
      authors: [],
      imageUrl: null,
      entries: [],
    });
    expect(feedOf('<feed xmlns="http://www.w3.org/2005/Atom"><title>a</title></feed>', null)).toMatchObject({
      description: null,
      siteUrl: null,
      selfUrl: null,
      language: null,
      authors: [],
      imageUrl: null,
      entries: [],
    });
    expect(
      feedOf(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><channel><title>a</title></channel></rdf:RDF>',
        null,
      ),
    ).toMatchObject({ description: null, language: null, authors: [], imageUrl: null, entries: [] });
  });

  test('of a channel of RDF or an item may be part of a namespace that is there', () => {
    const rdf =
      '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xml:lang="da">' +
      '<channel><dc:creator>Ann Lee</dc:creator></channel><image><url>/i.png</url></image><item><dc:creator>Bo Chen</dc:creator></item></rdf:RDF>';
    expect(feedOf(rdf)).toMatchObject({
      language: 'da',
      authors: ['Ann Lee'],
      publishedAt: null,
      entries: [{ title: null, authors: ['Bo Chen'], publishedAt: null, link: null }],
    });
    const item =
      '<item xml:base="/b/"><link>c</link><atom:title>a</atom:title><podcast:transcript url="data:x" type="a/b"/></item>';
    expect(feedOf(rss(item)).entries).toMatchObject([
      { link: 'https://coast.example/b/c', transcriptUrls: [] },
    ]);
    expect(feedOf(rss('<item><atom:link rel="alternate" href="/d"/></item>')).entries).toMatchObject([
      { link: 'https://coast.example/d' },
    ]);
  });

  test('may be named otherwise in Atom', () => {
    const text =
      '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">' +
      '<itunes:summary>Talks</itunes:summary><dc:language>it</dc:language><icon>/i.png</icon><link rel="alternate" type="text/plain" href="/x"/>' +
      '<entry><title>a</title><dc:creator>Ann Lee</dc:creator><dc:date>2024-01-02</dc:date><itunes:duration>90</itunes:duration>' +
      '<content type="text"></content><link rel="enclosure"/><author><email>a@b.example</email></author></entry>' +
      '<entry><id>b</id><title>b</title></entry></feed>';
    const feed = feedOf(text);
    expect(feed).toMatchObject({
      description: 'Talks',
      language: 'it',
      imageUrl: 'https://coast.example/i.png',
      siteUrl: 'https://coast.example/x',
    });
    expect(feed.entries).toMatchObject([
      { authors: ['Ann Lee'], publishedAt: '2024-01-02', durationSeconds: 90, body: null, attachments: [] },
      { title: 'b', body: null },
    ]);
  });
});

test('RDF is read with its Dublin Core', () => {
  const feed =
    feedOf(`<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
    xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://j.example/"><title>Journal</title>
    <link>https://j.example/</link><description>All of it</description><dc:language>fr</dc:language></channel>
    <item rdf:about="https://j.example/1"><title>One</title><link>https://j.example/1</link><description>Text</description>
    <dc:creator>Ida Jay</dc:creator><dc:date>2023-05-06</dc:date></item>
    <item rdf:about="https://j.example/2" xml:base="https://j.example/b/"><dc:title>Two</dc:title></item></rdf:RDF>`);
  expect(feed).toMatchObject({ format: 'rdf', title: 'Journal', description: 'All of it', language: 'fr' });
  expect(feed.entries).toMatchObject([
    { title: 'One', authors: ['Ida Jay'], publishedAt: '2023-05-06', link: 'https://j.example/1' },
    { title: 'Two', link: 'https://j.example/2', body: null },
  ]);
});

describe('Atom', () => {
  test('gives what the feed says, addresses made absolute', async () => {
    expect(feedOf(await fixture('notes.atom'), null)).toMatchObject({
      format: 'atom',
      title: 'Notes & more',
      description: 'From the shore',
      siteUrl: 'https://notes.example/blog/',
      selfUrl: 'https://notes.example/blog/feed.atom',
      language: 'de',
      authors: ['Dana Eel'],
      modifiedAt: '2024-03-01T10:00:00Z',
      imageUrl: 'https://notes.example/blog/logo.png',
    });
  });

  test('gives its entries, with bases within bases', async () => {
    const [dunes, plain, loose, film] = feedOf(await fixture('notes.atom'), null).entries;
    expect(dunes).toMatchObject({
      title: 'Dunes',
      link: 'https://notes.example/blog/2024/dunes.html',
      publishedAt: '2024-02-28T08:00:00+01:00',
      modifiedAt: '2024-02-29T08:00:00+01:00',
      authors: ['Eve Fir'],
      attachments: [
        { url: 'https://notes.example/blog/2024/dunes.ogg', type: 'audio/ogg' },
        { url: 'https://notes.example/blog/2024/dunes.bin', type: null },
      ],
      body: { isHtml: true, baseUrl: 'https://notes.example/blog/2024/dunes/' },
    });
    expect(plain).toMatchObject({ publishedAt: '2024-02-27T08:00:00Z', body: { isHtml: false } });
    expect(loose).toMatchObject({ link: null, body: { isHtml: true } });
    expect(film).toMatchObject({
      title: 'Film',
      imageUrl: 'https://notes.example/film.jpg',
      body: { text: 'What the film shows' },
    });
  });

  test('becomes text with markup for what was meant as markup', async () => {
    const { blocks, links } = await extract(await fixture('notes.atom'), null);
    const texts = blocks.map(({ text }) => text);
    expect(texts).toContain('Sand < stone.\nMap');
    expect(texts).toContain('First line <3');
    expect(texts).toContain('Second & last');
    expect(texts).toContain('Untyped HTML');
    expect(links).toContainEqual({ url: 'https://notes.example/blog/2024/dunes/map', text: 'Map' });
  });
});

describe('JSON Feed', () => {
  test('is read with attachments and both kinds of text', () => {
    const feed = feedOf(
      JSON.stringify({
        version: 'https://jsonfeed.org/version/1.1',
        title: 'Pier',
        description: 'Notes',
        home_page_url: 'https://pier.example/',
        feed_url: 'https://pier.example/feed.json',
        language: 'en',
        icon: '/icon.png',
        authors: [{ name: 'Kit Lane' }],
        items: [
          {
            id: 1,
            url: '/1',
            title: 'One',
            content_html: '<p>Hello</p>',
            date_published: '2024-05-05T10:00:00Z',
            date_modified: '2024-05-06T10:00:00Z',
            image: '/1.png',
            attachments: [
              { url: '/1.mp3', mime_type: 'audio/mpeg', duration_in_seconds: 60 },
              { url: '/2.bin' },
              { title: 'x' },
            ],
          },
          { id: '2', external_url: 'https://other.example/', content_text: 'Plain' },
          { id: '3', title: 'Bare' },
        ],
      }),
      null,
    );
    expect(feed).toMatchObject({
      format: 'json-feed',
      title: 'Pier',
      siteUrl: 'https://pier.example/',
      language: 'en',
      authors: ['Kit Lane'],
      imageUrl: 'https://pier.example/icon.png',
    });
    expect(feed.entries).toMatchObject([
      {
        id: '1',
        link: 'https://pier.example/1',
        publishedAt: '2024-05-05T10:00:00Z',
        modifiedAt: '2024-05-06T10:00:00Z',
        durationSeconds: 60,
        imageUrl: 'https://pier.example/1.png',
        body: { text: '<p>Hello</p>', isHtml: true },
      },
      { link: 'https://other.example/', body: { text: 'Plain', isHtml: false } },
      { title: 'Bare', body: null, durationSeconds: null },
    ]);
    expect(feed.entries[0]?.attachments[0]).toEqual({
      url: 'https://pier.example/1.mp3',
      type: 'audio/mpeg',
    });
  });

  test('without an author and without addresses has none', () => {
    const feed = feedOf(
      '{"version":"https://jsonfeed.org/version/1","title":"T","items":[{"id":"1","url":"/x"}]}',
      null,
    );
    expect(feed).toMatchObject({ authors: [], siteUrl: null, entries: [{ link: null }] });
  });

  test('may be RSS written as JSON', () => {
    const feed = feedOf(
      JSON.stringify({
        rss: {
          version: '2.0',
          channel: {
            title: 'Script & more',
            link: 'https://s.example/',
            item: [
              {
                title: 'A "quote"',
                description: '<p>x &amp; y</p>',
                guid: { '#value': 'https://s.example/1', isPermaLink: 'true' },
                enclosure: { url: 'https://s.example/1.mp3', type: 'audio/mpeg', length: 7 },
                pubDate: 'Fri, 05 Jan 2024 10:00:00 GMT',
              },
              'no item',
            ],
          },
        },
      }),
    );
    expect(feed).toMatchObject({ format: 'rss-in-json', title: 'Script & more' });
    expect(feed.entries).toMatchObject([
      {
        title: 'A "quote"',
        link: 'https://s.example/1',
        publishedAt: '2024-01-05T10:00:00Z',
        body: { text: '<p>x &amp; y</p>' },
        attachments: [{ url: 'https://s.example/1.mp3' }],
      },
    ]);
    expect(feedOf('{"rss":{"channel":{"title":"One","item":{"title":"Only"}}}}').entries).toHaveLength(1);
  });
});
