import { describe, expect, test } from '@jest/globals';
import { expansionOf, type Expansion } from '../../../backbone/content/expansion.ts';
import type { JsonValue } from '../../../backbone/content/model.ts';
import { expandFeed } from '../../../backbone/content/webpage/feed/feed-expansion.ts';
import type { EntryFacts } from '../../../backbone/content/webpage/feed/feed-facts.ts';
import { webpageType } from '../../../backbone/content/webpage/webpage-type.ts';
import { extract, rss } from './read.ts';

const PLAIN: EntryFacts = {
  id: null,
  title: 'Fog',
  url: 'https://coast.example/fog',
  publishedAt: null,
  modifiedAt: null,
  authors: [],
  imageUrl: null,
  attachments: [],
  durationSeconds: null,
  transcriptUrls: [],
};
const entry = (fields: Partial<EntryFacts>): EntryFacts => ({ ...PLAIN, ...fields });

function expand(entries: readonly EntryFacts[], types: readonly string[] = [], most = 20): Expansion {
  const typeMetadata = { feed: { entries: entries as unknown as JsonValue } };
  const expansion = expandFeed({ typeMetadata, most, hasType: (name) => types.includes(name) });
  if (expansion === null) throw new Error('No feed');
  return expansion;
}

const keysOf = (entries: readonly EntryFacts[]): readonly (readonly string[])[] =>
  expand(entries).wanted.map(({ keys }) => keys);

describe('the jobs of a feed', () => {
  test('are those of its newest entries, as the parser found them', async () => {
    const item = (name: string, day: number): string =>
      `<item><title>${name}</title><guid>${name}</guid><link>/${name}?utm_source=feed</link><pubDate>0${day} Jan 2024 10:00:00 GMT</pubDate><description>Text</description></item>`;
    const { typeMetadata } = await extract(rss([item('old', 1), item('new', 3), item('newer', 5)].join('')));
    const expansion = expandFeed({ typeMetadata, most: 2, hasType: () => false });
    const job = (name: string): unknown => ({
      url: `https://coast.example/${name}?utm_source=feed`,
      upload: null,
      contentType: null,
      options: {},
      keys: [`id:${name}`, `link:https://coast.example/${name}`],
    });
    expect(expansion).toEqual({ wanted: [job('new'), job('newer')], warnings: [] });
  });

  test('are episodes where there is a recording and a type that reads it, else pages', () => {
    const audio = { url: 'https://coast.example/fog.mp3', type: 'audio/mpeg' };
    const entries = [
      entry({ attachments: [{ url: 'https://coast.example/fog.pdf', type: 'application/pdf' }, audio] }),
      entry({ url: null, attachments: [{ ...audio, type: null }] }),
      entry({ attachments: [{ ...audio, type: 'application/octet-stream' }] }),
      entry({ attachments: [{ ...audio, type: 'video/mp4' }] }),
      entry({ attachments: [{ url: 'https://coast.example/fog', type: null }] }),
      entry({ attachments: [{ url: 'no address.mp3', type: null }] }),
    ];
    const targets = (types: readonly string[]): unknown =>
      expand(entries, types).wanted.map(({ url, contentType }) => [url, contentType]);
    const page = ['https://coast.example/fog', null];
    const episode = [audio.url, 'podcast'];
    expect(targets(['podcast'])).toEqual([episode, episode, episode, page, page, page]);
    expect(targets([])).toEqual([page, page, page, page, page]);
  });

  test('leave out entries without an address, and say how many', () => {
    const { wanted, warnings } = expand([entry({}), entry({ url: null })]);
    expect(wanted).toHaveLength(1);
    expect(warnings).toEqual([
      {
        code: 'entries_without_address',
        message: '1 of the newest 2 entries have no web address, so no jobs were made of them.',
      },
    ]);
  });
});

describe('an entry is known', () => {
  const link = 'link:https://coast.example/fog';

  test('by its id, unless other entries have the same', () => {
    expect(keysOf([entry({ id: '1' }), entry({ id: '2' }), entry({ id: '2' })])).toEqual([
      ['id:1', link],
      [link],
      [link],
    ]);
  });

  test('by its address without tracking parameters, and by whatever it is when it is none', () => {
    const urls = [
      'https://coast.example/fog?utm_medium=rss&fbclid=1',
      'https://coast.example/fog#top',
      'fog',
    ];
    expect(keysOf(urls.map((url) => entry({ url })))).toEqual([[link], [link], ['link:fog']]);
  });

  test('without an id also by its title and the second it was published, when it has both', () => {
    const publishedAt = '2024-01-05T10:00:00Z';
    const dated = entry({ publishedAt });
    expect(keysOf([dated])).toEqual([[link, `title:${publishedAt} Fog`]]);
    expect(keysOf([entry({ publishedAt: '2024-01-05' })])).toEqual([[link]]);
    // Named by its day, as `entryName` does.
    expect(keysOf([entry({ publishedAt, title: '2024-01-05' })])).toEqual([[link]]);
  });
});

describe('the option expand', () => {
  const request = {
    typeMetadata: {
      feed: { entries: Array.from({ length: 30 }, (_, at) => ({ ...PLAIN, id: String(at) })) },
    } as never,
    hasType: () => false,
  };
  const counted = (options: Record<string, JsonValue>): number | undefined =>
    expansionOf(webpageType, options, request)?.wanted.length;

  test('asks for 20 items or for so many, and for none when it is left out', () => {
    expect([{ expand: true }, { expand: 25 }, { expand: 500 }].map(counted)).toEqual([20, 25, 30]);
    expect([{}, { expand: false }, { expand: 'all' }].map(counted)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('takes true, false and 1 to 500', () => {
    const accepted = (expand: unknown): boolean => webpageType.options.safeParse({ expand }).success;
    expect([true, false, 1, 500, undefined].map(accepted)).toEqual([true, true, true, true, true]);
    expect([0, 501, 2.5, '20', null].map(accepted)).toEqual([false, false, false, false, false]);
  });

  test('is answered with a warning where there is nothing to expand', () => {
    const warned = {
      wanted: [],
      warnings: [expect.objectContaining({ code: 'nothing_to_expand' }) as unknown],
    };
    const page = { ...request, typeMetadata: { pageKind: 'article' } };
    expect(expansionOf(webpageType, { expand: true }, page)).toEqual(warned);
    expect(expansionOf({ label: 'document' }, { expand: true }, page)).toEqual(warned);
  });
});
