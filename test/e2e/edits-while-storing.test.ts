import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { ContentKey } from '../../backbone/api/services/content-service.ts';
import { articlePage, BEES, GLACIER, LIGHTHOUSE } from '../support/articles.ts';
import { ended, ingest, startBackbone, TENANT, type TestBackbone } from '../support/backbone.ts';
import { inside } from '../support/inside.ts';
import { startSite, type LoopbackSite } from '../support/loopback-site.ts';
import { scriptedType } from '../support/scripted-type.ts';
import { until } from '../support/until.ts';

const insider = inside(scriptedType());
let site: LoopbackSite;
let backbone: TestBackbone;
let count = 0;

const page = (author: string): { headers: Record<string, string>; body: string } => ({
  headers: { 'content-type': 'text/html' },
  body: articlePage({
    title: 'About the tide',
    author,
    sections: [{ heading: 'The tide', paragraphs: [LIGHTHOUSE, BEES, GLACIER] }],
  }),
});

/** A page whose author has changed since it was ingested. */
async function newPage(): Promise<ContentKey> {
  const path = `/page-${(count += 1)}`;
  site.on(path, page('Ada Early'), page('Bob Later'));
  const { job } = await ingest(backbone.services, { url: site.url + path, metadata: { tags: ['old'] } });
  return { userId: TENANT, contentType: job.content_type, contentId: job.content_id };
}

interface Facts {
  readonly title: string | null;
  readonly tags: readonly string[];
  readonly authors: readonly string[];
  readonly language: string | null;
  readonly created_at: Date;
}

/** What each store says of a content: one row for each version it holds. */
async function factsOf({
  contentId,
}: ContentKey): Promise<Record<'records' | 'vectors' | 'graph', unknown[]>> {
  const { records } = insider.ports();
  const [row] = await records.query<Facts>(
    'SELECT title, tags, authors, language, created_at FROM contents WHERE content_id = $1',
    [contentId],
  );
  const vectors = await records.query<Facts>(
    'SELECT tags, authors, language, created_at FROM vector_contents WHERE content_id = $1',
    [contentId],
  );
  const graph = await records.query(
    `SELECT c.title, array_agg(n.name ORDER BY n.name) AS authors FROM graph_contents c
       LEFT JOIN graph_edges e ON e.content = c.id JOIN graph_neighbours n ON n.id = e.neighbour AND n.kind = 'author'
      WHERE c.content_id = $1 GROUP BY c.id, c.title`,
    [contentId],
  );
  return { records: row ? [row] : [], vectors, graph };
}

/** Ingests the page again, and does something while its stage `store` stands before or after the vectors are written. */
async function whileStoring(
  key: ContentKey,
  when: 'before' | 'after',
  act: () => Promise<unknown>,
): Promise<void> {
  const { vectors } = insider.ports();
  const upsert = vectors.upsert.bind(vectors);
  const spy = jest.spyOn(vectors, 'upsert').mockImplementationOnce(async (...given) => {
    if (when === 'before') await act();
    await upsert(...given);
    if (when === 'after') await act();
  });
  const { jobId } = await backbone.services.contents.reprocess(key, { force: true, traceparent: null });
  const { job } = await ended(backbone.services, jobId);
  expect(job).toMatchObject({ status: 'completed', unchanged: false });
  expect(spy).toHaveBeenCalledTimes(1);
  spy.mockRestore();
  // Old versions go, and the last facts come, after the end of the job.
  await until(async () => {
    const { records, vectors: points, graph } = await factsOf(key);
    return records.length === 1 && points.length === 1 && graph.length === 1;
  });
}

beforeAll(async () => {
  site = await startSite();
  backbone = await startBackbone({
    types: [insider.type],
    env: { FETCH_DELAY_MS: '0', FETCH_PER_HOST: '16' },
  });
});

afterAll(async () => {
  await backbone.remove();
  await site.stop();
});

beforeEach(() => {
  jest.restoreAllMocks();
});

describe('an edit while another version is being stored', () => {
  test.each(['before', 'after'] as const)(
    'made %s its vectors are written stands in every store, beside what the new version brought',
    async (when) => {
      const key = await newPage();
      const changes = { title: 'Mine', tags: ['new'] };
      await whileStoring(key, when, () => backbone.services.contents.update(key, changes));
      const { records, vectors, graph } = await factsOf(key);
      const facts = { tags: ['new'], authors: ['Bob Later'], language: 'en' };
      const [row] = records as Facts[];
      expect(row).toMatchObject({ ...facts, title: 'Mine' });
      await until(async () => JSON.stringify(await factsOf(key)).match(/Bob Later/g)?.length === 3);
      expect((await factsOf(key)).vectors).toEqual([{ ...facts, created_at: row?.created_at }]);
      expect((await factsOf(key)).graph).toEqual([{ title: 'Mine', authors: ['Bob Later'] }]);
      expect([vectors, graph]).toHaveLength(2);
    },
  );
});
