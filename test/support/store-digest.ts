import path from 'node:path';
import { CONTENT_TYPES, TypeRegistry } from '../../backbone/content/content-types.ts';
import { Sweeper, type Swept } from '../../backbone/content/sweeper.ts';
import type { BlobStore } from '../../backbone/stores/blobs/blob-store.ts';
import { openBlobStore } from '../../backbone/stores/blobs/open-blob-store.ts';
import { openGraphStore } from '../../backbone/stores/graph/open-graph-store.ts';
import { openRecords } from '../../backbone/stores/records/open-records.ts';
import type { RecordStore, Row } from '../../backbone/stores/records/record-store.ts';
import { openVectorStore } from '../../backbone/stores/vectors/open-vector-store.ts';

type Rows = readonly Row[];

/** What each store holds, without ids, times and job names, so that two runs over the same sources can be compared. */
export interface StoreDigest {
  readonly records: Rows;
  readonly chunks: Rows;
  readonly vectors: Rows;
  readonly terms: Rows;
  readonly graph: Rows;
  readonly blobs: Rows;
}

/** The stores of a data folder that no backbone uses at the moment. */
export interface StoppedStores {
  readonly query: RecordStore['query'];
  /** Removes leftovers as the sweeper will once they are old enough. */
  sweep(): Promise<Swept>;
  digest(): Promise<StoreDigest>;
  /** Every statement about the stores that should hold and does not, as a sentence. */
  faults(): Promise<readonly string[]>;
  close(): Promise<void>;
}

const DAY_MS = 24 * 60 * 60 * 1000;

export async function openStopped(dataDir: string): Promise<StoppedStores> {
  const types = new TypeRegistry(CONTENT_TYPES);
  const records = await openRecords({
    url: 'embedded:',
    folder: path.join(dataDir, 'postgres'),
    types: types.all.map((type) => type.tables),
  });
  const blobs = await openBlobStore({ url: `file:${path.join(dataDir, 'blobs')}` });
  const graph = await openGraphStore({ url: 'embedded:', database: records });
  const vectors = await openVectorStore({ url: 'embedded:', database: records });
  const tomorrow = (): Date => new Date(Date.now() + DAY_MS);
  const sweeper = new Sweeper({ records, blobs, graph, vectors, types, now: tomorrow });
  return {
    query: (sql, params) => records.query(sql, params),
    sweep: () => sweeper.run(new AbortController().signal),
    digest: async () => ({
      records: await records.query(CONTENTS),
      chunks: await records.query(CHUNKS),
      vectors: await records.query(VECTORS),
      terms: await records.query(TERMS),
      graph: await records.query(GRAPH),
      blobs: (await files(blobs)).map(comparable),
    }),
    faults: async () => [...(await faultsOf(records)), ...(await fileFaults(records, blobs))],
    close: () => records.close(),
  };
}

const CONTENTS = `
SELECT content_id, content_type, version, url, canonical_url, title, authors, language, summary, keywords, entities, tags, text_length,
       word_count, chunk_count, metadata, type_metadata, source_sha256, embedding_model, deleted_at, md5(t.text) AS text
  FROM contents LEFT JOIN content_texts t USING (user_id, content_id, version, content_type) ORDER BY content_id`;
const CHUNKS = `
SELECT content_id, version, chunk_index, md5(text) AS text, start_offset, end_offset, locator FROM content_chunks ORDER BY 1, 2, 3`;
const VECTORS = `
SELECT v.content_id, v.version, c.chunk_index, md5(c.embedding::text) AS embedding, v.content_type, v.tags, v.language
  FROM vector_contents v JOIN chunk_vectors c ON c.owner = v.id ORDER BY 1, 2, 3`;
const TERMS = `
SELECT v.content_id, v.version, t.term_id, t.slice, md5(t.postings) AS postings
  FROM vector_contents v JOIN term_postings t ON t.owner = v.id ORDER BY 1, 2, 3, 4`;
const GRAPH = `
SELECT c.content_id, c.version, c.title, c.url, n.kind, n.key, e.weight
  FROM graph_contents c LEFT JOIN graph_edges e ON e.content = c.id LEFT JOIN graph_neighbours n ON n.id = e.neighbour ORDER BY 1, 2, 5, 6`;

/** Each finds rows that must not be there, and says what they are. */
const FORBIDDEN: Readonly<Record<string, string>> = {
  'a job has not ended': `SELECT job_id AS it FROM processing_jobs WHERE stage_state <> 'ended'`,
  'a job has not exactly one terminal event': `
    SELECT j.job_id AS it FROM processing_jobs j
     WHERE (SELECT count(*) FROM job_events e WHERE e.job_id = j.job_id AND e.type IN ('completed', 'failed', 'cancelled')) <> 1`,
  'a terminal event is not the last': `
    SELECT job_id AS it FROM job_events e WHERE type IN ('completed', 'failed', 'cancelled')
       AND EXISTS (SELECT 1 FROM job_events l WHERE l.job_id = e.job_id AND l.seq > e.seq)`,
  'events have a gap': `
    SELECT j.job_id AS it FROM processing_jobs j LEFT JOIN job_events e USING (job_id)
     GROUP BY j.job_id HAVING count(e.seq) <> j.event_seq OR min(e.seq) <> 1 OR max(e.seq) <> j.event_seq`,
  'a stage run has no outcome': `SELECT job_id AS it FROM stage_runs WHERE outcome IS NULL`,
  'a message was not sent': `SELECT aggregateid AS it FROM outbox`,
  'a key has no answer': `SELECT key AS it FROM idempotency_keys WHERE response IS NULL`,
  'a key names a job that is not there': `
    SELECT key AS it FROM idempotency_keys k
     WHERE response ? 'job_id' AND NOT EXISTS (SELECT 1 FROM processing_jobs j WHERE j.job_id = k.response->>'job_id')`,
  'chunks, points and nodes differ': `
    SELECT c.content_id AS it FROM contents c
     WHERE c.chunk_count = 0
        OR c.chunk_count <> (SELECT count(*) FROM content_chunks k WHERE k.content_id = c.content_id)
        OR c.chunk_count <> (SELECT count(*) FROM content_chunks k WHERE k.content_id = c.content_id AND k.version = c.version)
        OR c.chunk_count <> (SELECT count(*) FROM vector_contents v JOIN chunk_vectors p ON p.owner = v.id WHERE v.content_id = c.content_id)
        OR 1 <> (SELECT count(*) FROM graph_contents g WHERE g.content_id = c.content_id)`,
  'a text has no content': `
    SELECT content_id AS it FROM content_texts t WHERE NOT EXISTS (
      SELECT 1 FROM contents c WHERE c.content_id = t.content_id AND c.version = t.version)`,
  'vectors are of no current version': `
    SELECT content_id AS it FROM vector_contents v WHERE NOT EXISTS (
      SELECT 1 FROM contents c WHERE c.content_id = v.content_id AND c.version = v.version)`,
  'a vector has no owner': `SELECT owner::text AS it FROM chunk_vectors WHERE owner NOT IN (SELECT id FROM vector_contents)`,
  'a term has no owner': `SELECT owner::text AS it FROM term_postings WHERE owner NOT IN (SELECT id FROM vector_contents)`,
  'a node is of no current version': `
    SELECT content_id AS it FROM graph_contents g WHERE NOT EXISTS (
      SELECT 1 FROM contents c WHERE c.content_id = g.content_id AND c.version = g.version)`,
  'a neighbour has no content': `SELECT name AS it FROM graph_neighbours WHERE id NOT IN (SELECT neighbour FROM graph_edges)`,
  'an edge has no content': `SELECT content::text AS it FROM graph_edges WHERE content NOT IN (SELECT id FROM graph_contents)`,
  'a batch has not ended': `SELECT batch_id AS it FROM batches WHERE ended_at IS NULL`,
  'a delivery is neither delivered nor given up': `SELECT delivery_id AS it FROM webhook_deliveries WHERE status = 'pending'`,
  'an edit has not reached every store': `
    SELECT c.content_id AS it FROM contents c
      LEFT JOIN vector_contents v USING (user_id, content_id, version)
      LEFT JOIN graph_contents g USING (user_id, content_id, version)
     WHERE c.shown_revision <> c.facts_revision OR c.title IS DISTINCT FROM g.title
        OR (c.tags, c.authors, c.language) IS DISTINCT FROM (v.tags, v.authors, v.language)`,
  'a deletion is not done': `
    SELECT d.content_id AS it FROM deletions d WHERE d.completed_at IS NULL
        OR 5 <> (SELECT count(*) FROM deletion_steps s WHERE s.deletion_id = d.deletion_id AND s.status = 'done')`,
};

async function faultsOf(records: RecordStore): Promise<string[]> {
  const faults: string[] = [];
  for (const [fault, statement] of Object.entries(FORBIDDEN)) {
    const rows = await records.query<{ it: string }>(statement);
    if (rows.length > 0) faults.push(`${fault}: ${rows.map((row) => row.it).join(', ')}`);
  }
  return faults;
}

async function fileFaults(records: RecordStore, blobs: BlobStore): Promise<string[]> {
  const rows = await records.query<{ key: string }>(
    `SELECT f.value->>'key' AS key FROM contents, jsonb_each(files) AS f`,
  );
  const wanted = new Set(rows.map((row) => row.key));
  const there = new Set((await files(blobs)).map((file) => file.key));
  return [
    ...[...wanted].filter((key) => !there.has(key)).map((key) => `a file is missing: ${key}`),
    ...[...there].filter((key) => !wanted.has(key)).map((key) => `a file belongs to nothing: ${key}`),
  ];
}

interface FileDigest {
  readonly key: string;
  readonly sha256: string | null;
}

async function files(blobs: BlobStore): Promise<readonly FileDigest[]> {
  const found: FileDigest[] = [];
  for await (const { key, sha256 } of blobs.list('')) found.push({ key, sha256 });
  return found;
}

/** What `extract` wrote names the job that wrote it. */
function comparable(file: FileDigest): Row {
  return { key: file.key, sha256: file.key.endsWith('/extraction.json') ? null : file.sha256 };
}
