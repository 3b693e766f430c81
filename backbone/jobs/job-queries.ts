import { AppError } from '../errors.ts';
import type { JobDetail, JobEvent, JobFilter, StageSummary } from '../api/services/job-service.ts';
import type { Page } from '../api/services/page.ts';
import type { TypeRegistry } from '../content/content-types.ts';
import { laneOf, HIGHEST_PRIORITY, LOWEST_PRIORITY, type Lane } from '../pipeline/lanes.ts';
import type { Stage } from '../pipeline/stages.ts';
import { ProcessingJob, type JobRow } from '../stores/records/entities.ts';
import type { RecordStore } from '../stores/records/record-store.ts';
import { decodeCursor, pageOf, type Position } from './cursor.ts';

const MAX_EVENTS = 1000;
const ETA_SAMPLE = 20;

/** Reads jobs; changes nothing. */
export class JobQueries {
  readonly #records: RecordStore;
  readonly #types: TypeRegistry;
  readonly #concurrency: number;

  /** `concurrency`: stages of a type that run at once, for the estimate. */
  constructor(records: RecordStore, types: TypeRegistry, concurrency: number) {
    this.#records = records;
    this.#types = types;
    this.#concurrency = concurrency;
  }

  /** @throws AppError not_found */
  async row(userId: string, jobId: string): Promise<JobRow> {
    const [job] = await this.#records.query<JobRow>(
      'SELECT * FROM processing_jobs WHERE job_id = $1 AND user_id = $2',
      [jobId, userId],
    );
    if (!job) throw new AppError('not_found');
    return job;
  }

  async detail(userId: string, jobId: string): Promise<JobDetail> {
    const job = await this.row(userId, jobId);
    const [stages, queuePosition] = [await this.#stages(job), await this.#queuePosition(job)];
    return { job, stages, queuePosition, etaSeconds: await this.#eta(job, queuePosition) };
  }

  async list(filter: JobFilter): Promise<Page<JobRow>> {
    const query = this.#records.dataSource
      .getRepository<JobRow>(ProcessingJob)
      .createQueryBuilder('job')
      .where('job.user_id = :userId', { userId: filter.userId });
    if (filter.statuses) query.andWhere('job.status IN (:...statuses)', { statuses: filter.statuses });
    if (filter.contentType !== undefined)
      query.andWhere('job.content_type = :type', { type: filter.contentType });
    if (filter.contentId !== undefined)
      query.andWhere('job.content_id = :contentId', { contentId: filter.contentId });
    if (filter.batchId !== undefined) {
      query.andWhere('job.job_id IN (SELECT job_id FROM batch_items WHERE batch_id = :batchId)', {
        batchId: filter.batchId,
      });
    }
    if (filter.createdFrom) query.andWhere('job.created_at >= :from', { from: filter.createdFrom });
    if (filter.createdTo) query.andWhere('job.created_at < :to', { to: filter.createdTo });
    if (filter.lane) query.andWhere('job.priority BETWEEN :low AND :high', prioritiesOf(filter.lane));
    const total = await query.getCount();
    if (filter.cursor !== undefined) {
      const after = decodeCursor(filter.cursor);
      query.andWhere('(job.created_at, job.job_id) < (:at, :id)', after);
    }
    const rows = await query
      .orderBy({ 'job.created_at': 'DESC', 'job.job_id': 'DESC' })
      .limit(filter.limit + 1)
      .getMany();
    const positionOf = (row: JobRow): Position => ({ at: row.created_at, id: row.job_id });
    return pageOf(rows, { limit: filter.limit, total, positionOf });
  }

  async events(userId: string, jobId: string, after: number): Promise<readonly JobEvent[]> {
    await this.row(userId, jobId);
    const rows = await this.#records.query<EventRow>(
      'SELECT * FROM job_events WHERE job_id = $1 AND seq > $2 ORDER BY seq LIMIT $3',
      [jobId, after, MAX_EVENTS],
    );
    return rows.map(eventOf);
  }

  async #stages(job: JobRow): Promise<readonly StageSummary[]> {
    const runs = await this.#records.query<RunSummary>(
      `SELECT stage, count(*) FILTER (WHERE outcome IS NULL OR outcome IN ('done', 'retry', 'failed', 'lost', 'cancelled'))::int AS attempts,
              min(claimed_at) AS started_at,
              sum(extract(epoch FROM COALESCE(finished_at, now()) - claimed_at))::float8 AS seconds,
              (array_agg(COALESCE(outcome, 'running') ORDER BY epoch DESC))[1] AS outcome
         FROM stage_runs WHERE job_id = $1 GROUP BY stage`,
      [job.job_id],
    );
    const declared = this.#types.find(job.content_type)?.stages ?? [];
    const names = [...new Set<Stage>([...declared, ...runs.map((run) => run.stage)])];
    return names.map((stage) =>
      summaryOf(
        stage,
        runs.find((run) => run.stage === stage),
      ),
    );
  }

  async #queuePosition(job: JobRow): Promise<number | null> {
    if (job.stage_state !== 'ready') return null;
    const [row] = await this.#records.query<{ ahead: number }>(
      `SELECT count(*)::int AS ahead FROM processing_jobs
        WHERE stage_state = 'ready' AND content_type = $1 AND (priority, ready_at, job_id) < ($2, $3, $4)`,
      [job.content_type, job.priority, job.ready_at, job.job_id],
    );
    return row ? row.ahead + 1 : null;
  }

  /** From how long the last jobs of the type took; null when there were none. */
  async #eta(job: JobRow, queuePosition: number | null): Promise<number | null> {
    if (job.stage_state === 'ended') return null;
    const [row] = await this.#records.query<{ seconds: number | null }>(
      `SELECT avg(extract(epoch FROM completed_at - started_at))::float8 AS seconds FROM (
         SELECT completed_at, started_at FROM processing_jobs
          WHERE user_id = $1 AND content_type = $2 AND status = 'completed' AND NOT unchanged AND started_at IS NOT NULL
          ORDER BY created_at DESC LIMIT $3) latest`,
      [job.user_id, job.content_type, ETA_SAMPLE],
    );
    if (row?.seconds === null || row?.seconds === undefined) return null;
    const turns = ((queuePosition ?? 1) - 1) / this.#concurrency + (100 - job.progress_percent) / 100;
    return Math.round(row.seconds * turns * 10) / 10;
  }
}

export interface EventRow {
  readonly job_id: string;
  readonly seq: number;
  readonly type: JobEvent['type'];
  readonly status: JobEvent['status'];
  readonly stage: Stage | null;
  readonly progress: number;
  readonly detail: JobEvent['detail'];
  readonly at: Date;
}

export function eventOf(row: EventRow): JobEvent {
  const { job_id: jobId, ...rest } = row;
  return { jobId, ...rest };
}

interface RunSummary {
  readonly stage: Stage;
  readonly attempts: number;
  readonly started_at: Date;
  readonly seconds: number;
  readonly outcome: string;
}

function summaryOf(stage: Stage, run: RunSummary | undefined): StageSummary {
  if (!run) return { stage, status: 'waiting', attempts: 0, startedAt: null, seconds: null };
  return {
    stage,
    status: stageStatus(run.outcome),
    attempts: run.attempts,
    startedAt: run.started_at,
    seconds: Math.round(run.seconds * 1000) / 1000,
  };
}

function stageStatus(outcome: string): StageSummary['status'] {
  switch (outcome) {
    case 'running':
    case 'done':
    case 'failed':
    case 'cancelled':
      return outcome;
    default:
      return 'waiting';
  }
}

function prioritiesOf(lane: Lane): { readonly low: number; readonly high: number } {
  const all = Array.from({ length: LOWEST_PRIORITY }, (_, index) => index + HIGHEST_PRIORITY);
  const own = all.filter((priority) => laneOf(priority) === lane);
  return { low: Math.min(...own), high: Math.max(...own) };
}
