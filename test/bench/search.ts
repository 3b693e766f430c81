import path from 'node:path';
import { CONTENT_TYPES } from '../../backbone/content/content-types.ts';
import { passageTerms } from '../../backbone/content/steps/terms.ts';
import { USE_LITE_DIMENSIONS, USE_LITE_MODEL } from '../../backbone/models/use-lite.ts';
import { openRecords } from '../../backbone/stores/records/open-records.ts';
import type { RecordStore } from '../../backbone/stores/records/record-store.ts';
import { openVectorStore } from '../../backbone/stores/vectors/open-vector-store.ts';
import { withProcess, type BackboneProcess } from './backbone-process.ts';
import { percentile, timedRuns, type Figure } from './figure.ts';
import type { Workspace } from './workspace.ts';

const CONTENTS = 40;
const CHUNKS_EACH = 250;
const WORDS_A_CHUNK = 200;
const VOCABULARY = 20_000;
const QUESTIONS = 100;
const WORDS_A_QUESTION = 5;
const WARM_UPS = 10;
const TENANT = 'default';

/** Questions to a backbone that holds 10,000 chunks, and the same ones to PostgreSQL's own full text search. */
export async function measureSearch(workspace: Workspace): Promise<readonly Figure[]> {
  const dataDir = await workspace.copiedData();
  const bare = await fill(dataDir);
  return withProcess({ dataDir }, async (backbone) => [
    await measureMode(backbone, 'hybrid', { atMost: 150 }, bare),
    await measureMode(backbone, 'lexical', null, bare),
  ]);
}

async function measureMode(
  backbone: BackboneProcess,
  mode: 'hybrid' | 'lexical',
  goal: Figure['goal'],
  bare: readonly number[],
): Promise<Figure> {
  const ask = async (run: number): Promise<void> => {
    const response = await fetch(`${backbone.url}/api/search`, {
      method: 'POST',
      headers: { authorization: `Bearer ${backbone.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query: questionOf(run), mode }),
    });
    const { hits } = (await response.json()) as { readonly hits?: readonly unknown[] };
    if (!hits || hits.length === 0) throw new Error(`Asked, and got ${response.status} without hits`);
  };
  await timedRuns(WARM_UPS, (run) => ask(QUESTIONS + run));
  const times = await timedRuns(QUESTIONS, ask);
  return {
    name: `search of ${CONTENTS * CHUNKS_EACH} chunks, ${mode}, p95`,
    unit: 'ms',
    value: percentile(times, 0.95),
    goal,
    peer: { name: 'full text search of PostgreSQL', value: percentile(bare, 0.95) },
  };
}

/** Stores the chunks as the stage `store` leaves them, and asks PostgreSQL. Resolves with its times in milliseconds. */
async function fill(dataDir: string): Promise<readonly number[]> {
  const records = await openRecords({
    url: 'embedded:',
    folder: path.join(dataDir, 'postgres'),
    types: CONTENT_TYPES.map((type) => type.tables),
  });
  try {
    const vectors = await openVectorStore({ url: 'embedded:', database: records });
    await vectors.prepare({ name: USE_LITE_MODEL, dimensions: USE_LITE_DIMENSIONS });
    const random = randomNumbers(1);
    for (let content = 0; content < CONTENTS; content += 1) {
      const contentId = `bench${content}`;
      const texts = Array.from({ length: CHUNKS_EACH }, () => textOf(random, WORDS_A_CHUNK));
      await insertContent(records, contentId, texts);
      const points = texts.map((text, chunkIndex) => ({
        chunkIndex,
        vector: Float32Array.from({ length: USE_LITE_DIMENSIONS }, () => random() - 0.5),
        terms: passageTerms(text, 'en'),
      }));
      await vectors.upsert({ userId: TENANT, contentId, version: 1 }, PAYLOAD, points);
    }
    return await askPostgres(records);
  } finally {
    await records.close();
  }
}

const PAYLOAD = {
  contentType: 'document',
  language: 'en',
  tags: [],
  authors: [],
  publishedAt: null,
  createdAt: '2026-01-01T00:00:00.000Z',
  site: null,
  pages: null,
  durationSeconds: null,
} as const;

async function insertContent(
  records: RecordStore,
  contentId: string,
  texts: readonly string[],
): Promise<void> {
  await records.query(
    `INSERT INTO contents (user_id, content_id, content_type, version, job_id, language, text_length, word_count, chunk_count, created_at, updated_at)
     VALUES ($1, $2, 'document', 1, 'document_bench', 'en', 0, 0, $3, now(), now())`,
    [TENANT, contentId, texts.length],
  );
  await records.query(
    `INSERT INTO content_chunks (user_id, content_id, version, content_type, chunk_index, text, start_offset, end_offset, token_count, locator)
     SELECT $1, $2, 1, 'document', t.n - 1, t.text, 0, length(t.text), 250, '{}' FROM unnest($3::text[]) WITH ORDINALITY t (text, n)`,
    [TENANT, contentId, texts],
  );
}

async function askPostgres(records: RecordStore): Promise<readonly number[]> {
  await records.query(
    `CREATE TABLE bench_texts AS SELECT content_id, chunk_index, to_tsvector('english', text) AS words FROM content_chunks`,
  );
  await records.query('CREATE INDEX bench_words ON bench_texts USING gin (words)');
  const ask = async (run: number): Promise<void> => {
    const anyWord = questionOf(run).replaceAll(' ', ' | ');
    await records.query(
      `SELECT content_id, chunk_index FROM bench_texts, to_tsquery('english', $1) question
        WHERE words @@ question ORDER BY ts_rank(words, question) DESC LIMIT 10`,
      [anyWord],
    );
  };
  await timedRuns(WARM_UPS, (run) => ask(QUESTIONS + run));
  const times = await timedRuns(QUESTIONS, ask);
  await records.query('DROP TABLE bench_texts');
  return times;
}

function questionOf(run: number): string {
  return textOf(randomNumbers(1_000 + run), WORDS_A_QUESTION);
}

/** Words as often as in real text: the one of rank r comes with a probability of about 1/r (Zipf). */
function textOf(random: () => number, words: number): string {
  return Array.from({ length: words }, () => wordOf(Math.floor(VOCABULARY ** random()))).join(' ');
}

/** A word of its own for each number. */
function wordOf(rank: number): string {
  const syllables = ['ba', 'co', 'di', 'fu', 'ga', 'ho', 'ki', 'lu', 'me', 'no'];
  return String(rank).replaceAll(/\d/g, (digit) => syllables[Number(digit)] ?? '');
}

/** From 0 to 1, the same ones in every run: Park and Miller's minimal standard generator. */
function randomNumbers(seed: number): () => number {
  let state = seed * 48_271;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
