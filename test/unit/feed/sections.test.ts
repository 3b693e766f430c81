import { describe, expect, test } from '@jest/globals';
import { feedBlocks } from '../../../backbone/content/webpage/feed/feed-blocks.ts';
import type { FeedEntry } from '../../../backbone/content/webpage/feed/feed-model.ts';
import { MOST_ENTRIES } from '../../../backbone/content/webpage/feed/feed-parser.ts';
import { newestEntries } from '../../../backbone/content/webpage/feed/newest-entries.ts';
import { extract, rss } from './read.ts';

const entry = (change: Partial<FeedEntry>): FeedEntry => ({
  id: null,
  title: null,
  link: null,
  publishedAt: null,
  modifiedAt: null,
  authors: [],
  body: null,
  imageUrl: null,
  attachments: [],
  durationSeconds: null,
  transcriptUrls: [],
  ...change,
});
const html = (text: string): FeedEntry['body'] => ({ text, isHtml: true, baseUrl: null });
const blocksOf = (entries: readonly FeedEntry[], limits = { entryCharacters: 100, allCharacters: 150 }) =>
  feedBlocks({ title: 'Coast', description: 'Coast', entries }, limits, () => undefined);

describe('an entry', () => {
  test('is a section with its link, author and day', async () => {
    const item =
      '<item><title>Fog</title><link>https://coast.example/fog</link><author>a@b.example (Ann Lee)</author>' +
      '<pubDate>Fri, 05 Jan 2024 10:00:00 GMT</pubDate><description>&lt;h1&gt;Fog&lt;/h1&gt;&lt;h2&gt;Banks&lt;/h2&gt;&lt;p&gt;It drifts.&lt;/p&gt;</description></item>';
    const extraction = await extract(rss(item, '<title>Coast</title><description>News</description>'));
    const place = { href: 'https://coast.example/fog' };
    expect(extraction.blocks).toEqual([
      { kind: 'heading', level: 1, text: 'Coast', locator: {} },
      { kind: 'paragraph', text: 'News', locator: { headingPath: ['Coast'] } },
      { kind: 'heading', level: 2, text: 'Fog', locator: { ...place, headingPath: ['Coast'] } },
      {
        kind: 'paragraph',
        text: 'Ann Lee, 2024-01-05',
        locator: { ...place, headingPath: ['Coast', 'Fog'] },
      },
      expect.objectContaining({ kind: 'heading', level: 4, text: 'Banks' }),
      expect.objectContaining({ kind: 'paragraph', text: 'It drifts.' }),
    ]);
    expect(extraction.blocks.at(-1)?.locator).toMatchObject({
      ...place,
      headingPath: expect.arrayContaining(['Coast', 'Fog', 'Banks']) as unknown,
    });
    expect(extraction.links).toEqual([{ url: 'https://coast.example/fog', text: 'Fog' }]);
    expect(extraction.metadata).toMatchObject({
      title: { value: 'Coast', source: 'rss' },
      siteName: { value: 'Coast' },
      modifiedAt: { value: '2024-01-05T10:00:00Z' },
      authors: null,
    });
    expect(extraction.typeMetadata).toMatchObject({
      pageKind: 'feed',
      extraction: { method: 'feed' },
      feed: {
        format: 'rss',
        entriesInFeed: 1,
        entries: [{ title: 'Fog', url: 'https://coast.example/fog' }],
      },
    });
    expect(extraction.warnings).toEqual([]);
  });

  test('without a title is called by its day, else by its place', () => {
    const { blocks } = blocksOf([entry({ publishedAt: '2024-01-05T10:00:00Z' }), entry({})]);
    expect(blocks.map(({ text }) => text)).toEqual(['Coast', '2024-01-05', 'Entry 2']);
  });

  test('escaped once too often is read all the same', () => {
    const body = html('&lt;p&gt;One&lt;/p&gt; &lt;p&gt;two&lt;/p&gt;');
    expect(blocksOf([entry({ body })]).blocks.map(({ text }) => text)).toEqual([
      'Coast',
      'Entry 1',
      'One',
      'two',
    ]);
  });

  test('in a feed without a title stands at the top', () => {
    const { blocks } = feedBlocks(
      { title: null, description: 'News', entries: [entry({})] },
      { entryCharacters: 1, allCharacters: 1 },
      () => undefined,
    );
    expect(blocks).toEqual([
      { kind: 'paragraph', text: 'News', locator: {} },
      { kind: 'heading', level: 2, text: 'Entry 1', locator: {} },
    ]);
  });

  test('holds no script of its source', async () => {
    const item =
      '<item><title>x</title><description>&lt;script&gt;alert(1)&lt;/script&gt;&lt;p onclick="a()"&gt;Text&lt;/p&gt;</description></item>';
    expect((await extract(rss(item))).blocks.map(({ text }) => text)).toEqual(['Coast', 'x', 'Text']);
  });
});

describe('limits', () => {
  test('cut off the text of an entry and leave out what comes after', () => {
    const bodies = [html('a'.repeat(120)), html('b'.repeat(90)), html('c')];
    const { blocks, shortened } = blocksOf(bodies.map((body) => entry({ body })));
    const lengths = blocks.filter(({ kind }) => kind === 'paragraph').map(({ text }) => text.length);
    expect(lengths).toEqual([100, 50]);
    expect(shortened).toBe(3);
  });

  test('bound the links', () => {
    const body = html('<a href="https://a.example/">a</a>'.repeat(3000));
    const { links } = feedBlocks(
      { title: null, description: null, entries: [entry({ body }), entry({ body })] },
      { entryCharacters: 1e6, allCharacters: 1e6 },
      () => undefined,
    );
    expect(links).toHaveLength(5000);
  });

  test('keep the newest entries in the order of the feed', () => {
    const dates = ['2024-01-02', null, '2024-01-03', '2024-01-01'];
    const entries = dates.map((publishedAt, at) => entry({ id: String(at), publishedAt }));
    expect(newestEntries(entries, 2).map(({ id }) => id)).toEqual(['0', '2']);
    expect(newestEntries([entry({ id: 'a' }), entry({ id: 'b', modifiedAt: '2024-01-01' })], 1)[0]?.id).toBe(
      'b',
    );
    expect(newestEntries([entry({ id: 'a' }), entry({ id: 'b' })], 1)[0]?.id).toBe('a');
    expect(newestEntries(entries, 4)).toBe(entries);
  });

  test('are told in warnings', async () => {
    const long = `<item><title>l</title><description>${'word '.repeat(50_000)}</description></item>`;
    const { warnings, typeMetadata } = await extract(
      rss(long + '<item><title>a</title></item>'.repeat(MOST_ENTRIES)),
    );
    expect(warnings.map(({ code }) => code)).toEqual(['feed_entries_left_out', 'partial_text']);
    expect(warnings[0]?.message).toContain(`501 entries; the newest ${MOST_ENTRIES}`);
    expect(typeMetadata['feed']).toMatchObject({ entriesInFeed: 501 });
  });

  test('tell of more entries than are read at all', async () => {
    const { warnings } = await extract(rss('<item><title>a</title></item>'.repeat(5001)));
    expect(warnings[0]?.message).toContain('more than 5000');
  });
});

describe('a feed', () => {
  test('without entries is its title and description', async () => {
    const { blocks, metadata } = await extract(
      rss('', '<title>Coast</title><description>News</description>'),
    );
    expect(blocks.map(({ text }) => text)).toEqual(['Coast', 'News']);
    expect(metadata.modifiedAt).toBeNull();
  });

  test('that says nothing has no text', async () => {
    await expect(
      extract('<feed xmlns="http://www.w3.org/2005/Atom"><id>a</id></feed>'),
    ).rejects.toMatchObject({ code: 'no_text' });
  });
});
