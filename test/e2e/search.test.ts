import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { articlePage, BEES, GLACIER, LIGHTHOUSE } from '../support/articles.ts';
import { ingest, startBackbone, type TestBackbone } from '../support/backbone.ts';
import { clientOf, type Client } from '../support/client.ts';
import { startSite, type LoopbackSite } from '../support/loopback-site.ts';
import { buildPdf, columnOf, linesOf } from '../support/pdf-builder.ts';

interface Hit {
  readonly content_id: string;
  readonly content_type: string;
  readonly chunk_id: string;
  readonly title: string;
  readonly text: string;
  readonly score: number;
  readonly highlights: readonly { readonly start: number; readonly end: number }[];
  readonly locator: { readonly page?: number; readonly heading_path?: readonly string[] };
  readonly link: string;
}

interface Result {
  readonly total: number;
  readonly hits: readonly Hit[];
  readonly facets: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly corrections: readonly { readonly from: string; readonly to: string }[];
}

const HTML = { 'content-type': 'text/html' };
const SAILING = `Sailors who cross the strait at night steer by the beam of the lamp, and the harbour master counts
the boats that return before the fog. A boat that is late is looked for by the rescue crew of the next village.`;
const HARVEST = `When the apples are ripe, the whole village meets at the press. Children carry baskets, the old
people sort the fruit, and in the evening the first juice is tasted before the barrels are closed for the cellar.`;
const GERMAN = `Die Imker der Gegend zählen jeden Herbst ihre Völker und schreiben auf, wie viele davon den Winter
überstehen. Wenn der Frühling kalt bleibt, finden die Bienen wenig Nahrung, und die Völker müssen gefüttert werden.`;

let site: LoopbackSite;
let backbone: TestBackbone;
let client: Client;
let pdfId = '';
let coastId = '';

async function ingestPage(
  path: string,
  body: string,
  metadata: { readonly tags?: string[] } = {},
): Promise<string> {
  site.on(path, { headers: HTML, body });
  const { job } = await ingest(backbone.services, { url: site.url + path, metadata: { ...metadata } });
  expect(job).toMatchObject({ status: 'completed' });
  return job.content_id;
}

async function search(query: string, filters: object = {}): Promise<Result> {
  const { status, body } = await client.post('/search', { query, ...filters });
  expect(status).toBe(200);
  return body as unknown as Result;
}

const idsOf = ({ hits }: Result): readonly string[] => hits.map((hit) => hit.content_id);

beforeAll(async () => {
  site = await startSite();
  backbone = await startBackbone({ env: { FETCH_DELAY_MS: '0' } });
  client = clientOf(backbone);
  coastId = await ingestPage(
    '/coast',
    articlePage({
      title: 'The coast',
      author: 'Hal Pier',
      published: '2024-03-01',
      sections: [
        { heading: 'The lighthouse', paragraphs: [LIGHTHOUSE, SAILING] },
        { heading: 'Inland', paragraphs: [GLACIER] },
      ],
    }),
    { tags: ['sea'] },
  );
  // Enough on each page that no chunk spans two of them.
  const pages = [LIGHTHOUSE, BEES, GLACIER].map((text, index) => ({
    runs: columnOf(Array.from({ length: 5 }, (_, part) => linesOf(`${index}.${part} ${text}`)).flat(), {
      x: 50,
      y: 780,
    }),
  }));
  site.on('/field.pdf', { body: buildPdf({ info: { Title: 'Field book' }, pages }) });
  pdfId = (await ingest(backbone.services, { url: `${site.url}/field.pdf` })).job.content_id;
  await ingestPage(
    '/imker',
    articlePage({
      title: 'Imker',
      language: 'de',
      sections: [{ heading: 'Völker', paragraphs: [GERMAN, GERMAN.replace('Herbst', 'Sommer')] }],
    }),
  );
});

afterAll(async () => {
  await backbone.remove();
  await site.stop();
});

describe('a search', () => {
  test('cites the page of a PDF, and links to it', async () => {
    const { hits } = await search('how honey bees dance to show the nectar');
    expect(hits[0]).toMatchObject({
      content_id: pdfId,
      content_type: 'document',
      title: 'Field book',
      locator: { page: 2 },
      link: `${site.url}/field.pdf#page=2`,
    });
  });

  test('cites the heading of a page, and links to the words', async () => {
    const { hits } = await search('rescue crew looks for a late boat');
    const [hit] = hits;
    expect(hit).toMatchObject({ content_id: coastId, content_type: 'webpage' });
    expect(hit?.locator.heading_path?.join('/')).toContain('The lighthouse');
    const link = new URL(hit?.link ?? '');
    expect(link.origin + link.pathname).toBe(`${site.url}/coast`);
    const words = decodeURIComponent(link.hash.replace('#:~:text=', ''));
    expect(hit?.text.replaceAll(/\s+/g, ' ')).toContain(words);
  });

  test('marks the words that it found, and ranks from the best down', async () => {
    const { hits, total } = await search('glacier measurements');
    expect(hits).toHaveLength(total);
    const [best] = hits;
    const marked = best?.highlights.map(({ start, end }) => best.text.slice(start, end).toLowerCase());
    expect(marked?.some((word) => word.startsWith('glacier'))).toBe(true);
    const scores = hits.map((hit) => hit.score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    expect(scores.every((score) => score >= 0 && score <= 1)).toBe(true);
  });

  test('filters by type, id, language, tag, author and date', async () => {
    expect(new Set(idsOf(await search('glacier', { content_types: ['document'] })))).toEqual(
      new Set([pdfId]),
    );
    expect(new Set(idsOf(await search('glacier', { content_ids: [coastId] })))).toEqual(new Set([coastId]));
    expect(new Set(idsOf(await search('glacier', { tags: ['sea'] })))).toEqual(new Set([coastId]));
    expect(new Set(idsOf(await search('glacier', { author: 'Hal Pier' })))).toEqual(new Set([coastId]));
    const dated = { published_from: '2024-02-01', published_to: '2024-03-31' };
    expect(new Set(idsOf(await search('glacier', dated)))).toEqual(new Set([coastId]));
    expect(idsOf(await search('glacier', { published_from: '2024-04-01' }))).toEqual([]);
    const german = await search('Bienen im Winter', { language: 'de' });
    expect(german.hits[0]?.title).toBe('Imker');
    expect(Object.keys(german.facets['language'] ?? {})).toEqual(['de']);
    expect(idsOf(await search('glacier', { tags: ['nothing'] }))).toEqual([]);
  });

  test('filters by site and by pages', async () => {
    const host = new URL(site.url).hostname;
    const onSite = idsOf(await search('glacier', { site: host.toUpperCase() }));
    expect(onSite).toEqual(expect.arrayContaining([coastId, pdfId]));
    expect(idsOf(await search('glacier', { site: 'example.com' }))).toEqual([]);
    expect(new Set(idsOf(await search('glacier', { min_pages: 3, max_pages: 3 })))).toEqual(new Set([pdfId]));
    expect(idsOf(await search('glacier', { min_pages: 4 }))).toEqual([]);
    expect(idsOf(await search('glacier', { min_duration: 0 }))).toEqual([]);
    const { body } = await client.get('/search?query=glacier&min_pages=3&max_pages=3');
    expect(new Set(idsOf(body as unknown as Result))).toEqual(new Set([pdfId]));
  });

  test('demands quoted words as they stand, and leaves out what a minus names', async () => {
    const loose = await search('lamp harbour');
    expect(idsOf(loose)).toContain(coastId);
    const phrase = await search('"steer by the beam"');
    expect(phrase.hits.map((hit) => hit.text)).toEqual([expect.stringContaining('steer by the beam')]);
    expect((await search('"beam the by steer"')).hits).toEqual([]);
    const without = await search('lighthouse -sailors');
    expect(without.total).toBeGreaterThan(0);
    for (const { text } of without.hits) expect(text.toLowerCase()).not.toMatch(/\bsailors\b/);
  });

  test('goes by words alone or by meaning alone when asked to', async () => {
    const nobodyWrote = 'zyxwvut';
    expect((await search(nobodyWrote, { mode: 'lexical' })).hits).toEqual([]);
    expect((await search(nobodyWrote, { mode: 'dense' })).hits.length).toBeGreaterThan(0);
    const lexical = await search('lighthouse', { mode: 'lexical' });
    for (const { text } of lexical.hits) expect(text.toLowerCase()).toContain('lighthouse');
    expect((await client.post('/search', { query: 'x', mode: 'psychic' })).status).toBe(422);
  });

  test('goes through its hits by offset and limit, each of them once', async () => {
    const all = await search('lighthouse glacier bees boat', { limit: 100 });
    expect(all.total).toBeGreaterThan(2);
    const seen: string[] = [];
    for (let offset = 0; offset < all.total; offset += 2) {
      const page = await search('lighthouse glacier bees boat', { limit: 2, offset });
      expect(page.total).toBe(all.total);
      seen.push(...page.hits.map((hit) => hit.chunk_id));
    }
    expect(seen).toEqual(all.hits.map((hit) => hit.chunk_id));
    expect(new Set(seen)).toHaveProperty('size', all.total);
    expect((await search('lighthouse', { offset: 1000 })).hits).toEqual([]);
  });

  test('takes a word that nothing holds for the nearest one, says so, and marks it', async () => {
    const { hits, corrections } = await search('Glaceir mesurements', { mode: 'lexical' });
    expect(corrections).toEqual([
      { from: 'Glaceir', to: 'glacier' },
      { from: 'mesurements', to: 'measurements' },
    ]);
    const [best] = hits;
    const words = best?.highlights.map(({ start, end }) => best.text.slice(start, end).toLowerCase());
    expect(words).toEqual(expect.arrayContaining(['glacier', 'measurements']));
    const exact = await search('glacier measurements', { mode: 'lexical' });
    expect(exact.corrections).toEqual([]);
    expect(idsOf(exact)).toEqual(expect.arrayContaining([...idsOf({ hits, corrections } as Result)]));
  });

  test('ranks what holds a word as it was typed before what holds a correction', async () => {
    const { hits } = await search('lighthouse glaceir', { mode: 'lexical', content_types: ['document'] });
    const places = ['lighthouse', 'glacier'].map((word) =>
      hits.findIndex(({ text }) => text.toLowerCase().includes(word)),
    );
    expect(places[0]).toBe(0);
    expect(places[1]).toBeGreaterThan(0);
  });

  test('corrects nothing that is quoted, excluded, a number or an identifier, nor by meaning', async () => {
    for (const query of ['"glaceir"', 'boat -glaceir', 'glaceir_2', 'glac3ir'])
      expect(await search(query)).toMatchObject({ corrections: [] });
    expect(await search('glaceir', { mode: 'dense' })).toMatchObject({ corrections: [] });
  });

  test('says no correction that stands beyond the filter or in a content that is gone', async () => {
    expect(await search('glaceir', { language: 'de' })).toMatchObject({ corrections: [] });
    const paragraphs = [`The xylophonist plays. ${HARVEST}`, 'A wallaby came by while the concert went on.'];
    const id = await ingestPage(
      '/concert',
      articlePage({ title: 'Concert', sections: [{ heading: 'Stage', paragraphs }] }),
    );
    const asked = ['xylophonsit', 'wallabby'];
    const meant = async (): Promise<unknown[]> =>
      (await Promise.all(asked.map((word) => search(word)))).flatMap(({ corrections }) => corrections);
    expect(await meant()).toEqual([
      { from: 'xylophonsit', to: 'xylophonist' },
      { from: 'wallabby', to: 'wallaby' },
    ]);
    await client.delete(`/content/webpage/${id}`);
    expect(await meant()).toEqual([]);
    await client.post(`/content/webpage/${id}/restore`, {});
    expect(await meant()).toHaveLength(2);
    await client.delete(`/content/webpage/${id}?hard_delete=true`);
    expect(await meant()).toEqual([]);
  });

  test('marks a quoted phrase as a whole', async () => {
    const { hits } = await search('"steer by the beam"');
    const marks = hits[0]?.highlights.map(({ start, end }) => hits[0]?.text.slice(start, end));
    expect(marks).toEqual(['steer by the beam']);
  });

  test('counts its hits by author, site and year', async () => {
    const { facets } = await search('glacier');
    expect(facets['author']?.['Hal Pier']).toBeGreaterThan(0);
    expect(facets['year']?.['2024']).toBeGreaterThan(0);
    expect(facets['site']?.[new URL(site.url).hostname]).toBeGreaterThan(0);
  });

  test('counts its hits by type, language and tag', async () => {
    const { facets, total } = await search('glacier stream farmers');
    const sum = (facet: string): number =>
      Object.values(facets[facet] ?? {}).reduce((all, count) => all + count, 0);
    expect(sum('content_type')).toBe(total);
    expect(sum('language')).toBe(total);
    expect(facets['tag']?.['sea']).toBeGreaterThan(0);
  });

  test('shows a passage once that stands in two contents', async () => {
    const paragraphs = [HARVEST, 'The ferry to the islands sails twice a day in summer and once in winter.'];
    const body = articlePage({ title: 'Ferries', sections: [{ heading: 'Ferry', paragraphs }] });
    await ingestPage('/copy-one', body);
    await ingestPage('/copy-two', body);
    const { hits } = await search('ferry to the islands', { content_types: ['webpage'] });
    const texts = hits.filter((hit) => hit.text.includes('ferry')).map((hit) => hit.text);
    expect(texts.length).toBeGreaterThan(0);
    expect(new Set(texts)).toHaveProperty('size', texts.length);
  });

  test('never shows an old version', async () => {
    const body = (word: string): string =>
      articlePage({
        title: 'Turning',
        sections: [
          { heading: 'Turn', paragraphs: [`${word}. ${HARVEST.replace('apples', 'pears')}`, HARVEST] },
        ],
      });
    site.on('/turning', { headers: HTML, body: body('Quokka') }, { headers: HTML, body: body('Numbat') });
    const { job } = await ingest(backbone.services, { url: `${site.url}/turning` });
    expect((await search('quokka')).hits[0]).toMatchObject({ content_id: job.content_id });
    await ingest(backbone.services, { url: `${site.url}/turning` });
    expect((await search('quokka')).hits.filter((hit) => hit.text.includes('Quokka'))).toEqual([]);
    expect((await search('numbat')).hits[0]).toMatchObject({
      content_id: job.content_id,
      chunk_id: expect.stringMatching(new RegExp(`^${job.content_id}\\.2\\.`)) as unknown,
    });
    await client.delete(`/content/webpage/${job.content_id}`);
    expect(idsOf(await search('numbat'))).not.toContain(job.content_id);
  });

  test('for words that nobody wrote answers without an error', async () => {
    for (const query of ['zzzqqq xyzzy', '!!!', '的', '"', 'a'.repeat(1000)]) await search(query);
    expect((await client.post('/search', { query: '  ' })).status).toBe(422);
    expect((await client.get('/search?query=x&content_types=song')).body).toMatchObject({
      code: 'unknown_content_type',
    });
  });
});
