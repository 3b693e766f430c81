import { AppError, asAppError } from '../errors.ts';
import type { Accepted, ItemError, Rejected, Submission } from '../api/services.ts';
import type { TypeRegistry } from '../content/content-types.ts';
import type { ContentType } from '../content/content-type.ts';
import type { Fetcher } from '../fetch/fetcher.ts';
import type { StageTaskCodec } from '../pipeline/codec.ts';
import type { Stage } from '../pipeline/stages.ts';
import type { IfExists, JobSource } from '../stores/records/entities.ts';
import type { SqlExecutor } from '../stores/records/record-store.ts';
import { NEW_JOB } from './job.ts';
import type { Outbox, OutboxEntry } from './outbox.ts';
import { stageMessage } from './stage-messages.ts';

/** A submission that was checked and whose content is known. */
export interface PlannedJob {
  readonly jobId: string;
  readonly contentId: string;
  readonly contentType: string;
  readonly typeGiven: boolean;
  readonly url: string | null;
  readonly source: JobSource;
  readonly stage: Stage;
  readonly priority: number;
  readonly metadata: object;
  readonly options: object;
  readonly ifExists: IfExists;
  readonly callbackUrl: string | null;
  readonly inputKey: string | null;
}

export interface SubmissionOptions {
  readonly types: TypeRegistry;
  readonly fetcher: Fetcher;
  readonly codec: StageTaskCodec;
  readonly outbox: Outbox;
  readonly maxRetries: number;
  readonly now: () => Date;
  /** 12 lower-case hex digits. */
  readonly newJobSuffix: () => string;
}

export interface UploadRow {
  readonly upload_id: string;
  readonly blob_key: string;
  readonly sha256: string;
  readonly size_bytes: string;
  readonly media_type: string;
  readonly file_name: string | null;
}

export interface Inserted {
  readonly items: readonly (Accepted | Rejected)[];
  readonly entries: readonly OutboxEntry[];
}

/** Turns submissions into jobs. Works inside the caller's transaction, for one item as for a thousand. */
export class SubmissionWriter {
  readonly #options: SubmissionOptions;

  constructor(options: SubmissionOptions) {
    this.#options = options;
  }

  /** Checks what can be checked without the database, except uploads. @throws AppError of the table in the README */
  plan(submission: Submission, upload: UploadRow | null): PlannedJob {
    this.checkCallback(submission.callbackUrl);
    const given = submission.contentType === null ? null : this.#options.types.get(submission.contentType);
    const found =
      submission.url === null ? this.#fromUpload(upload, given) : this.#fromUrl(submission.url, given);
    const { type } = found;
    return {
      jobId: this.newJobId(type.type),
      contentId: found.contentId,
      contentType: type.type,
      typeGiven: given !== null,
      url: submission.url,
      source: found.source,
      stage: firstStage(type),
      priority: submission.priority,
      metadata: submission.metadata,
      options: checkedOptions(type, submission.options),
      ifExists: submission.ifExists,
      callbackUrl: submission.callbackUrl,
      inputKey: null,
    };
  }

  /** @throws AppError callback_forbidden */
  checkCallback(url: string | null): void {
    if (url !== null) this.#options.fetcher.check(url, 'callback');
  }

  newJobId(contentType: string): string {
    return `${contentType}_${this.#options.newJobSuffix()}`;
  }

  /** Inserts what is not being worked on or to be skipped; answers one result a plan, in order. */
  async insert(
    sql: SqlExecutor,
    plans: readonly (PlannedJob | Rejected)[],
    owner: { readonly userId: string; readonly batchId: string | null; readonly traceparent: string | null },
  ): Promise<Inserted> {
    const jobs = plans.filter((plan): plan is PlannedJob => !('error' in plan));
    const blocked = await this.#existing(sql, owner.userId, jobs);
    const wanted = jobs.filter((job) => !blocked.has(job));
    const { created, active } = await this.#insertOrFind(sql, wanted, owner);
    const fresh = wanted.filter((job) => created.has(job.jobId));
    const entries = await this.#insertMessages(sql, fresh, owner.traceparent);
    await takeUploads(sql, fresh);
    await joinCallbacks(sql, wanted, created, active);
    return { items: plans.map((plan) => resultOf(plan, blocked, created, active)), entries };
  }

  #fromUrl(address: string, given: ContentType | null): Found {
    const url = this.#options.fetcher.check(address, 'content');
    const type = given ?? this.#options.types.forUrl(url);
    return { type, contentId: type.identify({ kind: 'url', url }), source: { kind: 'url', url: address } };
  }

  #fromUpload(upload: UploadRow | null, given: ContentType | null): Found {
    if (upload === null)
      throw new AppError('upload_not_found', { fields: [{ field: 'upload_id', message: 'Not found' }] });
    const type = given ?? this.#options.types.forMediaType(upload.media_type);
    if (type === null) throw new AppError('unsupported_type', { params: { actual: upload.media_type } });
    const source: JobSource = {
      kind: 'upload',
      uploadId: upload.upload_id,
      blobKey: upload.blob_key,
      fileName: upload.file_name,
      mediaType: upload.media_type,
      sha256: upload.sha256,
      sizeBytes: Number(upload.size_bytes),
    };
    return { type, contentId: type.identify({ kind: 'upload', sha256: upload.sha256 }), source };
  }

  /** Plans that start nothing: content to be skipped, or content that is being deleted. */
  async #existing(
    sql: SqlExecutor,
    userId: string,
    jobs: readonly PlannedJob[],
  ): Promise<ReadonlyMap<PlannedJob, Accepted | Rejected>> {
    const rows = await sql.query<{ content_id: string; content_type: string | null; deleting: boolean }>(
      `SELECT content_id, c.content_type, d.deletion_id IS NOT NULL AS deleting
         FROM (SELECT content_id, content_type FROM contents WHERE user_id = $1 AND content_id = ANY($2::text[]) AND deleted_at IS NULL) c
         FULL JOIN (SELECT content_id, deletion_id FROM deletions
                     WHERE user_id = $1 AND content_id = ANY($2::text[]) AND completed_at IS NULL) d USING (content_id)`,
      [userId, jobs.map((job) => job.contentId)],
    );
    const byId = new Map(rows.map((row) => [row.content_id, row]));
    const blocked = new Map<PlannedJob, Accepted | Rejected>();
    for (const job of jobs) {
      const row = byId.get(job.contentId);
      if (row?.deleting)
        blocked.set(job, rejection(new AppError('conflict', { params: { reason: BEING_DELETED } })));
      else if (row && job.ifExists === 'skip')
        blocked.set(job, skipped(job, row.content_type ?? job.contentType));
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
    owner: { readonly userId: string; readonly batchId: string | null; readonly traceparent: string | null },
  ): Promise<{ readonly created: ReadonlySet<string>; readonly active: ReadonlyMap<string, ActiveJob> }> {
    const created = new Set<string>();
    const active = new Map<string, ActiveJob>();
    let open = jobs;
    for (let round = 0; open.length > 0 && round < INSERT_ROUNDS; round += 1) {
      for (const jobId of await this.#insertJobs(sql, open, owner)) created.add(jobId);
      open = open.filter((job) => !created.has(job.jobId));
      for (const [contentId, job] of await this.#active(sql, owner.userId, open)) active.set(contentId, job);
      open = open.filter((job) => !active.has(job.contentId));
    }
    if (open.length > 0)
      throw new AppError('conflict', { params: { reason: 'jobs of the same content come and go' } });
    return { created, active };
  }

  async #insertJobs(
    sql: SqlExecutor,
    jobs: readonly PlannedJob[],
    owner: { readonly userId: string; readonly batchId: string | null; readonly traceparent: string | null },
  ): Promise<ReadonlySet<string>> {
    if (jobs.length === 0) return new Set();
    const rows = await sql.query<{ job_id: string }>(INSERT_JOBS, [
      JSON.stringify(jobs.map(jobColumns)),
      owner.userId,
      owner.batchId,
      owner.traceparent,
      this.#options.maxRetries,
      NEW_JOB.status,
      this.#options.now(),
    ]);
    return new Set(rows.map((row) => row.job_id));
  }

  /** The jobs that work on the same contents already; none of them ends before this transaction does. */
  async #active(
    sql: SqlExecutor,
    userId: string,
    jobs: readonly PlannedJob[],
  ): Promise<ReadonlyMap<string, ActiveJob>> {
    if (jobs.length === 0) return new Map();
    const rows = await sql.query<ActiveJob>(
      `SELECT job_id, content_id, content_type, status FROM processing_jobs
        WHERE user_id = $1 AND content_id = ANY($2::text[]) AND stage_state <> 'ended' ORDER BY job_id FOR UPDATE`,
      [userId, jobs.map((job) => job.contentId)],
    );
    return new Map(rows.map((row) => [row.content_id, row]));
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

interface Found {
  readonly type: ContentType;
  readonly contentId: string;
  readonly source: JobSource;
}

interface ActiveJob {
  readonly job_id: string;
  readonly content_id: string;
  readonly content_type: string;
  readonly status: Accepted['status'];
}

const INSERT_ROUNDS = 5;
/** Why a submission may be refused although nothing is wrong with it. */
export const BEING_DELETED = 'this content is being deleted at the moment';

const INSERT_JOBS = `
WITH given AS (
  SELECT * FROM jsonb_to_recordset($1::jsonb) AS g(
    job_id text, content_id text, url text, content_type text, source jsonb, type_given boolean, priority smallint,
    metadata jsonb, options jsonb, if_exists text, callback_url text, stage text, input_key text, position int)),
job AS (
  INSERT INTO processing_jobs (job_id, content_id, user_id, url, content_type, status, current_stage, created_at, max_retries,
    priority, metadata, options, source, type_given, if_exists, batch_id, callback_url, traceparent, input_key, stage_state, event_seq)
  SELECT job_id, content_id, $2, url, content_type, $6, stage, $7, $5, priority, metadata, options, source, type_given,
         if_exists, $3, callback_url, $4, input_key, 'ready', 1
    FROM given ORDER BY position
  ON CONFLICT (user_id, content_id) WHERE stage_state <> 'ended' DO NOTHING
  RETURNING job_id, status, current_stage)
INSERT INTO job_events (job_id, seq, type, status, stage, progress)
SELECT job_id, 1, 'created', status, current_stage, 0 FROM job RETURNING job_id`;

export function rejection(error: unknown): Rejected {
  return { error: itemError(asAppError(error, 'internal_error')) };
}

export function itemError(error: AppError): ItemError {
  return { code: error.code, message: error.message, hint: error.hint, fields: error.fields };
}

function firstStage(type: ContentType): Stage {
  const [stage] = type.stages;
  if (stage === undefined) throw new Error(`The type ${type.type} declares no stages`);
  return stage;
}

function checkedOptions(type: ContentType, options: object): object {
  const checked = type.options.strict().safeParse(options);
  if (checked.success) return checked.data;
  throw new AppError('invalid_request', {
    fields: checked.error.issues.map((issue) => ({
      field: ['options', ...issue.path].join('.'),
      message: issue.message,
    })),
  });
}

function jobColumns(job: PlannedJob, position: number): object {
  return {
    job_id: job.jobId,
    content_id: job.contentId,
    url: job.url,
    content_type: job.contentType,
    source: job.source,
    type_given: job.typeGiven,
    priority: job.priority,
    metadata: job.metadata,
    options: job.options,
    if_exists: job.ifExists,
    callback_url: job.callbackUrl,
    stage: job.stage,
    input_key: job.inputKey,
    position,
  };
}

async function takeUploads(sql: SqlExecutor, jobs: readonly PlannedJob[]): Promise<void> {
  const taken = jobs.flatMap((job) =>
    job.source.kind === 'upload' ? [{ job, id: job.source.uploadId }] : [],
  );
  if (taken.length === 0) return;
  await sql.query(
    `UPDATE uploads u SET job_id = taken.job_id FROM unnest($1::text[], $2::text[]) AS taken(upload_id, job_id)
      WHERE u.upload_id = taken.upload_id`,
    [taken.map(({ id }) => id), taken.map(({ job }) => job.jobId)],
  );
}

/** Whoever joins a job that runs already is told of its end as well. */
async function joinCallbacks(
  sql: SqlExecutor,
  jobs: readonly PlannedJob[],
  created: ReadonlySet<string>,
  active: ReadonlyMap<string, ActiveJob>,
): Promise<void> {
  const joined = jobs.flatMap((job) => {
    const other = created.has(job.jobId) ? undefined : active.get(job.contentId);
    return other && job.callbackUrl !== null ? [{ jobId: other.job_id, url: job.callbackUrl }] : [];
  });
  if (joined.length === 0) return;
  await sql.query(
    `INSERT INTO job_callbacks (job_id, url) SELECT * FROM unnest($1::text[], $2::text[]) ON CONFLICT DO NOTHING`,
    [joined.map(({ jobId }) => jobId), joined.map(({ url }) => url)],
  );
}

function skipped(job: PlannedJob, contentType: string): Accepted {
  return {
    jobId: null,
    contentId: job.contentId,
    contentType,
    status: 'completed',
    deduplicated: false,
    skipped: true,
    message: 'The content is stored already; nothing was started.',
  };
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
  const common = { contentId: plan.contentId, skipped: false };
  const other = created.has(plan.jobId) ? undefined : active.get(plan.contentId);
  if (other === undefined) {
    const message = 'The job was accepted.';
    return {
      ...common,
      jobId: plan.jobId,
      contentType: plan.contentType,
      status: NEW_JOB.status,
      deduplicated: false,
      message,
    };
  }
  const message = 'The same content is being processed already; this is that job.';
  return {
    ...common,
    jobId: other.job_id,
    contentType: other.content_type,
    status: other.status,
    deduplicated: true,
    message,
  };
}
