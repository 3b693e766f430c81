import { beforeAll, describe, expect, test } from '@jest/globals';
import type { ContentType } from '../../backbone/content/content-type.ts';
import { ended, ingest, TENANT, type TestBackbone } from '../support/backbone.ts';
import { clientOf, itemsOf, type Client } from '../support/client.ts';
import { holdingsOf, NOTHING } from '../support/holdings.ts';
import type { Inside } from '../support/inside.ts';
import type { LoopbackSite } from '../support/loopback-site.ts';
import { until } from '../support/until.ts';

/** What a fixture says of a source that a person would hand in. */
export interface ExpectedContent {
  readonly title: string;
  /** One of its authors, who wrote nothing else that is in the backbone. */
  readonly author: string;
  readonly language: string;
  /** A question whose best answer is in it. */
  readonly query: string;
  /** What the locator of that answer holds. */
  readonly locator: object;
}

/** One small source of a type, as an address and, in other words, as a file. Self-made. */
export interface ContentFixture {
  /** Puts it on the site and answers its address. */
  readonly serve: (site: LoopbackSite) => string;
  readonly expected: ExpectedContent;
  readonly file: { readonly name: string; readonly bytes: Uint8Array; readonly title: string };
  /** For each filter that only this type has: a value that lets the source through, and one that does not. */
  readonly filters: Readonly<Record<string, { readonly passes: string; readonly refuses: string }>>;
  /** Settings that it needs, such as addresses of services that the site stands in for. */
  readonly settings?: (site: LoopbackSite) => Readonly<Record<string, string>>;
}

/** The backbone that all types share; it has started when the tests run. */
export interface ContentTypeSurroundings {
  readonly site: () => LoopbackSite;
  readonly backbone: () => TestBackbone;
  readonly insider: Inside;
}

/** What every content type does alike, from its source to its removal. The tests build on each other, in this order. */
export function describeContentType(
  type: ContentType,
  fixture: ContentFixture,
  { site, backbone, insider }: ContentTypeSurroundings,
): void {
  describe(`the content type ${type.type}`, () => {
    let client: Client;
    let url: string;
    let contentId: string;
    let jobId: string;
    const path = (): string => `/content/${type.type}/${contentId}`;
    const holdings = (): ReturnType<typeof holdingsOf> =>
      holdingsOf(insider.ports(), type, { userId: TENANT, contentId });
    const listed = async (query: string): Promise<readonly unknown[]> =>
      itemsOf(await client.get(`/content/${type.type}?limit=100&${query}`)).map((item) => item['content_id']);
    const hits = async (filter: object = {}): Promise<readonly Readonly<Record<string, unknown>>[]> => {
      const request = { query: fixture.expected.query, content_types: [type.type], ...filter };
      return (await client.post('/search', request)).body['hits'] as Readonly<Record<string, unknown>>[];
    };
    const foundIds = async (filter?: object): Promise<readonly unknown[]> =>
      (await hits(filter)).map((hit) => hit['content_id']);

    beforeAll(async () => {
      client = clientOf(backbone());
      url = fixture.serve(site());
      const { job } = await ingest(backbone().services, { url, contentType: type.type });
      expect(job).toMatchObject({ status: 'completed', error_message: null, content_type: type.type });
      ({ content_id: contentId, job_id: jobId } = job);
    });

    test('is named by the API with its stages', async () => {
      const named = itemsOf(await client.get('/content-types')).find((item) => item['type'] === type.type);
      expect(named).toMatchObject({ label: type.label, stages: [...type.stages] });
    });

    test('walks through its states in order, and tells of each once', async () => {
      const { body } = await client.get(`/content/status/${jobId}`);
      expect(body).toMatchObject({ status: 'completed', progress: 100, content_id: contentId, error: null });
      const events = itemsOf(await client.get(`${path()}/events?limit=100`));
      expect(events.map((event) => event['seq'])).toEqual(events.map((_, at) => at + 1));
      const walked = events.map((event) => String(event['status']));
      const states = walked.filter((status, at) => status !== walked[at - 1]);
      expect(new Set(states).size).toBe(states.length);
      expect(states.at(-1)).toBe('completed');
      expect(states).toEqual(expect.arrayContaining(['downloading', 'extracting', 'embedding', 'storing']));
      const progress = events.map((event) => Number(event['progress']));
      expect(progress).toEqual(progress.toSorted((a, b) => a - b));
    });

    test('is read with its text, chunks and metadata', async () => {
      const { body } = await client.get(`${path()}?include=text,chunks`);
      const { title, author, language } = fixture.expected;
      expect(body).toMatchObject({ content_id: contentId, title, language, version: 1, job_id: jobId });
      expect(body['authors']).toContain(author);
      const { text, chunks } = body as {
        text: string;
        chunks: { text: string; start: number; end: number }[];
      };
      expect(chunks).toHaveLength(Number(body['chunk_count']));
      expect(chunks.length).toBeGreaterThan(0);
      for (const chunk of chunks) expect(text.slice(chunk.start, chunk.end)).toBe(chunk.text);
      const original = (body['files'] as { original: { size_bytes: number } }).original;
      expect(await client.bytes(`${path()}/file`)).toHaveLength(original.size_bytes);
    });

    test('stands in every store', async () => {
      const held = await holdings();
      expect(held).toMatchObject({ contents: 1, texts: 1, metadata: 1, nodes: 1, points: held.chunks });
      expect(held.chunks).toBeGreaterThan(0);
      expect(held.files).toBeGreaterThan(0);
    });

    test('is cited by search, at the place where the answer stands', async () => {
      const [best] = await hits();
      expect(best).toMatchObject({
        content_id: contentId,
        content_type: type.type,
        title: fixture.expected.title,
        locator: fixture.expected.locator,
        link: expect.stringMatching(/^https?:/) as unknown,
      });
    });

    test('is listed by the filters that every type has', async () => {
      const { author, language } = fixture.expected;
      const created = String((await client.get(path())).body['created_at']);
      expect(await listed(`author=${encodeURIComponent(author)}&language=${language}`)).toEqual([contentId]);
      expect(await listed(`created_from=${created}`)).toContain(contentId);
      expect(await listed(`created_to=${created}`)).not.toContain(contentId);
      expect(await listed('author=Nobody%20At%20All')).toEqual([]);
      expect(await listed('tag=unheard-of')).toEqual([]);
    });

    test('is listed by the filters of its own', async () => {
      expect(Object.keys(fixture.filters).toSorted()).toEqual(
        type.filters.map(({ name }) => name).toSorted(),
      );
      for (const [name, { passes, refuses }] of Object.entries(fixture.filters)) {
        expect(await listed(`${name}=${encodeURIComponent(passes)}`)).toContain(contentId);
        expect(await listed(`${name}=${encodeURIComponent(refuses)}`)).not.toContain(contentId);
      }
    });

    test('keeps what a person changed when it is processed anew', async () => {
      const changed = await client.patch(path(), { title: 'As I call it', tags: ['kept'] });
      expect(changed).toMatchObject({ status: 200, body: { content: { title: 'As I call it' } } });
      expect(await listed('tag=kept')).toEqual([contentId]);
      const again = await client.post(`${path()}/reprocess`);
      expect(again.status).toBe(202);
      const { job } = await ended(backbone().services, String(again.body['job_id']));
      expect(job).toMatchObject({ status: 'completed', priority: 1, content_id: contentId });
      expect((await client.get(path())).body).toMatchObject({
        version: 2,
        title: 'As I call it',
        tags: ['kept'],
      });
      expect(await foundIds({ tags: ['kept'] })).toContain(contentId);
      const held = await holdings();
      expect(held).toMatchObject({ contents: 1, metadata: 1, nodes: 1 });
    });

    test('is unchanged when the same source comes again', async () => {
      const { job } = await ingest(backbone().services, { url, contentType: type.type });
      expect(job).toMatchObject({ status: 'completed', content_id: contentId, unchanged: true });
      expect((await client.get(path())).body['version']).toBe(2);
    });

    test('is hidden by a soft delete and comes back whole', async () => {
      expect((await client.delete(path())).body).toMatchObject({ deleted: true, hard_delete: false });
      expect((await client.get(path())).status).toBe(404);
      expect(await listed('tag=kept')).toEqual([]);
      expect(await foundIds()).not.toContain(contentId);
      expect((await client.post(`${path()}/restore`)).status).toBe(200);
      expect(await listed('tag=kept')).toEqual([contentId]);
      expect(await foundIds()).toContain(contentId);
    });

    test('leaves nothing in any store after a hard delete, and can come again', async () => {
      const removed = await client.delete(`${path()}?hard_delete=true`);
      expect(removed).toMatchObject({
        status: 200,
        body: { hard_delete: true, receipt: { completed_at: expect.any(String) as unknown } },
      });
      await until(async () => (await holdings()).files === 0);
      expect(await holdings()).toEqual(NOTHING);
      expect((await client.get(path())).status).toBe(404);
      const { job } = await ingest(backbone().services, { url, contentType: type.type });
      expect(job).toMatchObject({ status: 'completed', content_id: contentId });
      expect((await client.get(path())).body).toMatchObject({ title: fixture.expected.title, tags: [] });
      expect(await holdings()).toMatchObject({ contents: 1, metadata: 1, nodes: 1 });
      await client.delete(`${path()}?hard_delete=true`);
    });

    test('is read from a file, which is the same content whatever the file is called', async () => {
      const { file } = fixture;
      const ids = [];
      for (const prefix of ['', 'copy of ']) {
        const form = new FormData();
        form.append('content_type', type.type);
        form.append('file', new Blob([Buffer.from(file.bytes)]), prefix + file.name);
        const response = await fetch(`${backbone().url}/api/content/process`, {
          method: 'POST',
          headers: { authorization: `Bearer ${backbone().key}` },
          body: form,
        });
        const { job_id: uploaded } = (await response.json()) as { readonly job_id: string };
        const { job } = await ended(backbone().services, uploaded);
        expect(job).toMatchObject({ status: 'completed', error_message: null });
        ids.push(job.content_id);
      }
      expect(ids[1]).toBe(ids[0]);
      const read = await client.get(`/content/${type.type}/${ids[0] ?? ''}`);
      expect(read.body).toMatchObject({ url: null, title: file.title, version: 1 });
      expect(await client.bytes(`/content/${type.type}/${ids[0] ?? ''}/file`)).toEqual(
        Buffer.from(file.bytes),
      );
    });
  });
}
