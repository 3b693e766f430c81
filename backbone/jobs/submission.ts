import { AppError } from '../errors.ts';
import type { Accepted, Rejected, Submission } from '../api/services/submission.ts';
import type { StageTaskCodec } from '../pipeline/codec.ts';
import type { UploadRow } from '../stores/records/entities.ts';
import type { SqlExecutor } from '../stores/records/record-store.ts';
import type { Outbox, OutboxEntry } from './outbox.ts';
import { stageMessage } from './stage-messages.ts';
import {
  checkCallback,
  newJobId,
  planSubmission,
  type PlannedJob,
  type PlanPorts,
} from './submission-plan.ts';
import { accepted, BEING_DELETED, joined, rejection, skipped } from './submission-results.ts';
import {
  insertJobs,
  joinCallbacks,
  lockActiveJobs,
  readKnownContents,
  takeUploads,
  type ActiveJob,
  type SubmissionOwner,
} from './submission-statements.ts';

export interface SubmissionOptions extends PlanPorts {
  readonly codec: StageTaskCodec;
  readonly outbox: Outbox;
  readonly maxRetries: number;
  readonly now: () => Date;
}

export interface Inserted {
  readonly items: readonly (Accepted | Rejected)[];
  readonly entries: readonly OutboxEntry[];
}

const INSERT_ROUNDS = 5;

/** Turns submissions into jobs. Works inside the caller's transaction, for one item as for a thousand. */
export class SubmissionWriter {
  readonly #options: SubmissionOptions;

  constructor(options: SubmissionOptions) {
    this.#options = options;
  }

  /** What a submission is, without a look at the database. @throws AppError of the table in the README */
  plan(submission: Submission, upload: UploadRow | null): PlannedJob {
    return planSubmission(submission, upload, this.#options);
  }

  /** @throws AppError callback_forbidden */
  checkCallback(url: string | null): void {
    checkCallback(url, this.#options);
  }

  newJobId(contentType: string): string {
    return newJobId(contentType, this.#options);
  }

  /** Inserts what is not being worked on or to be skipped; answers one result a plan, in order. */
  async insert(
    sql: SqlExecutor,
    plans: readonly (PlannedJob | Rejected)[],
    owner: SubmissionOwner,
  ): Promise<Inserted> {
    const jobs = plans.filter((plan): plan is PlannedJob => !('error' in plan));
    const blocked = await this.#blocked(sql, owner.userId, jobs);
    const wanted = jobs.filter((job) => !blocked.has(job));
    const { created, active } = await this.#insertOrFind(sql, wanted, owner);
    const fresh = wanted.filter((job) => created.has(job.jobId));
    const entries = await this.#insertMessages(sql, fresh, owner.traceparent);
    await takeUploads(sql, fresh);
    const others = wanted.flatMap((plan) => {
      const job = created.has(plan.jobId) ? undefined : active.get(plan.contentId);
      return job ? [{ plan, job }] : [];
    });
    await joinCallbacks(sql, others);
    return { items: plans.map((plan) => resultOf(plan, blocked, created, active)), entries };
  }

  /** Plans that start nothing: content to be skipped, or content that is being deleted. */
  async #blocked(
    sql: SqlExecutor,
    userId: string,
    jobs: readonly PlannedJob[],
  ): Promise<ReadonlyMap<PlannedJob, Accepted | Rejected>> {
    const known = await readKnownContents(sql, userId, jobs);
    const blocked = new Map<PlannedJob, Accepted | Rejected>();
    for (const job of jobs) {
      const content = known.get(job.contentId);
      if (content?.deleting)
        blocked.set(job, rejection(new AppError('conflict', { params: { reason: BEING_DELETED } })));
      else if (content && job.ifExists === 'skip')
        blocked.set(job, skipped(job, content.content_type ?? job.contentType));
    }
    return blocked;
  }

  /**
   * Every job is created, or somebody else's active one is found for it. One that ends between the two
   * statements leaves neither: then it is tried again.
   */
  async #insertOrFind(
    sql: SqlExecutor,
    jobs: readonly PlannedJob[],
    owner: SubmissionOwner,
  ): Promise<{ readonly created: ReadonlySet<string>; readonly active: ReadonlyMap<string, ActiveJob> }> {
    const { maxRetries, now } = this.#options;
    const created = new Set<string>();
    const active = new Map<string, ActiveJob>();
    let open = jobs;
    for (let round = 0; open.length > 0 && round < INSERT_ROUNDS; round += 1) {
      for (const jobId of await insertJobs(sql, open, { ...owner, maxRetries, now: now() }))
        created.add(jobId);
      open = open.filter((job) => !created.has(job.jobId));
      for (const [contentId, job] of await lockActiveJobs(sql, owner.userId, open))
        active.set(contentId, job);
      open = open.filter((job) => !active.has(job.contentId));
    }
    if (open.length > 0)
      throw new AppError('conflict', { params: { reason: 'jobs of the same content come and go' } });
    return { created, active };
  }

  async #insertMessages(
    sql: SqlExecutor,
    jobs: readonly PlannedJob[],
    traceparent: string | null,
  ): Promise<OutboxEntry[]> {
    const { codec, outbox, now } = this.#options;
    const at = now();
    const messages = jobs.map((job) =>
      stageMessage(
        codec,
        {
          job_id: job.jobId,
          content_id: job.contentId,
          content_type: job.contentType,
          priority: job.priority,
          created_at: at,
          traceparent,
        },
        { stage: job.stage, readyEpoch: 0, now: at },
      ),
    );
    return outbox.insert(sql, messages);
  }
}

function resultOf(
  plan: PlannedJob | Rejected,
  blocked: ReadonlyMap<PlannedJob, Accepted | Rejected>,
  created: ReadonlySet<string>,
  active: ReadonlyMap<string, ActiveJob>,
): Accepted | Rejected {
  if ('error' in plan) return plan;
  const result = blocked.get(plan);
  if (result) return result;
  const other = created.has(plan.jobId) ? undefined : active.get(plan.contentId);
  return other === undefined ? accepted(plan) : joined(plan, other);
}
