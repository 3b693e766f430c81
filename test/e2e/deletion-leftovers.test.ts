import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { ContentKey } from '../../backbone/api/services/content-service.ts';
import { articlePage, BEES, GLACIER, LIGHTHOUSE } from '../support/articles.ts';
import { ended, ingest, startBackbone, TENANT, type TestBackbone } from '../support/backbone.ts';
import { inside } from '../support/inside.ts';
import { startSite, type LoopbackSite, type RecordedRequest } from '../support/loopback-site.ts';
import { scriptedType } from '../support/scripted-type.ts';
import { until } from '../support/until.ts';

const insider = inside(scriptedType());
const SECRET = 'the-secret-word';
let site: LoopbackSite;
let backbone: TestBackbone;
let count = 0;

/** A page that was ingested, with what its caller said of it. */
async function newPage(
  fields: { readonly callbackUrl?: string } = {},
): Promise<ContentKey & { jobId: string }> {
  const path = `/page-${(count += 1)}-${SECRET}`;
  site.on(path, {
    headers: { 'content-type': 'text/html' },
    body: articlePage({
      title: `About ${SECRET}`,
      sections: [{ heading: SECRET, paragraphs: [LIGHTHOUSE, BEES, GLACIER] }],
    }),
  });
  const metadata = { note: SECRET };
  const { job } = await ingest(backbone.services, { url: site.url + path, metadata, ...fields });
  return { userId: TENANT, contentType: 'webpage', contentId: job.content_id, jobId: job.job_id };
}

const remove = (key: ContentKey): ReturnType<TestBackbone['services']['contents']['hardDelete']> =>
  backbone.services.contents.hardDelete(key, 'test');

/** Every table, and every file, in which the secret still stands or that names the content. */
async function leftovers(key: ContentKey): Promise<readonly string[]> {
  const { records, blobs, vectors, graph } = insider.ports();
  const tables = await records.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await records.query(`SELECT 1 FROM ${name} AS t WHERE t::text LIKE $1 LIMIT 1`, [
      `%${SECRET}%`,
    ]);
    if (rows.length > 0) found.push(name);
  }
  for await (const { key: blob } of blobs.list('')) found.push(blob);
  if ((await vectors.count(key)) > 0) found.push('vectors');
  if ((await graph.count(key)) > 0) found.push('graph');
  return found;
}

beforeAll(async () => {
  site = await startSite();
  backbone = await startBackbone({
    types: [insider.type],
    env: { FETCH_DELAY_MS: '0', LEASE_SECONDS: '1' },
  });
});

afterAll(async () => {
  await backbone.remove();
  await site.stop();
});

beforeEach(() => {
  jest.restoreAllMocks();
});

describe('a hard delete', () => {
  test('empties deliveries that are still to be made, and they are made all the same', async () => {
    const hook = '/hook';
    const sent = (): readonly RecordedRequest[] => site.requests.filter(({ path }) => path === hook);
    site.on(hook, { status: 500 }, { status: 204 });
    const first = site.nextRequest(hook);
    const key = await newPage({ callbackUrl: site.url + hook });
    expect((await first).body.toString()).toContain(SECRET);
    await remove(key);
    expect(await leftovers(key)).toEqual([]);
    await until(async () => {
      await insider.ports().records.query('UPDATE webhook_deliveries SET next_attempt_at = now()');
      return sent().length === 2;
    });
    const [before, after] = sent();
    expect(after?.headers['webhook-id']).toBe(before?.headers['webhook-id']);
    expect(JSON.parse(String(after?.body))).toMatchObject({
      type: 'job.completed',
      data: { job_id: key.jobId, content_id: key.contentId, status: 'completed', url: null, metadata: {} },
    });
  });

  test('stays open until a stage that does not stop has ended, and then empties what that wrote', async () => {
    const key = await newPage();
    const { vectors, records } = insider.ports();
    const [reached, gate] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    const upsert = vectors.upsert.bind(vectors);
    jest.spyOn(vectors, 'upsert').mockImplementationOnce(async (...given) => {
      reached.resolve(undefined);
      await gate.promise;
      await upsert(...given);
    });
    const { jobId } = await backbone.services.contents.reprocess(key, { force: true, traceparent: null });
    await reached.promise;
    const { deletionId, completedAt, steps } = await remove(key);
    expect(completedAt).toBeNull();
    expect(steps.map(({ status }) => status)).toEqual(Array.from({ length: 5 }, () => 'pending'));
    expect(steps.find(({ store }) => store === 'records')?.removed).toMatchObject({ contents: 1 });

    // Its lease runs out, so the records call it ended; it runs all the same, and the ledger knows.
    expect((await ended(backbone.services, jobId)).job.status).toBe('cancelled');
    await expect(backbone.services.jobs.retry(TENANT, jobId ?? '')).rejects.toMatchObject({
      code: 'conflict',
    });
    const attempts = async (): Promise<number> => {
      const [row] = await records.query<{ attempts: number }>(
        'SELECT attempts FROM deletions WHERE deletion_id = $1',
        [deletionId],
      );
      return row?.attempts ?? 0;
    };
    const before = await attempts();
    await until(async () => {
      await records.query('UPDATE deletions SET due_at = now() WHERE completed_at IS NULL');
      return (await attempts()) > before;
    });
    expect((await backbone.services.contents.deletion(TENANT, deletionId)).completedAt).toBeNull();

    gate.resolve(undefined);
    await until(async () => {
      await records.query('UPDATE deletions SET due_at = now() WHERE completed_at IS NULL');
      return (await backbone.services.contents.deletion(TENANT, deletionId)).completedAt !== null;
    });
    expect(await leftovers(key)).toEqual([]);
    const receipt = await backbone.services.contents.deletion(TENANT, deletionId);
    expect(receipt.steps.map(({ status, error }) => [status, error])).toEqual(
      Array.from({ length: 5 }, () => ['done', null]),
    );
    expect(receipt.steps.find(({ store }) => store === 'records')?.removed).toMatchObject({ contents: 1 });
  });
});
