import { laneOf } from '../pipeline/lanes.ts';
import type { StageTaskCodec } from '../pipeline/codec.ts';
import type { Stage } from '../pipeline/stages.ts';
import { deadTopic, retryTopic, stageTopic } from '../pipeline/topics.ts';
import type { OutboxMessage } from './outbox.ts';

/** What a stage task is made from; a `JobRow` fits. */
export interface TaskSubject {
  readonly job_id: string;
  readonly content_id: string;
  readonly content_type: string;
  readonly priority: number;
  readonly created_at: Date;
  readonly traceparent: string | null;
}

/** Headers of records; Kafka's are strings or bytes, so numbers are written out. */
export const HEADERS = {
  stage: 'stage',
  lane: 'lane',
  priority: 'priority',
  submittedAt: 'submitted-at',
  attempt: 'attempt',
  notBefore: 'not-before',
  origin: 'origin',
  errorCode: 'error-code',
} as const;

/** The record that makes `stage` of the job due. `readyEpoch` is the job's epoch at that moment. */
export function stageMessage(
  codec: StageTaskCodec,
  subject: TaskSubject,
  ready: { readonly stage: Stage; readonly readyEpoch: number; readonly now: Date },
): OutboxMessage {
  const lane = laneOf(subject.priority);
  return {
    topic: stageTopic(subject.content_type, ready.stage, lane),
    key: subject.job_id,
    headers: routing(subject, ready.stage),
    payload: codec.encode({
      jobId: subject.job_id,
      contentId: subject.content_id,
      contentType: subject.content_type,
      stage: ready.stage,
      epoch: ready.readyEpoch,
      lane,
      priority: subject.priority,
      submittedAt: subject.created_at,
      enqueuedAt: ready.now,
      traceparent: subject.traceparent,
    }),
  };
}

export interface RetryOrigin {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly payload: Buffer;
}

/** The same bytes again, by way of the retry topic of one rung. */
export function retryMessage(
  subject: TaskSubject,
  origin: RetryOrigin,
  retry: {
    readonly stage: Stage;
    readonly rungMs: number;
    readonly dueAt: Date;
    readonly attempt: number;
    readonly errorCode: string;
  },
): OutboxMessage {
  return {
    topic: retryTopic(subject.content_type, retry.rungMs),
    key: subject.job_id,
    headers: {
      ...routing(subject, retry.stage),
      [HEADERS.attempt]: String(retry.attempt),
      [HEADERS.notBefore]: String(retry.dueAt.getTime()),
      [HEADERS.origin]: originOf(origin),
      [HEADERS.errorCode]: retry.errorCode,
    },
    payload: origin.payload,
  };
}

/** The same bytes as a dead letter. */
export function deadMessage(
  contentType: string,
  key: string,
  origin: RetryOrigin,
  failure: { readonly attempt: number; readonly errorCode: string },
): OutboxMessage {
  return {
    topic: deadTopic(contentType),
    key,
    headers: {
      [HEADERS.attempt]: String(failure.attempt),
      [HEADERS.origin]: originOf(origin),
      [HEADERS.errorCode]: failure.errorCode,
    },
    payload: origin.payload,
  };
}

/** What a consumer must know before it decodes. */
function routing(subject: TaskSubject, stage: Stage): Record<string, string> {
  return {
    [HEADERS.stage]: stage,
    [HEADERS.lane]: laneOf(subject.priority),
    [HEADERS.priority]: String(subject.priority),
    [HEADERS.submittedAt]: String(subject.created_at.getTime()),
  };
}

function originOf(origin: RetryOrigin): string {
  return `${origin.topic}/${origin.partition}/${origin.offset}`;
}
