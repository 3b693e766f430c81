import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { StageContext } from '../../backbone/content/content-manager.ts';
import type { Row } from '../../backbone/stores/records/record-store.ts';
import { ended, ingest, startBackbone, submit, TENANT, type TestBackbone } from '../support/backbone.ts';
import { inside, type Inside } from '../support/inside.ts';
import { failure, scriptedType, type StageScript } from '../support/scripted-type.ts';
import { until } from '../support/until.ts';

let backbone: TestBackbone;
let stores: Inside;
let script: StageScript = () => Promise.resolve();

beforeAll(async () => {
  stores = inside(scriptedType((stage, context) => script(stage, context)));
  backbone = await startBackbone({ types: [stores.type], env: { MAX_RETRIES: '1' } });
});

afterAll(() => backbone.remove());

const sql = (statement: string, params: readonly unknown[] = []): Promise<Row[]> =>
  stores.ports().records.query(statement, params);

/** The rows of a statement, as soon as there are some. */
async function rowsOf(statement: string, params: readonly unknown[] = []): Promise<Row[]> {
  let rows: Row[] = [];
  await until(async () => (rows = await sql(statement, params)).length > 0);
  return rows;
}

describe('a worker', () => {
  test('keeps bytes that nobody can read as a dead letter, unchanged, and goes on', async () => {
    const bytes = Buffer.from([0, 0, 0, 0, 9, 1, 2, 3]);
    await sql(
      `INSERT INTO outbox (topic, aggregateid, headers, payload, available_at)
       VALUES ('content.scripted.download.normal', 'nobody', '{"priority": "not a number"}', $1, now() - interval '1 hour')`,
      [bytes],
    );
    const [letter] = await rowsOf(`SELECT * FROM dead_letters WHERE error_code = 'undecodable_message'`);
    expect(letter).toMatchObject({
      content_type: 'scripted',
      topic: 'content.scripted.download.normal',
      job_id: null,
    });
    expect(letter?.['payload']).toEqual(bytes);
    const { job } = await ingest(backbone.services, { url: 'http://scripted.example/after-poison' });
    expect(job.status).toBe('completed');
  });

  test('drops a copy of a record whose stage is done', async () => {
    const copies = Promise.withResolvers<undefined>();
    script = async (stage, { job }) => {
      if (stage !== 'download' || !job.url?.endsWith('/twice')) return;
      // The very record that started this stage, once more.
      await sql(
        `INSERT INTO outbox (topic, aggregateid, headers, payload, available_at)
         SELECT topic, aggregateid, headers, payload, now() - interval '1 hour' FROM copied`,
      );
      copies.resolve(undefined);
    };
    await sql('CREATE TEMP TABLE copied AS SELECT * FROM outbox WHERE false');
    await sql(`CREATE FUNCTION copy_record() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN IF NEW.aggregateid LIKE 'scripted_%' AND NOT EXISTS (SELECT 1 FROM copied) THEN INSERT INTO copied SELECT NEW.*; END IF; RETURN NEW; END $$`);
    await sql(
      'CREATE TRIGGER copy_record AFTER INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION copy_record()',
    );
    const { job } = await ingest(backbone.services, { url: 'http://scripted.example/twice' });
    await copies.promise;
    await sql('DROP TRIGGER copy_record ON outbox');
    script = () => Promise.resolve();
    await rowsOf('SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM outbox)');
    const runs = await sql('SELECT stage, attempt FROM stage_runs WHERE job_id = $1 ORDER BY epoch', [
      job.job_id,
    ]);
    expect(runs).toHaveLength(6);
    expect(runs.every((run) => run['attempt'] === 1)).toBe(true);
  });

  test('fails a job that has already ended its worker more often than it may be tried', async () => {
    const gate = Promise.withResolvers<undefined>();
    const entered = Promise.withResolvers<StageContext>();
    script = async (stage, context) => {
      if (stage !== 'download') return;
      entered.resolve(context);
      await gate.promise;
    };
    const { jobId } = await submit(backbone.services, { url: 'http://scripted.example/killer' });
    await entered.promise;
    // As if two workers had died of it: attempts are counted at the claim, and the lease is over.
    await sql(
      `UPDATE processing_jobs SET attempt = 2, lease_until = now() - interval '1 s' WHERE job_id = $1`,
      [jobId],
    );
    const { job } = await ended(backbone.services, jobId);
    gate.resolve(undefined);
    script = () => Promise.resolve();
    expect(job).toMatchObject({ status: 'failed', error_code: 'attempts_exhausted' });
  });

  test('whose job was taken by somebody else writes nothing more', async () => {
    const gate = Promise.withResolvers<undefined>();
    const entered = Promise.withResolvers<StageContext>();
    script = async (stage, context) => {
      if (stage !== 'embed') return;
      entered.resolve(context);
      await gate.promise;
    };
    const { jobId } = await submit(backbone.services, { url: 'http://scripted.example/fenced' });
    const { signal } = await entered.promise;
    await sql('UPDATE processing_jobs SET epoch = epoch + 1 WHERE job_id = $1', [jobId]);
    const aborted = Promise.withResolvers<undefined>();
    signal.addEventListener('abort', () => aborted.resolve(undefined));
    if (signal.aborted) aborted.resolve(undefined);
    await aborted.promise;
    gate.resolve(undefined);
    const { job } = await backbone.services.jobs.get(TENANT, jobId ?? '');
    expect(job).toMatchObject({ status: 'embedding', stage_state: 'running' });
    script = () => Promise.resolve();
    await sql(`UPDATE processing_jobs SET lease_until = now() - interval '1 s' WHERE job_id = $1`, [jobId]);
    expect((await ended(backbone.services, jobId)).job.status).toBe('completed');
  });
});

describe('the metrics', () => {
  test('tell jobs, queues, retries, dead letters and the outbox', async () => {
    script = () => Promise.resolve();
    await ingest(backbone.services, { url: 'http://scripted.example/completed' });
    script = (stage) => (stage === 'extract' ? Promise.reject(failure('no_text')) : Promise.resolve());
    await ingest(backbone.services, { url: 'http://scripted.example/counted' });
    script = () => Promise.resolve();
    const { openFetcher } = await import('../../backbone/fetch/open-fetcher.ts');
    const { fetcherSettings } = await import('../../backbone/config-slices.ts');
    const { readConfig } = await import('../../backbone/config.ts');
    const fetcher = openFetcher(fetcherSettings(readConfig({ FETCH_ALLOW_PRIVATE: '127.0.0.0/8' })));
    const response = await fetcher.fetch({
      url: `${backbone.url}/metrics`,
      purpose: 'service',
      signal: AbortSignal.timeout(10_000),
      maxBytes: 1_000_000,
      limitSetting: 'none',
    });
    let text = '';
    for await (const part of response.body as AsyncIterable<Buffer>) text += part.toString();
    await fetcher.close();
    expect(text).toMatch(/pipeline_jobs\{type="scripted",status="completed",stage="store"\} [1-9]/);
    expect(text).toMatch(/pipeline_dlq_messages\{type="scripted"\} [1-9]/);
    expect(text).toMatch(/pipeline_dead_letters_total\{.*code="no_text".*\} 1/);
    expect(text).toMatch(/pipeline_outbox_pending \d/);
    expect(text).toMatch(/pipeline_stage_duration_seconds_count\{.*stage="download".*\} [1-9]/);
    expect(text).toContain('nodejs_eventloop_lag_seconds');
  });
});

describe('stopping', () => {
  test('hands running stages back without spending an attempt, and the next start goes on with them', async () => {
    const type = scriptedType((stage, context) => script(stage, context));
    const entered = Promise.withResolvers<undefined>();
    script = async (stage, { signal }) => {
      if (stage !== 'process') return;
      entered.resolve(undefined);
      const aborted = Promise.withResolvers<never>();
      signal.addEventListener('abort', () => aborted.reject(signal.reason as Error));
      await aborted.promise;
    };
    const other = await startBackbone({ types: [type], env: { STOP_SECONDS: '1' } });
    const { jobId } = await submit(other.services, { url: 'http://scripted.example/handed-back' });
    await entered.promise;
    await other.stop();
    script = () => Promise.resolve();
    const again = await startBackbone({ types: [type], dataDir: other.dataDir });
    const { job, stages } = await ended(again.services, jobId);
    const events = await again.services.jobs.events(TENANT, job.job_id, 0);
    await again.remove();
    expect(job.status).toBe('completed');
    expect(events.map((event) => event.type)).toContain('handed_back');
    expect(stages.find(({ stage }) => stage === 'process')).toMatchObject({ attempts: 1 });
  });
});
