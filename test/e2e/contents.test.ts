import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CONTENT_TYPES, TypeRegistry } from '../../backbone/content/content-types.ts';
import type { ContentKey } from '../../backbone/api/services/content-service.ts';
import { articlePage, BEES, GLACIER, LIGHTHOUSE } from '../support/articles.ts';
import { ended, ingest, startBackbone, submit, TENANT, type TestBackbone } from '../support/backbone.ts';
import { clientOf, itemsOf, type Client } from '../support/client.ts';
import { holdingsOf, NOTHING, type Holdings } from '../support/holdings.ts';
import { inside } from '../support/inside.ts';
import { startSite, type LoopbackSite } from '../support/loopback-site.ts';
import { buildPdf, columnOf, linesOf } from '../support/pdf-builder.ts';
import { scriptedType } from '../support/scripted-type.ts';
import { until } from '../support/until.ts';

const HTML = { 'content-type': 'text/html' };
const pageOf = (title: string, ...texts: readonly string[]): { runs: ReturnType<typeof columnOf> } => ({
  runs: [
    { text: title, x: 50, y: 790, size: 20, font: 'bold' },
    ...columnOf(texts.flatMap(linesOf), { x: 50, y: 750 }),
  ],
});

let site: LoopbackSite;
let backbone: TestBackbone;
let client: Client;
let count = 0;
const insider = inside(scriptedType());
const registry = new TypeRegistry([...CONTENT_TYPES, insider.type]);

/** A page of its own that holds the word given, ingested. */
async function newPage(
  word: string,
  fields: { readonly author?: string; readonly tags?: readonly string[]; readonly language?: string } = {},
): Promise<ContentKey & { readonly url: string; readonly jobId: string }> {
  const path = `/page-${(count += 1)}`;
  const { author, tags, language } = fields;
  site.on(path, {
    headers: HTML,
    body: articlePage({
      title: `About ${word} ${count}`,
      ...(author === undefined ? {} : { author }),
      ...(language === undefined ? {} : { language }),
      sections: [{ heading: `The ${word}`, paragraphs: [LIGHTHOUSE, `${word}: ${BEES}`, GLACIER] }],
    }),
  });
  const url = site.url + path;
  const { job } = await ingest(backbone.services, {
    url,
    ...(tags ? { metadata: { tags: [...tags] } } : {}),
  });
  if (job.status !== 'completed') throw new Error(`${job.error_code ?? ''}: ${job.error_message ?? ''}`);
  return { userId: TENANT, contentType: 'webpage', contentId: job.content_id, url, jobId: job.job_id };
}

const pathOf = (key: ContentKey): string => `/content/${key.contentType}/${key.contentId}`;
const found = async (query: string, filter = ''): Promise<readonly unknown[]> =>
  itemsOfHits((await client.get(`/search?query=${encodeURIComponent(query)}${filter}`)).body['hits']);
const itemsOfHits = (hits: unknown): readonly unknown[] =>
  (hits as { readonly content_id: string }[]).map((hit) => hit.content_id);

/** How much each store holds of a content. */
const holdings = (key: ContentKey): Promise<Holdings> =>
  holdingsOf(insider.ports(), registry.get(key.contentType), key);

beforeAll(async () => {
  site = await startSite();
  backbone = await startBackbone({
    types: [insider.type],
    env: { FETCH_DELAY_MS: '0', FETCH_PER_HOST: '16' },
  });
  client = clientOf(backbone);
});

afterAll(async () => {
  await backbone.remove();
  await site.stop();
});

describe('a web page', () => {
  test('stands in every store when its job has completed', async () => {
    const key = await newPage('heather', { author: 'Ada Moor', tags: ['nature'] });
    const { body, status } = await client.get(`${pathOf(key)}?include=text,markdown,chunks,transcript`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      title: expect.stringContaining('About heather') as unknown,
      authors: ['Ada Moor'],
      language: 'en',
      tags: ['nature'],
      version: 1,
      job_id: key.jobId,
      transcript: null,
      deleted_at: null,
    });
    const { text, markdown, chunks } = body as {
      text: string;
      markdown: string;
      chunks: { text: string; start: number; end: number; locator: { heading_path?: string[] } }[];
    };
    expect(text).toContain('forty years until a historian');
    expect(markdown).toMatch(/^#{1,2} .*heather/m);
    expect(chunks.length).toBe(body['chunk_count']);
    for (const chunk of chunks) expect(text.slice(chunk.start, chunk.end)).toBe(chunk.text);
    expect(chunks.some((chunk) => chunk.locator.heading_path?.some((part) => part.includes('heather')))).toBe(
      true,
    );
    const held = await holdings(key);
    expect(held).toMatchObject({
      contents: 1,
      texts: 1,
      chunks: chunks.length,
      metadata: 1,
      points: chunks.length,
      nodes: 1,
    });
    await until(async () => (await holdings(key)).files === 3);
  });

  test.each(['2019', '2019-07', '2019-07-30T12:00'])(
    'published in %s keeps the date as it is',
    async (published) => {
      const path = `/dated-${published.length}`;
      const sections = [{ heading: 'Old', paragraphs: [LIGHTHOUSE, GLACIER] }];
      site.on(path, { headers: HTML, body: articlePage({ title: 'Dated', published, sections }) });
      const { job } = await ingest(backbone.services, { url: site.url + path });
      expect(job).toMatchObject({ status: 'completed', error_message: null });
      const { body } = await client.get(`/content/webpage/${job.content_id}`);
      expect(String(body['published_at'])).toMatch(new RegExp(`^${published}`));
      const year = '&published_from=2019-01-01&published_to=2019-12-31';
      expect(await found('lighthouse', `${year}&content_ids=${job.content_id}`)).toContain(job.content_id);
    },
  );

  test('gives back the very bytes that the site sent', async () => {
    const key = await newPage('original');
    const sent = await (await fetch(key.url)).bytes();
    const { body } = await client.get(pathOf(key));
    expect(await client.bytes(`${pathOf(key)}/file`)).toEqual(Buffer.from(sent));
    expect(body['files']).toMatchObject({
      original: { sha256: createHash('sha256').update(sent).digest('hex'), size_bytes: sent.byteLength },
    });
  });

  test('tells its whole history', async () => {
    const key = await newPage('history');
    const events = itemsOf(await client.get(`${pathOf(key)}/events?limit=100`));
    expect(events[0]).toMatchObject({ type: 'created', seq: 1, job_id: key.jobId });
    expect(events.at(-1)).toMatchObject({ type: 'completed', status: 'completed', progress: 100 });
  });
});

describe('a document', () => {
  test('stands in every store, with the page of each chunk', async () => {
    const file = buildPdf({
      info: { Title: 'Field notes', Author: 'Ben Ridge' },
      pages: [pageOf('Storms', LIGHTHOUSE, LIGHTHOUSE), pageOf('Bees', BEES, BEES), pageOf('Ice', GLACIER)],
    });
    site.on('/notes.pdf', { headers: { 'content-type': 'application/pdf' }, body: file });
    const { job } = await ingest(backbone.services, { url: `${site.url}/notes.pdf` });
    expect(job).toMatchObject({ status: 'completed', content_type: 'document' });
    const key = { userId: TENANT, contentType: 'document', contentId: job.content_id };
    const { body } = await client.get(`${pathOf(key)}?include=text,chunks`);
    expect(body).toMatchObject({ title: 'Field notes', authors: ['Ben Ridge'], page_count: 3 });
    const { text, chunks } = body as {
      text: string;
      chunks: { text: string; start: number; end: number; locator: { page: number } }[];
    };
    for (const chunk of chunks) expect(text.slice(chunk.start, chunk.end)).toBe(chunk.text);
    expect(chunks.find((chunk) => chunk.text.includes('dance'))?.locator.page).toBe(2);
    expect(await client.bytes(`${pathOf(key)}/file`)).toEqual(Buffer.from(file));
    expect(await holdings(key)).toMatchObject({ contents: 1, metadata: 1, points: chunks.length, nodes: 1 });
  });

  test('that is uploaded twice is one content, whatever it is called', async () => {
    const file = buildPdf({ pages: [pageOf('Twice', GLACIER, LIGHTHOUSE)] });
    const ids = [];
    for (const name of ['one.pdf', 'other.pdf']) {
      const form = new FormData();
      form.append('file', new Blob([Buffer.from(file)]), name);
      const response = await fetch(`${backbone.url}/api/content/process`, {
        method: 'POST',
        headers: { authorization: `Bearer ${backbone.key}` },
        body: form,
      });
      const { job_id: jobId } = (await response.json()) as { job_id: string };
      const { job } = await ended(backbone.services, jobId);
      ids.push([job.content_id, job.unchanged]);
    }
    expect(ids).toEqual([
      [ids[0]?.[0], false],
      [ids[0]?.[0], true],
    ]);
    const key = { userId: TENANT, contentType: 'document', contentId: String(ids[0]?.[0]) };
    expect((await client.get(pathOf(key))).body).toMatchObject({ url: null, title: 'Twice' });
  });
});

describe('the list of contents', () => {
  test('filters by author, language, tag, time and pages, and counts truly', async () => {
    const mine = await newPage('filter', { author: 'Cleo Filter', tags: ['rare'] });
    await newPage('filter', { author: 'Somebody Else' });
    const totals = async (query: string): Promise<unknown> =>
      (await client.get(`/content/webpage?${query}`)).body['total'];
    expect(
      itemsOf(await client.get('/content/webpage?author=Cleo%20Filter')).map((item) => item['content_id']),
    ).toEqual([mine.contentId]);
    expect(await totals('tag=rare&language=en')).toBe(1);
    expect(await totals('tag=rare&language=de')).toBe(0);
    const created = Date.parse(String((await client.get(pathOf(mine))).body['created_at']));
    expect(await totals(`tag=rare&created_from=${new Date(created).toISOString()}`)).toBe(1);
    expect(await totals(`tag=rare&created_to=${new Date(created).toISOString()}`)).toBe(0);
    const pages = Array.from({ length: 3 }, (_, index) => pageOf(`Part ${index}`, LIGHTHOUSE));
    const body = buildPdf({ info: { Author: 'Page Counter' }, pages });
    site.on('/three-pages.pdf', { body });
    await ingest(backbone.services, { url: `${site.url}/three-pages.pdf` });
    const documents = async (least: number): Promise<unknown> =>
      (await client.get(`/content/document?author=Page%20Counter&min_pages=${least}`)).body['total'];
    expect([await documents(3), await documents(4)]).toEqual([1, 0]);
    expect(await client.get('/content/webpage?min_pages=2')).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'min_pages' }] },
    });
  });

  test('shows every content once, by cursor and by offset', async () => {
    const { body } = await client.get('/content/webpage?limit=100');
    const all = (body['items'] as { content_id: string }[]).map((item) => item.content_id);
    expect(body['total']).toBe(all.length);
    const byCursor: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page = await client.get(`/content/webpage?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
      byCursor.push(...itemsOf(page).map((item) => String(item['content_id'])));
      expect(page.body['total']).toBe(all.length);
      cursor = page.body['next_cursor'] as string | null;
    }
    expect(byCursor).toEqual(all);
    const byOffset = itemsOf(await client.get('/content/webpage?limit=2&offset=1')).map(
      (item) => item['content_id'],
    );
    expect(byOffset).toEqual(all.slice(1, 3));
  });
});

describe('changing a content', () => {
  test('reaches the records, the cache, the graph and what search filters by', async () => {
    const key = await newPage('editable');
    await client.get(pathOf(key));
    const changed = await client.patch(pathOf(key), {
      title: 'A better title',
      authors: ['Dora Newhand'],
      tags: ['fresh'],
      language: 'en',
      metadata: { shelf: 'B' },
    });
    expect(changed).toMatchObject({ status: 200, body: { success: true, content_id: key.contentId } });
    expect((await client.get(pathOf(key))).body).toMatchObject({
      title: 'A better title',
      authors: ['Dora Newhand'],
      tags: ['fresh'],
      metadata: { shelf: 'B' },
    });
    expect(await found('editable', '&tags=fresh')).toContain(key.contentId);
    expect(await found('editable', '&author=Dora%20Newhand')).toContain(key.contentId);
    expect(await found('editable', '&tags=other')).toEqual([]);
    const other = await newPage('companion', { author: 'Dora Newhand' });
    const related = itemsOf(await client.get(`${pathOf(other)}/related`));
    expect(related.find((item) => item['content_id'] === key.contentId)).toMatchObject({
      title: 'A better title',
      reasons: expect.arrayContaining([{ kind: 'author', name: 'Dora Newhand' }]) as unknown,
    });
  });

  describe('that is wrong', () => {
    let key: ContentKey;

    beforeAll(async () => {
      key = await newPage('refused');
    });

    test.each([
      ['content_id', { content_id: 'other' }],
      ['user_id', { title: 'x', user_id: 'other' }],
      ['version', { version: 9 }],
      ['colour', { colour: 'red' }],
      ['language', { language: 'English' }],
      ['authors', { authors: 'not a list' }],
      ['published_at', { published_at: '2026-02-31x' }],
      ['tags', { tags: [''] }],
    ])('refuses %s and names it', async (field, changes) => {
      const path = pathOf(key);
      const before = (await client.get(path)).body;
      const answer = await client.patch(path, changes);
      expect(answer).toMatchObject({ status: 422, body: { code: 'invalid_request' } });
      expect(JSON.stringify(answer.body['errors'])).toContain(field);
      expect((await client.get(path)).body).toEqual(before);
    });
  });

  test('survives a reprocessing', async () => {
    const key = await newPage('lasting', { author: 'Early Bird' });
    const patched = await client.patch(pathOf(key), {
      title: 'Mine',
      summary: 'My summary',
      tags: ['kept'],
      published_at: '2020-05',
    });
    expect(patched).toMatchObject({ status: 200, body: { content: { title: 'Mine' } } });
    const { body } = await client.post(`${pathOf(key)}/reprocess`);
    expect((await ended(backbone.services, String(body['job_id']))).job.error_message).toBeNull();
    expect((await client.get(pathOf(key))).body).toMatchObject({
      version: 2,
      title: 'Mine',
      summary: 'My summary',
      tags: ['kept'],
      published_at: '2020-05',
      authors: ['Early Bird'],
    });
    expect(await found('lasting', '&tags=kept&published_from=2020-01-01&published_to=2020-12-31')).toContain(
      key.contentId,
    );
  });
});

describe('a soft delete', () => {
  test('hides a content from every reader at once, and restoring brings it back as it was', async () => {
    const key = await newPage('hidden', { author: 'Eve Cover' });
    const other = await newPage('visible', { author: 'Eve Cover' });
    const before = (await client.get(pathOf(key))).body;
    expect(await client.delete(pathOf(key))).toMatchObject({
      status: 200,
      body: { deleted: true, hard_delete: false, receipt: null },
    });
    for (const view of ['', '/chunks', '/file', '/related', '/duplicates', '/events'])
      expect(await client.get(pathOf(key) + view)).toMatchObject({ status: 404 });
    expect((await client.patch(pathOf(key), { title: 'x' })).status).toBe(404);
    expect((await client.post(`${pathOf(key)}/reprocess`)).status).toBe(404);
    expect((await client.delete(pathOf(key))).status).toBe(404);
    expect((await client.get('/content/webpage?author=Eve%20Cover')).body['total']).toBe(1);
    expect(await found('hidden')).not.toContain(key.contentId);
    const related = itemsOf(await client.get(`${pathOf(other)}/related`)).map((item) => item['content_id']);
    expect(related).not.toContain(key.contentId);
    const gone = itemsOf(await client.get('/content/webpage?status=deleted&author=Eve%20Cover'));
    expect(gone).toEqual([expect.objectContaining({ content_id: key.contentId })]);

    expect(await client.post(`${pathOf(key)}/restore`)).toMatchObject({
      status: 200,
      body: { deleted_at: null },
    });
    const { updated_at: _before, ...rest } = before;
    expect((await client.get(pathOf(key))).body).toMatchObject(rest);
    expect(await found('hidden')).toContain(key.contentId);
  });

  test('of a content that is being processed cancels the job', async () => {
    const key = await newPage('busy');
    const arrived = site.nextRequest('/slow');
    site.on('/slow', { silent: true });
    await insider
      .ports()
      .records.query('UPDATE contents SET url = $1 WHERE content_id = $2', [
        `${site.url}/slow`,
        key.contentId,
      ]);
    await client.patch(pathOf(key), { metadata: {} });
    const { body } = await client.post(`${pathOf(key)}/reprocess?force=true`);
    await arrived;
    await client.delete(pathOf(key));
    const { job } = await ended(backbone.services, String(body['job_id']));
    expect(job.status).toBe('cancelled');
    expect((await client.get(pathOf(key))).status).toBe(404);
  });
});

describe('a hard delete', () => {
  test('empties every store, and its receipt says what was removed', async () => {
    const key = await newPage('doomed', { tags: ['doomed'] });
    await client.get(pathOf(key));
    const chunks = (await holdings(key)).chunks;
    const answer = await client.delete(`${pathOf(key)}?hard_delete=true`);
    expect(answer).toMatchObject({ status: 200, body: { deleted: true, hard_delete: true } });
    const receipt = answer.body['receipt'] as {
      deletion_id: string;
      completed_at: string | null;
      steps: object[];
    };
    expect(receipt.completed_at).not.toBeNull();
    expect(receipt.steps).toEqual([
      { store: 'cache', status: 'done', error: null, removed: { entries: 1 } },
      {
        store: 'graph',
        status: 'done',
        error: null,
        removed: expect.objectContaining({ contents: 1 }) as unknown,
      },
      {
        store: 'records',
        status: 'done',
        error: null,
        removed: expect.objectContaining({ contents: 1, texts: 1, chunks }) as unknown,
      },
      { store: 'vectors', status: 'done', error: null, removed: { points: chunks } },
      { store: 'blobs', status: 'done', error: null, removed: { files: 3 } },
    ]);
    expect(await holdings(key)).toEqual(NOTHING);
    expect((await client.get(pathOf(key))).status).toBe(404);
    expect((await client.delete(`${pathOf(key)}?hard_delete=true`)).status).toBe(404);
    expect((await client.post(`${pathOf(key)}/restore`)).status).toBe(404);
    expect(await found('doomed')).not.toContain(key.contentId);
    expect((await client.get(`/content/deletions/${receipt.deletion_id}`)).body).toMatchObject({
      deletion_id: receipt.deletion_id,
    });
  });

  test('leaves a job that can be asked for and says nothing of the content', async () => {
    const key = await newPage('secret');
    await client.delete(`${pathOf(key)}?hard_delete=true`);
    const { status, body } = await client.get(`/content/status/${key.jobId}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'completed', url: null, metadata: {} });
  });

  test('takes what was hidden before, too', async () => {
    const key = await newPage('hidden first');
    await client.delete(pathOf(key));
    expect((await client.delete(`${pathOf(key)}?hard_delete=true`)).status).toBe(200);
    expect(await holdings(key)).toEqual(NOTHING);
  });

  test('of an uploaded file takes the upload, and the same file is new afterwards', async () => {
    const file = Buffer.from(`Minutes of the meeting\n\n${LIGHTHOUSE}\n\n${GLACIER}`);
    const upload = async (): Promise<ContentKey & { version: unknown }> => {
      const stored = await fetch(`${backbone.url}/api/content/uploads?file_name=minutes.txt`, {
        method: 'POST',
        headers: { authorization: `Bearer ${backbone.key}` },
        body: file,
      });
      const { upload_id: uploadId } = (await stored.json()) as { upload_id: string };
      const { job } = await ingest(backbone.services, { uploadId });
      const key = { userId: TENANT, contentType: 'document', contentId: job.content_id };
      return { ...key, version: (await client.get(pathOf(key))).body['version'] };
    };
    const uploads = async (): Promise<readonly string[]> => {
      const keys: string[] = [];
      for await (const blob of insider.ports().blobs.list('uploads/')) keys.push(blob.key);
      return keys;
    };
    const before = await uploads();
    const first = await upload();
    await client.delete(`${pathOf(first)}?hard_delete=true`);
    expect(await holdings(first)).toEqual(NOTHING);
    expect(await uploads()).toEqual(before);
    const second = await upload();
    expect(second).toEqual({ ...first, version: 2 });
  });

  test('of a content that is being processed ends the job once and leaves nothing', async () => {
    const key = await newPage('racing');
    const arrived = site.nextRequest('/stuck');
    site.on('/stuck', {
      headers: HTML,
      body: articlePage({ title: 'Stuck', sections: [] }),
      partialBytes: 20,
      then: 'hang',
    });
    await insider
      .ports()
      .records.query('UPDATE contents SET url = $1 WHERE content_id = $2', [
        `${site.url}/stuck`,
        key.contentId,
      ]);
    await client.patch(pathOf(key), { metadata: {} });
    const { body } = await client.post(`${pathOf(key)}/reprocess?force=true`);
    await arrived;
    const answer = await client.delete(`${pathOf(key)}?hard_delete=true`);
    expect(answer.status).toBe(200);
    const jobId = String(body['job_id']);
    const { job } = await ended(backbone.services, jobId);
    expect(job.status).toBe('cancelled');
    const ends = (await backbone.services.jobs.events(TENANT, jobId, 0)).filter(
      (event) => event.type === 'cancelled',
    );
    expect(ends).toHaveLength(1);
    expect(await holdings(key)).toEqual(NOTHING);
    for await (const blob of insider.ports().blobs.list(`work/${jobId}/`))
      throw new Error(`${blob.key} is left`);
  });

  test('leaves nothing of a reprocessing either', async () => {
    const key = await newPage('twice made');
    const { body } = await client.post(`${pathOf(key)}/reprocess`);
    await ended(backbone.services, String(body['job_id']));
    await client.delete(`${pathOf(key)}?hard_delete=true`);
    for await (const blob of insider.ports().blobs.list('work/')) {
      const text = (await insider.ports().blobs.readAll(blob.key)).toString('utf8');
      expect(text).not.toContain(key.url);
    }
    expect(await holdings(key)).toEqual(NOTHING);
  });

  test('is told to whoever asks for deletions to be told, and goes for hidden contents of another type as not found', async () => {
    const key = await newPage('typed');
    expect((await client.delete(`/content/document/${key.contentId}?hard_delete=true`)).status).toBe(404);
    expect((await holdings(key)).contents).toBe(1);
  });
});

describe('reprocessing', () => {
  test('works from the stored file, keeps the id and makes a new version', async () => {
    const key = await newPage('again');
    const requests = site.requests.length;
    const answer = await client.post(`${pathOf(key)}/reprocess`);
    expect(answer).toMatchObject({ status: 202, body: { content_id: key.contentId } });
    const { job, stages } = await ended(backbone.services, String(answer.body['job_id']));
    expect(job).toMatchObject({ status: 'completed', priority: 1, content_id: key.contentId });
    expect(stages.find(({ stage }) => stage === 'download')?.attempts).toBe(0);
    expect(site.requests).toHaveLength(requests);
    expect((await client.get(pathOf(key))).body).toMatchObject({
      version: 2,
      url: key.url,
      job_id: job.job_id,
    });
    expect(await client.bytes(`${pathOf(key)}/file`)).not.toHaveLength(0);
  });

  test('without the stored file is refused, and by force fetches it again', async () => {
    const key = await newPage('lost');
    const row = await backbone.services.contents.get(key);
    await insider.ports().blobs.delete(row.files.original?.key ?? '');
    expect(await client.post(`${pathOf(key)}/reprocess`)).toMatchObject({
      status: 409,
      body: { code: 'no_stored_file' },
    });
    const requests = site.requests.length;
    const { body } = await client.post(`${pathOf(key)}/reprocess?force=true`);
    const { job } = await ended(backbone.services, String(body['job_id']));
    expect(job).toMatchObject({ status: 'completed', unchanged: false });
    expect(site.requests).toHaveLength(requests + 1);
    expect(await client.bytes(`${pathOf(key)}/file`)).not.toHaveLength(0);
  });

  test('joins a job that works on the content already', async () => {
    const key = await newPage('joined');
    const first = await backbone.services.contents.reprocess(key, { force: false, traceparent: null });
    const second = await backbone.services.contents.reprocess(key, { force: false, traceparent: null });
    expect(second).toMatchObject({ jobId: first.jobId, deduplicated: true });
    await ended(backbone.services, first.jobId);
  });

  test('of what does not exist is not found', async () => {
    expect((await client.post('/content/webpage/nothing/reprocess')).status).toBe(404);
  });
});

describe('related contents', () => {
  test('share authors, names or keywords, and say which', async () => {
    const one = await newPage('lichen', { author: 'Fay Common' });
    const two = await newPage('lichen', { author: 'Fay Common' });
    const related = itemsOf(await client.get(`${pathOf(one)}/related?limit=5`));
    expect(related.length).toBeLessThanOrEqual(5);
    const reasons = related.find((item) => item['content_id'] === two.contentId)?.['reasons'];
    expect(reasons).toContainEqual({ kind: 'author', name: 'Fay Common' });
    expect(related.map((item) => item['content_id'])).not.toContain(one.contentId);
  });
});

describe('near-duplicates', () => {
  const HARBOUR =
    'The harbour master keeps a ledger of every vessel that has crossed the bar since the year the pier was built, with its draught, its cargo and the weather of the day.';
  const ORCHARD =
    'Old orchards are pruned in late winter, when the sap still sleeps and the shape of each tree shows against the sky; the cut wood is stacked to dry beneath the eaves.';
  const TUNNEL =
    'Before dawn the tunnel crew measured how far the roof had sunk, wrote the figure on the board by the lift and sent the first train of empty wagons down to the face.';

  async function pageOf(path: string, paragraphs: readonly string[]): Promise<ContentKey> {
    const page = articlePage({ title: `Notes ${path}`, sections: [{ heading: 'Notes', paragraphs }] });
    site.on(path, { headers: HTML, body: page });
    const { job } = await ingest(backbone.services, { url: site.url + path });
    expect(job.status).toBe('completed');
    return { userId: TENANT, contentType: 'webpage', contentId: job.content_id };
  }

  const duplicatesOf = async (key: ContentKey): Promise<readonly unknown[]> =>
    itemsOf(await client.get(`${pathOf(key)}/duplicates`));

  test('are found by their text, and forgotten with it', async () => {
    const original = await pageOf('/notes-original', [HARBOUR, ORCHARD, TUNNEL]);
    const copy = await pageOf('/notes-copy', [HARBOUR, ORCHARD, TUNNEL, 'Reprinted with kind permission.']);
    const half = await pageOf('/notes-half', [HARBOUR, LIGHTHOUSE, BEES, GLACIER]);

    const found = await duplicatesOf(original);
    expect(found).toEqual([
      {
        content_id: copy.contentId,
        content_type: 'webpage',
        title: expect.stringContaining('/notes-copy') as unknown,
        url: `${site.url}/notes-copy`,
        similarity: expect.any(Number) as unknown,
      },
    ]);
    const { similarity } = found[0] as { similarity: number };
    expect(similarity).toBeGreaterThanOrEqual(0.7);
    expect(similarity).toBeLessThan(1);
    const ofHalf = JSON.stringify(await duplicatesOf(half));
    expect(ofHalf).not.toContain(original.contentId);
    expect(ofHalf).not.toContain(copy.contentId);

    expect((await client.delete(pathOf(copy))).status).toBe(200);
    expect(await duplicatesOf(original)).toEqual([]);
    expect((await client.post(`${pathOf(copy)}/restore`)).status).toBe(200);
    expect(await duplicatesOf(original)).toHaveLength(1);
    expect((await client.delete(`${pathOf(copy)}?hard_delete=true`)).status).toBe(200);
    expect(await duplicatesOf(original)).toEqual([]);
    const rows = await insider
      .ports()
      .records.query('SELECT 1 FROM content_fingerprints WHERE content_id = $1', [copy.contentId]);
    expect(rows).toEqual([]);
  });

  test('follow the text that is current', async () => {
    const one = await pageOf('/notes-first', [
      `${ORCHARD} ${TUNNEL}`,
      'Written down by the younger brother.',
    ]);
    const two = await pageOf('/notes-second', [
      `${ORCHARD} ${TUNNEL}`,
      'Written down by the younger brother.',
    ]);
    expect(JSON.stringify(await duplicatesOf(one))).toContain(two.contentId);
    await pageOf('/notes-second', [LIGHTHOUSE, GLACIER]);
    expect(JSON.stringify(await duplicatesOf(one))).not.toContain(two.contentId);
  });
});

describe('a job that fails', () => {
  test('leaves the content as it was', async () => {
    const key = await newPage('steady');
    const path = new URL(key.url).pathname;
    site.on(path, { status: 404 });
    const before = (await client.get(pathOf(key))).body;
    const { jobId } = await submit(backbone.services, { url: key.url });
    expect((await ended(backbone.services, jobId)).job.status).toBe('failed');
    expect((await client.get(pathOf(key))).body).toEqual(before);
  });
});
