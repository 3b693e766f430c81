import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { BEES, GLACIER, LIGHTHOUSE } from '../support/articles.ts';
import { ingest, ingestFile, startBackbone, TENANT, type TestBackbone } from '../support/backbone.ts';
import { clientOf, type Client } from '../support/client.ts';
import { buildEpub, navItem, type EpubSpec } from '../support/epub-builder.ts';
import { textAtCfi } from '../support/epub-cfi.ts';
import { buildFb2, fb2Section } from '../support/fb2-builder.ts';
import { buildMobi } from '../support/mobi-builder.ts';
import { inside } from '../support/inside.ts';
import { startSite, type LoopbackSite } from '../support/loopback-site.ts';
import { scriptedType } from '../support/scripted-type.ts';

interface BookChunk {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly locator: { readonly chapter?: string; readonly cfi?: string; readonly href?: string };
}

const insider = inside(scriptedType());
const BOOK: EpubSpec = {
  metadata: `<dc:title>Coast and hills</dc:title><dc:creator>Ann Author</dc:creator><dc:language>en</dc:language>
    <dc:date>2019-05</dc:date><dc:identifier>urn:isbn:9780306406157</dc:identifier>`,
  chapters: [
    {
      name: 'toc.xhtml',
      body: '<p><a href="sea.xhtml">By the sea</a></p>',
      bodyAttributes: 'epub:type="toc"',
    },
    { name: 'sea.xhtml', body: `<h1>By the sea</h1><p>${LIGHTHOUSE}</p>` },
    { name: 'hills.xhtml', body: `<h1>In the hills</h1><p>${BEES}</p><p id="ice">${GLACIER}</p>` },
  ],
  nav:
    navItem('By the sea', 'sea.xhtml') +
    navItem('In the hills', 'hills.xhtml', navItem('The ice', 'hills.xhtml#ice')),
};

const MOBI_TEXT = `<h1>By the sea</h1><p>${LIGHTHOUSE}</p>`;

let site: LoopbackSite;
let backbone: TestBackbone;
let client: Client;

const rowsOf = async (table: string, contentId: string): Promise<readonly unknown[]> =>
  insider
    .ports()
    .records.query(`SELECT * FROM ${table} WHERE user_id = $1 AND content_id = $2`, [TENANT, contentId]);

beforeAll(async () => {
  site = await startSite();
  backbone = await startBackbone({ types: [insider.type], env: { FETCH_DELAY_MS: '0' } });
  client = clientOf(backbone);
});

afterAll(async () => {
  await backbone.remove();
  await site.stop();
});

describe('an e-book', () => {
  test('that is uploaded stands in every store by chapters, is found, and goes without a trace', async () => {
    const file = buildEpub(BOOK);
    const { job } = await ingestFile(backbone, file, 'coast.epub');
    expect(job).toMatchObject({ status: 'completed', content_type: 'ebook', error_message: null });
    const path = `/content/ebook/${job.content_id}`;
    const { body } = await client.get(`${path}?include=text,chunks`);
    expect(body).toMatchObject({ title: 'Coast and hills', authors: ['Ann Author'], language: 'en' });
    const { text, chunks } = body as unknown as {
      readonly text: string;
      readonly chunks: readonly BookChunk[];
    };
    expect(chunks.map(({ locator }) => [locator.chapter, locator.href])).toEqual([
      ['By the sea', 'OPS/sea.xhtml'],
      ['In the hills', 'OPS/hills.xhtml'],
      ['The ice', 'OPS/hills.xhtml'],
    ]);
    for (const chunk of chunks) {
      expect(text.slice(chunk.start, chunk.end)).toBe(chunk.text);
      const there = await textAtCfi(file, chunk.locator.cfi ?? '');
      expect(chunk.text.replaceAll(/\s+/g, ' ').startsWith(there)).toBe(true);
    }
    expect(await rowsOf('ebook_metadata', job.content_id)).toMatchObject([
      { isbn: '9780306406157', details: { publisher: null, sections: { length: 3 } } },
    ]);
    const found = await client.post('/search', { query: 'glacier', content_types: ['ebook'] });
    const [best] = found.body['hits'] as readonly unknown[];
    expect(best).toMatchObject({ content_id: job.content_id, locator: { chapter: 'The ice' } });

    expect((await client.delete(`${path}?hard_delete=true`)).status).toBeLessThan(300);
    expect((await client.get(path)).status).toBe(404);
    for (const table of ['ebook_metadata', 'ebook_content', 'ebook_chunks'])
      expect(await rowsOf(table, job.content_id)).toEqual([]);
  });

  test('that states its ISBN is one content, however it was packed', async () => {
    const metadata = '<dc:title>Packed</dc:title><dc:identifier>urn:isbn:3-16-148410-X</dc:identifier>';
    const named = { ...BOOK, metadata };
    const packed = await ingestFile(backbone, buildEpub(named), 'one.epub');
    const anew = await ingestFile(
      backbone,
      buildEpub({ ...named, metadata: `${named.metadata}<dc:publisher>Coast Press</dc:publisher>` }),
      'other.epub',
    );
    expect([packed.job, anew.job]).toMatchObject([
      { status: 'completed', content_id: '9783161484100', unchanged: false },
      { status: 'completed', content_id: '9783161484100', unchanged: false },
    ]);
    expect((await client.get('/content/ebook/9783161484100')).body).toMatchObject({
      version: 2,
      type_metadata: { publisher: 'Coast Press' },
    });
    const damaged = await ingestFile(backbone, buildEpub(BOOK).subarray(0, 400), 'cut.epub');
    expect(damaged.job).toMatchObject({ status: 'failed', content_type: 'ebook' });
    expect(damaged.job.content_id).toMatch(/^[0-9a-f]{24}$/);
  });

  test('is told by its bytes, whatever address and mimetype it has', async () => {
    const body = buildEpub({ ...BOOK, metadata: '<dc:title>No number</dc:title>', mimetype: 'text/plain' });
    site.on('/download', { headers: { 'content-type': 'application/octet-stream' }, body });
    const { job } = await ingest(backbone.services, { url: `${site.url}/download` });
    expect(job).toMatchObject({ status: 'completed', content_type: 'ebook' });
    expect(await rowsOf('ebook_metadata', job.content_id)).toMatchObject([{ isbn: null }]);
  });

  test.each([
    ['coast.azw3', buildMobi({ text: MOBI_TEXT, contents: [{ label: 'By the sea', offset: 0 }] })],
    ['coast.fb2', buildFb2({ body: fb2Section('By the sea', `<p>${BEES}</p>`) })],
  ])('of another format is read by its chapters: %s', async (name, file) => {
    const { job } = await ingestFile(backbone, file, name);
    expect(job).toMatchObject({ status: 'completed', content_type: 'ebook', error_message: null });
    const { body } = await client.get(`/content/ebook/${job.content_id}?include=chunks`);
    expect(body['chunks']).toMatchObject([{ locator: { chapter: 'By the sea' } }]);
  });

  test('with copy protection fails at once and says so', async () => {
    const { job } = await ingestFile(
      backbone,
      buildEpub({ ...BOOK, files: { 'META-INF/rights.xml': '<rights/>' } }),
      'shop.epub',
    );
    expect(job).toMatchObject({ status: 'failed', error_code: 'encrypted_drm' });
    expect(job.error_message).toContain('copy protection');
  });
});
