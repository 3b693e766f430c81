import { openRecords } from '../../backbone/stores/records/open-records.ts';
import type { BackboneProcess } from './backbone-process.ts';
import { median, timed, type Figure } from './figure.ts';
import { completion, submitScripted } from './scripted-jobs.ts';
import type { Workspace } from './workspace.ts';

const RUNS = 3;
const JOBS = 100;
const STAGES_A_JOB = 6;
const STAGE_RUNS = JOBS * STAGES_A_JOB;

/**
 * Stage runs a second, from the first claim to the last completion by the records' own times. The peer does as
 * many bare transactions, one UPDATE and two INSERTs each, on the same kind of database.
 */
export async function measureStageRuns(
  backbone: BackboneProcess,
  workspace: Workspace,
): Promise<readonly Figure[]> {
  const rates: number[] = [];
  const bareRates: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    rates.push(STAGE_RUNS / (await pipelineSeconds(backbone, `run-${run}`)));
    bareRates.push(STAGE_RUNS / (await bareSeconds(await workspace.copiedData())));
  }
  return [
    {
      name: 'stage runs, all durable',
      unit: '/s',
      value: median(rates),
      goal: { atLeast: 120 },
      peer: { name: 'bare transactions', value: median(bareRates) },
    },
  ];
}

async function pipelineSeconds(backbone: BackboneProcess, name: string): Promise<number> {
  const jobs = await submitScripted(backbone, name, JOBS);
  const last = jobs.at(-1);
  if (last === undefined) throw new Error('No job was submitted');
  await completion(backbone, last);
  const times: { readonly from: number; readonly to: number }[] = [];
  for (const job of jobs) {
    // The last one submitted is not always the last one done.
    await completion(backbone, job);
    const { started_at: from, completed_at: to } = await backbone.client.status(job);
    times.push({ from: Date.parse(from ?? ''), to: Date.parse(to ?? '') });
  }
  return (Math.max(...times.map(({ to }) => to)) - Math.min(...times.map(({ from }) => from))) / 1000;
}

async function bareSeconds(dataDir: string): Promise<number> {
  const records = await openRecords({ url: 'embedded:', folder: `${dataDir}/postgres`, types: [] });
  try {
    await records.query('CREATE TABLE bare_jobs (id int PRIMARY KEY, stage int NOT NULL)');
    await records.query(
      'CREATE TABLE bare_events (id int, stage int, at timestamptz DEFAULT now(), PRIMARY KEY (id, stage))',
    );
    await records.query('CREATE TABLE bare_outbox (id bigserial PRIMARY KEY, payload bytea NOT NULL)');
    await records.query('INSERT INTO bare_jobs SELECT n, 0 FROM generate_series(0, $1 - 1) n', [JOBS]);
    const payload = Buffer.alloc(200);
    return (
      (await timed(async () => {
        for (let run = 0; run < STAGE_RUNS; run += 1) {
          const [id, stage] = [run % JOBS, Math.floor(run / JOBS)];
          await records.transaction(async (sql) => {
            await sql.query('UPDATE bare_jobs SET stage = stage + 1 WHERE id = $1', [id]);
            await sql.query('INSERT INTO bare_events (id, stage) VALUES ($1, $2)', [id, stage]);
            await sql.query('INSERT INTO bare_outbox (payload) VALUES ($1)', [payload]);
          });
        }
      })) / 1000
    );
  } finally {
    await records.close();
  }
}
