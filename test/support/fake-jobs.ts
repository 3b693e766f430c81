import { AppError, asAppError, itemErrorOf } from '../../backbone/errors.ts';
import type { DeadLetterFilter } from '../../backbone/api/services/dead-letters.ts';
import type {
  BatchStatus,
  JobDetail,
  JobEvent,
  JobService,
} from '../../backbone/api/services/job-service.ts';
import type { Page } from '../../backbone/api/services/page.ts';
import type {
  Accepted,
  BatchSubmission,
  Rejected,
  StoredAnswer,
  Submission,
} from '../../backbone/api/services/submission.ts';
import { isTerminal, type JobStatus } from '../../backbone/jobs/job.ts';
import type { DeadLetterRow, JobRow } from '../../backbone/stores/records/entities.ts';

export const NOON = new Date('2026-01-01T12:00:00.000Z');

export interface FakeJobs extends JobService {
  /** Adds an event and tells the watchers, as a stage would. */
  readonly advance: (jobId: string, status: JobStatus, change?: Partial<JobEvent>) => void;
  /** The same without telling anybody: a hint that was lost. */
  readonly advanceSilently: (jobId: string, status: JobStatus, change?: Partial<JobEvent>) => void;
  readonly addDeadLetter: (row: Partial<DeadLetterRow>) => DeadLetterRow;
  readonly submissions: readonly (Submission | BatchSubmission)[];
  /** Watchers of any job. */
  readonly watcherCount: () => number;
  /** Resolves when the events of a job are read the next time. */
  readonly nextRead: () => Promise<void>;
}

/** Jobs in memory that only move when a test says so. For tests of the HTTP layer alone. */
export function createFakeJobs(): FakeJobs {
  const jobs = new Map<string, JobRow>();
  const events = new Map<string, JobEvent[]>();
  const batches = new Map<string, { userId: string; open: boolean; items: (Accepted | Rejected)[] }>();
  const answers = new Map<string, { hash: string; answer: StoredAnswer }>();
  const deadLetters: DeadLetterRow[] = [];
  const watchers = new Map<string, Set<() => void>>();
  const submissions: (Submission | BatchSubmission)[] = [];
  let reads: (() => void)[] = [];
  let count = 0;

  const owned = (userId: string, jobId: string): JobRow => {
    const job = jobs.get(jobId);
    if (job?.user_id !== userId) throw new AppError('not_found');
    return job;
  };
  const append = (jobId: string, status: JobStatus, change: Partial<JobEvent> = {}): void => {
    const job = jobs.get(jobId);
    if (job === undefined) throw new Error(`no job ${jobId}`);
    const seq = job.event_seq + 1;
    const progress = change.progress ?? (status === 'completed' ? 100 : job.progress_percent);
    jobs.set(jobId, { ...job, status, event_seq: seq, progress_percent: progress });
    const base = { jobId, seq, status, progress, stage: null, detail: {}, at: NOON } as const;
    const type = isTerminal(status) ? status : 'progressed';
    events.set(jobId, [...(events.get(jobId) ?? []), { ...base, type, ...change }]);
  };
  const advance: FakeJobs['advance'] = (jobId, status, change) => {
    append(jobId, status, change);
    for (const tell of watchers.get(jobId) ?? []) tell();
  };
  const start = (userId: string, item: Submission, batchId: string | null): Accepted => {
    judgeAddress(item.url);
    if (item.uploadId !== null && !item.uploadId.startsWith('upload_'))
      throw new AppError('upload_not_found');
    count += 1;
    const type = item.contentType ?? 'webpage';
    const jobId = `${type}_${count.toString(16).padStart(12, '0')}`;
    jobs.set(jobId, newJob(jobId, userId, type, item, batchId));
    events.set(jobId, []);
    append(jobId, 'pending', { type: 'created' });
    return {
      jobId,
      contentId: `content_${count}`,
      contentType: type,
      status: 'pending',
      deduplicated: false,
      skipped: false,
      message: 'The job waits.',
    };
  };
  const startOrRefuse = (
    userId: string,
    item: Submission | Rejected,
    batchId: string,
  ): Accepted | Rejected => {
    if ('error' in item) return item;
    try {
      return start(userId, item, batchId);
    } catch (error) {
      return { error: itemErrorOf(asAppError(error, 'internal_error')) };
    }
  };

  return {
    submissions,
    advance,
    advanceSilently: append,
    watcherCount: () => [...watchers.values()].reduce((sum, one) => sum + one.size, 0),
    nextRead: () => new Promise((resolve) => reads.push(resolve)),
    addDeadLetter: (row) => {
      const full = { ...DEAD_LETTER, dead_letter_id: `letter_${deadLetters.length}`, ...row };
      deadLetters.push(full);
      return full;
    },
    submit: async (request, { userId, idempotency }) => {
      const known = idempotency && answers.get(`${userId} ${idempotency.key}`);
      if (known !== undefined && idempotency !== undefined) {
        if (known.hash !== idempotency.requestHash) throw new AppError('idempotency_conflict');
        return { kind: 'repeated', answer: known.answer };
      }
      let items: (Accepted | Rejected)[];
      let batchId: string | null = null;
      if ('items' in request) {
        const given = request.batchId === null ? undefined : batches.get(request.batchId);
        if (request.batchId !== null && given?.userId !== userId) throw new AppError('not_found');
        if (given?.open === false) throw new AppError('batch_closed');
        const batch = given ?? { userId, open: request.open, items: [] };
        batchId = request.batchId ?? `batch_${batches.size + 1}`;
        const id = batchId;
        items = request.items.map((item) => startOrRefuse(userId, item, id));
        batches.set(batchId, { userId, open: request.open, items: [...batch.items, ...items] });
      } else {
        const accepted = start(userId, request, null);
        const skips = request.ifExists === 'skip' && request.url === 'https://example.org/known';
        items = [skips ? { ...accepted, jobId: null, status: 'completed', skipped: true } : accepted];
      }
      submissions.push(request);
      if (idempotency !== undefined) {
        const answer = idempotency.answer(items, batchId);
        answers.set(`${userId} ${idempotency.key}`, { hash: idempotency.requestHash, answer });
      }
      return { kind: 'accepted', items, batchId };
    },
    get: async (userId, jobId) => detailOf(owned(userId, jobId)),
    list: async (filter) => {
      const mine = [...jobs.values()]
        .filter((job) => job.user_id === filter.userId)
        .filter((job) => filter.statuses?.includes(job.status) ?? true)
        .filter((job) => (filter.contentType ?? job.content_type) === job.content_type);
      return pageOf(mine.toReversed(), filter);
    },
    cancel: async (userId, jobId) => {
      if (isTerminal(owned(userId, jobId).status)) throw new AppError('job_ended');
      advance(jobId, 'cancelled');
      return owned(userId, jobId);
    },
    retry: async (userId, jobId) => {
      const { status } = owned(userId, jobId);
      if (status === 'completed') throw new AppError('job_not_retryable');
      if (!isTerminal(status)) throw new AppError('job_not_ended');
      advance(jobId, 'pending', { type: 'retried' });
      return owned(userId, jobId);
    },
    batch: async (userId, batchId): Promise<BatchStatus> => {
      const batch = batches.get(batchId);
      if (batch?.userId !== userId) throw new AppError('not_found');
      return {
        batchId,
        open: batch.open,
        createdAt: NOON,
        endedAt: null,
        counts: { pending: batch.items.length },
        total: batch.items.length,
        items: batch.items.map((item, index) =>
          'error' in item
            ? { index, jobId: null, contentId: null, status: 'rejected', error: item.error }
            : { index, jobId: item.jobId, contentId: item.contentId, status: item.status, error: null },
        ),
        callbacks: [],
      };
    },
    events: async (userId, jobId, after) => {
      owned(userId, jobId);
      const told = reads;
      reads = [];
      // The reader has its answer before the test goes on.
      setImmediate(() => told.forEach((tell) => tell()));
      return (events.get(jobId) ?? []).filter((event) => event.seq > after).slice(0, 1000);
    },
    watch: async (jobId, listener) => {
      const listeners = watchers.get(jobId) ?? new Set();
      watchers.set(jobId, listeners.add(listener));
      return { unsubscribe: async () => void listeners.delete(listener) };
    },
    deadLetters: async (filter: DeadLetterFilter) =>
      pageOf(
        deadLetters.filter((row) => row.user_id === filter.userId),
        filter,
      ),
    deadLetter: async (userId, id) => {
      const row = deadLetters.find((one) => one.dead_letter_id === id && one.user_id === userId);
      if (row === undefined) throw new AppError('not_found');
      return row;
    },
    replay: async ({ userId, ids, errorCode }) => {
      const matched = deadLetters.filter(
        (row) =>
          row.user_id === userId &&
          (ids?.includes(row.dead_letter_id) ?? true) &&
          (errorCode ?? row.error_code) === row.error_code,
      );
      const [first, ...others] = matched.map((row) => row.dead_letter_id);
      return {
        matched: matched.length,
        replayed: first === undefined ? [] : [{ deadLetterId: first, jobId: 'webpage_0' }],
        refused: others.map((deadLetterId) => ({
          deadLetterId,
          error: itemErrorOf(new AppError('job_not_ended')),
        })),
      };
    },
  };
}

/** The rules of the real one live elsewhere; here each fault has one example. */
export function judgeAddress(url: string | null): void {
  if (url === null) return;
  if (!URL.canParse(url)) throw new AppError('url_invalid');
  const { protocol, hostname } = new URL(url);
  if (!/^https?:$/.test(protocol)) throw new AppError('url_scheme', { params: { scheme: protocol } });
  if (hostname === '127.0.0.1') throw new AppError('url_forbidden', { params: { reason: 'it is private' } });
}

/** Cursors are offsets in plain text. */
export function pageOf<T>(
  all: readonly T[],
  { limit, cursor, offset }: { readonly limit: number; readonly cursor?: string; readonly offset?: number },
): Page<T> {
  const from = cursor === undefined ? (offset ?? 0) : Number(cursor);
  if (!Number.isSafeInteger(from) || from < 0)
    throw new AppError('invalid_request', { fields: [{ field: 'cursor', message: 'is not one of ours' }] });
  const to = from + limit;
  return { items: all.slice(from, to), total: all.length, nextCursor: to < all.length ? String(to) : null };
}

function detailOf(job: JobRow): JobDetail {
  return {
    job,
    stages: [
      { stage: 'download', status: 'done', attempts: 1, startedAt: NOON, seconds: 0.5 },
      { stage: 'extract', status: 'waiting', attempts: 0, startedAt: null, seconds: null },
    ],
    queuePosition: isTerminal(job.status) ? null : 0,
    etaSeconds: null,
  };
}

const DEAD_LETTER: DeadLetterRow = {
  dead_letter_id: '',
  user_id: 'default',
  job_id: null,
  content_type: 'webpage',
  stage: 'download',
  topic: 'content.webpage.download.normal',
  partition: 0,
  offset: '7',
  error_code: 'source_not_found',
  error_message: 'There is no page at this address (404).',
  error_hint: 'Check the address in a browser.',
  attempts: 1,
  first_failed_at: NOON,
  failed_at: NOON,
  headers: { attempt: '1' },
  payload: Buffer.from('payload'),
  replay_count: 0,
  replayed_at: null,
  replayed_by: null,
  replay_reason: null,
};

function newJob(
  jobId: string,
  userId: string,
  type: string,
  item: Submission,
  batchId: string | null,
): JobRow {
  return {
    job_id: jobId,
    content_id: `content_${jobId}`,
    user_id: userId,
    url: item.url,
    content_type: type,
    status: 'pending',
    progress_percent: 0,
    current_stage: null,
    created_at: NOON,
    started_at: null,
    completed_at: null,
    file_paths: {},
    error_code: null,
    error_message: null,
    error_hint: null,
    error_retryable: null,
    retry_count: 0,
    max_retries: 3,
    next_retry_at: null,
    priority: item.priority,
    metadata: item.metadata,
    options: item.options,
    source: { kind: 'url', url: item.url ?? '' },
    type_given: item.contentType !== null,
    if_exists: item.ifExists,
    unchanged: false,
    warnings: [],
    batch_id: batchId,
    callback_url: item.callbackUrl,
    traceparent: null,
    input_key: null,
    stage_state: 'ready',
    epoch: 0,
    ready_epoch: 0,
    attempt: 0,
    throttled_count: 0,
    due_at: NOON,
    ready_at: NOON,
    lease_until: null,
    resend_after: null,
    resend_count: 0,
    cancel_requested_at: null,
    event_seq: 0,
    expansion: null,
  };
}
