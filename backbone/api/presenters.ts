import { isErrorCode } from '../errors.ts';
import type { JsonObject, JsonValue, Locator } from '../content/model.ts';
import type { DeadLetterRow, JobRow } from '../stores/records/entities.ts';
import { presentItemError } from './problem.ts';
import type { LocatorShape } from './schemas/common.ts';
import type { DeadLetterShape } from './schemas/dead-letters.ts';
import type {
  AcceptedAnswer,
  BatchAnswer,
  BatchStatusShape,
  JobErrorShape,
  JobEventShape,
  JobStatusShape,
  JobSummary,
} from './schemas/jobs.ts';
import type { FeedShape } from './schemas/feeds.ts';
import type { DeliveryShape, WebhookShape } from './schemas/webhooks.ts';
import type { Feed } from './services/feed-service.ts';
import type { BatchStatus, JobDetail, JobEvent } from './services/job-service.ts';
import type { Accepted, Rejected } from './services/submission.ts';
import type { Delivery, Webhook } from './services/webhook-service.ts';

/* Rows of jobs become what callers see. Pure; nothing but these names leaves the API. */

export function presentTime(time: Date): string {
  return time.toISOString();
}

export function presentTimeOrNull(time: Date | null): string | null {
  return time === null ? null : time.toISOString();
}

export function presentAccepted(accepted: Accepted): AcceptedAnswer {
  return {
    job_id: accepted.jobId,
    content_id: accepted.contentId,
    content_type: accepted.contentType,
    status: accepted.status,
    deduplicated: accepted.deduplicated,
    skipped: accepted.skipped,
    message: accepted.message,
  };
}

export function presentBatchAccepted(
  batchId: string,
  open: boolean,
  items: readonly (Accepted | Rejected)[],
): BatchAnswer {
  const rejected = items.filter((item) => 'error' in item).length;
  return {
    batch_id: batchId,
    open,
    accepted: items.length - rejected,
    rejected,
    items: items.map((item, index) => ({ index, ...presentBatchItem(item) })),
  };
}

function presentBatchItem(item: Accepted | Rejected): Omit<BatchAnswer['items'][number], 'index'> {
  if (!('error' in item)) return { ...presentAccepted(item), error: null };
  return {
    job_id: null,
    content_id: null,
    content_type: null,
    status: null,
    deduplicated: false,
    skipped: false,
    message: null,
    error: presentItemError(item.error),
  };
}

export function presentBatch(batch: BatchStatus): BatchStatusShape {
  return {
    batch_id: batch.batchId,
    open: batch.open,
    created_at: presentTime(batch.createdAt),
    ended_at: presentTimeOrNull(batch.endedAt),
    total: batch.total,
    counts: { ...batch.counts },
    items: batch.items.map(({ index, jobId, contentId, status, error }) => ({
      index,
      job_id: jobId,
      content_id: contentId,
      status,
      error: error === null ? null : presentItemError(error),
    })),
    callbacks: batch.callbacks.map(presentDelivery),
  };
}

export function presentJob(job: JobRow): JobSummary {
  return {
    job_id: job.job_id,
    batch_id: job.batch_id,
    content_id: job.content_id,
    content_type: job.content_type,
    url: job.url,
    status: job.status,
    progress: job.progress_percent,
    current_stage: job.current_stage,
    error: presentJobError(job),
    retry_count: job.retry_count,
    max_retries: job.max_retries,
    next_retry_at: presentTimeOrNull(job.next_retry_at),
    priority: job.priority,
    unchanged: job.unchanged,
    created_at: presentTime(job.created_at),
    started_at: presentTimeOrNull(job.started_at),
    completed_at: presentTimeOrNull(job.completed_at),
    metadata: job.metadata,
    warnings: job.warnings.map(({ code, message }) => ({ code, message })),
    expansion: job.expansion === null ? null : { ...job.expansion },
  };
}

function presentJobError(job: JobRow): JobErrorShape | null {
  if (job.error_code === null) return null;
  return {
    code: job.error_code,
    message: job.error_message ?? '',
    hint: job.error_hint ?? '',
    retryable: job.error_retryable ?? false,
  };
}

export function presentJobStatus(detail: JobDetail): JobStatusShape {
  return {
    ...presentJob(detail.job),
    stages: detail.stages.map(({ stage, status, attempts, startedAt, seconds }) => ({
      stage,
      status,
      attempts,
      started_at: presentTimeOrNull(startedAt),
      seconds,
    })),
    queue_position: detail.queuePosition,
    eta_seconds: detail.etaSeconds,
  };
}

/** `detail.error` of an event, when it is an error of ours, is told as the event's `error`. */
export function presentEvent(event: JobEvent): JobEventShape {
  const { error, ...detail } = event.detail;
  return {
    seq: event.seq,
    type: event.type,
    job_id: event.jobId,
    status: event.status,
    progress: event.progress,
    current_stage: event.stage,
    error: eventError(error),
    at: presentTime(event.at),
    detail,
  };
}

function eventError(error: JsonValue | undefined): JobErrorShape | null {
  if (!isObject(error) || typeof error['code'] !== 'string' || !isErrorCode(error['code'])) return null;
  const text = (name: string): string => (typeof error[name] === 'string' ? error[name] : '');
  return {
    code: error['code'],
    message: text('message'),
    hint: text('hint'),
    retryable: error['retryable'] === true,
  };
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function presentDeadLetter(row: DeadLetterRow): DeadLetterShape {
  return {
    dead_letter_id: row.dead_letter_id,
    job_id: row.job_id,
    content_type: row.content_type,
    stage: row.stage,
    error: { code: row.error_code, message: row.error_message, hint: row.error_hint },
    attempts: row.attempts,
    first_failed_at: presentTime(row.first_failed_at),
    failed_at: presentTime(row.failed_at),
    topic: row.topic,
    partition: row.partition,
    offset: row.offset,
    replay_count: row.replay_count,
    replayed_at: presentTimeOrNull(row.replayed_at),
    replayed_by: row.replayed_by,
    replay_reason: row.replay_reason,
  };
}

export function presentWebhook(webhook: Webhook): WebhookShape {
  return {
    webhook_id: webhook.webhookId,
    url: webhook.url,
    events: [...webhook.events],
    content_types: [...webhook.contentTypes],
    tags: [...webhook.tags],
    batch_id: webhook.batchId,
    active: webhook.active,
    created_at: presentTime(webhook.createdAt),
    updated_at: presentTime(webhook.updatedAt),
  };
}

export function presentFeed(feed: Feed): FeedShape {
  return {
    feed_id: feed.feedId,
    url: feed.url,
    title: feed.title,
    every: feed.every,
    options: { ...feed.options },
    paused: feed.paused,
    next_poll_at: presentTimeOrNull(feed.nextPollAt),
    last_polled_at: presentTimeOrNull(feed.lastPolledAt),
    last_new_at: presentTimeOrNull(feed.lastNewAt),
    last_error: feed.lastError === null ? null : { ...feed.lastError },
    failures: feed.failures,
    poll_count: feed.pollCount,
    job_count: feed.jobCount,
    recent_polls: feed.recentPolls.map((poll) => ({ ...poll })),
    created_at: presentTime(feed.createdAt),
    updated_at: presentTime(feed.updatedAt),
  };
}

/** Of what the target answered, its status is told and nothing else. */
export function presentDelivery(delivery: Delivery): DeliveryShape {
  return {
    delivery_id: delivery.deliveryId,
    event: delivery.event,
    job_id: delivery.jobId,
    batch_id: delivery.batchId,
    status: delivery.status,
    attempts: delivery.attempts,
    next_attempt_at: presentTimeOrNull(delivery.nextAttemptAt),
    last_status: delivery.lastStatus,
    last_error: delivery.lastError,
    created_at: presentTime(delivery.createdAt),
    finished_at: presentTimeOrNull(delivery.finishedAt),
  };
}

export function presentLocator(locator: Locator): LocatorShape {
  const shape = {
    page: locator.page,
    page_label: locator.pageLabel,
    heading_path: locator.headingPath && [...locator.headingPath],
    start_seconds: locator.startSeconds,
    end_seconds: locator.endSeconds,
    speaker: locator.speaker,
    chapter: locator.chapter,
    cfi: locator.cfi,
    href: locator.href,
    slide: locator.slide,
    sheet: locator.sheet,
    cell: locator.cell,
    line: locator.line,
  };
  return Object.fromEntries(Object.entries(shape).filter(([, value]) => value !== undefined));
}
