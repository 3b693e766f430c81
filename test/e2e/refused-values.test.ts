import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { AppError } from '../../backbone/errors.ts';
import { articlePage, BEES, GLACIER, LIGHTHOUSE } from '../support/articles.ts';
import { ingest, startBackbone, type TestBackbone } from '../support/backbone.ts';
import { clientOf, type Client } from '../support/client.ts';
import { inside } from '../support/inside.ts';
import { startSite, type LoopbackSite } from '../support/loopback-site.ts';
import { scriptedType, type StageScript } from '../support/scripted-type.ts';

/** What PostgreSQL refuses in every text, and what it refuses in JSON. */
const [NUL, HALF] = ['\0', '\ud800'];
const BAD = `a${NUL}b${HALF}c`;

let site: LoopbackSite;
let backbone: TestBackbone;
let client: Client;
let script: StageScript = () => Promise.resolve();
const insider = inside(scriptedType((stage, context) => script(stage, context)));
const sql = (statement: string): Promise<unknown> => insider.ports().records.query(statement);

beforeAll(async () => {
  site = await startSite();
  backbone = await startBackbone({
    types: [insider.type],
    env: { FETCH_DELAY_MS: '0', MAX_RETRIES: '2' },
  });
  client = clientOf(backbone);
});

afterAll(async () => {
  await backbone.remove();
  await site.stop();
});

beforeEach(() => {
  script = () => Promise.resolve();
});

describe('NUL characters and halves of surrogate pairs', () => {
  test('in what a page says of itself are left out of it, in every store', async () => {
    const linked = JSON.stringify({
      '@type': 'Article',
      headline: `Tide${NUL}s and${HALF} ferries`,
      author: { '@type': 'Person', name: `Ada${NUL} Quay` },
      description: `About${NUL} tides${HALF}`,
    });
    site.on('/page', {
      headers: { 'content-type': 'text/html', 'content-disposition': `inline; filename*=UTF-8''a%00b.html` },
      body: articlePage({
        title: `Tides${NUL}`,
        sections: [
          { heading: `The ti${NUL}de`, paragraphs: [LIGHTHOUSE, `No${NUL}thing &#0; ${BEES}`, GLACIER] },
        ],
      }).replace('</head>', `<script type="application/ld+json">${linked}</script></head>`),
    });
    const { job } = await ingest(backbone.services, { url: `${site.url}/page` });
    expect(job).toMatchObject({ status: 'completed', error_code: null });
    const { body } = await client.get(`/content/webpage/${job.content_id}?include=text,chunks`);
    expect(body).toMatchObject({ title: expect.stringContaining('Tides') as unknown, authors: ['Ada Quay'] });
    expect(JSON.stringify(body)).not.toMatch(/\\u0000|\\ud800/);
    const { text, chunks } = body as { text: string; chunks: { text: string; start: number; end: number }[] };
    for (const chunk of chunks) expect(text.slice(chunk.start, chunk.end)).toBe(chunk.text);
  });

  test('in the name of a file are left out of it', async () => {
    const form = new FormData();
    form.set('file', new Blob([LIGHTHOUSE, BEES, GLACIER], { type: 'text/plain' }), `min${NUL}utes.txt`);
    const headers = { authorization: `Bearer ${backbone.key}` };
    const answer = await fetch(`${backbone.url}/api/content/process`, {
      method: 'POST',
      headers,
      body: form,
    });
    expect(answer.status).toBe(202);
    expect(await insider.ports().records.query('SELECT file_name FROM uploads')).toEqual([
      { file_name: 'minutes.txt' },
    ]);
  });

  test.each(['terminal', 'retryable'])('in the text of a %s error are left out of it', async (kind) => {
    script = (stage) => {
      if (stage !== 'process') return Promise.resolve();
      const params = { actual: BAD, expected: 'x', wanted: 'x', host: BAD };
      return Promise.reject(
        new AppError(kind === 'terminal' ? 'type_mismatch' : 'source_timeout', { params }),
      );
    };
    const { job, stages } = await ingest(backbone.services, { url: `http://scripted.example/${kind}` });
    expect(job.status).toBe('failed');
    expect(job.error_message).toMatch(/ab.?c/);
    expect(stages.find(({ stage }) => stage === 'process')?.attempts).toBe(kind === 'terminal' ? 1 : 3);
  });

  test.each([
    ['metadata', { metadata: { note: BAD } }],
    ['metadata', { metadata: { [BAD]: 1 } }],
    ['callback_url', { callback_url: `http://127.0.0.1/${NUL}` }],
    ['url', { url: `http://scripted.example/${BAD}` }],
  ])('in the %s of a submission are refused, and the field is named', async (field, fields) => {
    const answer = await client.post('/content/process', { url: 'http://scripted.example/x', ...fields });
    expect(answer).toMatchObject({ status: 422, body: { code: 'invalid_request' } });
    expect(JSON.stringify(answer.body['errors'])).toContain(field);
  });
});

describe('a write that the database refuses for good', () => {
  /** Refuses rows of a table as PostgreSQL refuses a number that is too large. */
  const refuse = async (table: string, when: string): Promise<void> => {
    await sql(`CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'value out of range' USING ERRCODE = '22003'; END $$`);
    await sql(`CREATE OR REPLACE TRIGGER refuse BEFORE INSERT OR UPDATE ON ${table} FOR EACH ROW
      WHEN (${when}) EXECUTE FUNCTION refuse()`);
  };

  test.each([
    ['the completion', 'processing_jobs', `NEW.status = 'completed'`, 3],
    ['the retry', 'processing_jobs', `NEW.status = 'retrying'`, 1],
    ['whom the end is told to', 'webhook_deliveries', 'true', 3],
  ])('as %s ends the job as failed, with a code', async (_what, table, when, attempts) => {
    const url = `http://scripted.example/${table}-${attempts}`;
    script = (stage) =>
      attempts === 1 && stage === 'store' ? Promise.reject(new Error('Try again')) : Promise.resolve();
    await refuse(table, when);
    const { job, stages } = await ingest(backbone.services, { url, callbackUrl: `${site.url}/hook` });
    await sql(`DROP TRIGGER refuse ON ${table}`);
    expect(job).toMatchObject({ status: 'failed', error_code: 'stage_failed' });
    expect(stages.find(({ stage }) => stage === 'store')?.attempts).toBe(attempts);
    const { body } = await client.get(`/content/dead-letters?content_type=scripted&error_code=stage_failed`);
    expect(JSON.stringify(body)).toContain(job.job_id);
  });
});
