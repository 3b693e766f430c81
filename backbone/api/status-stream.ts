import { isTerminal } from '../jobs/job.ts';
import { presentEvent, presentJobStatus, presentTime } from './presenters.ts';
import type { JobEventShape, JobStatusShape } from './schemas/jobs.ts';
import type { JobDetail, JobService } from './services/job-service.ts';

/* A job's changes as they happen, for whatever carries them. Pure but for the services and the ticker. */

/** Where the job stood when the stream began; `seq` is that of its latest event. */
export type SnapshotMessage = JobStatusShape & {
  readonly seq: number;
  readonly type: 'snapshot';
  readonly at: string;
};
export type StreamMessage = SnapshotMessage | JobEventShape;

export interface StreamSink {
  /** Resolves when the bytes have left our own buffers; rejects when the connection is gone. */
  send(message: StreamMessage): Promise<void>;
  heartbeat(): Promise<void>;
}

export interface Ticker {
  /** Calls `tick` again and again until the answer is called. */
  every(intervalMs: number, tick: () => void): () => void;
}

/**
 * `ended` the terminal message was sent; `slow` the client did not read for two heartbeats;
 * `left` the signal was raised.
 */
export type StreamEnd = 'ended' | 'slow' | 'left';

export interface StatusStreamOptions {
  readonly jobs: Pick<JobService, 'events' | 'watch'>;
  readonly userId: string;
  /** The job as it is when the stream begins. */
  readonly detail: JobDetail;
  /** `seq` of the last message the client has; null begins with a snapshot. */
  readonly after: number | null;
  readonly sink: StreamSink;
  readonly ticker: Ticker;
  readonly now: () => Date;
  readonly signal: AbortSignal;
}

export const HEARTBEAT_MS = 15_000;
/** Hints may be lost: the events are read again this often whether one came or not. */
export const REREAD_MS = 3000;
/** As many as `JobService.events` answers at most. */
const PAGE = 1000;

/** True when a client that has `after` has seen all there will be. */
export function hasEnded({ job }: JobDetail, after: number | null): boolean {
  return after === job.event_seq && isTerminal(job.status);
}

/**
 * A snapshot, or what follows `after`; then every event in order, until the terminal one. Sends one message
 * at a time, so no more than that is ever held for a client. Rejects when the store fails.
 */
export async function streamStatus(options: StatusStreamOptions): Promise<StreamEnd> {
  const { jobs, detail, signal } = options;
  const hint = createHint();
  const delivery = createDelivery(options);
  const abort = (): void => delivery.give('left');
  signal.addEventListener('abort', abort, { once: true });
  const watching = await jobs.watch(detail.job.job_id, hint.raise);
  const stopTicking = options.ticker.every(REREAD_MS, hint.raise);
  try {
    if (signal.aborted) return 'left';
    return await follow(options, delivery, hint);
  } catch (error) {
    if (error instanceof Abandoned) return error.end;
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
    stopTicking();
    delivery.stop();
    await watching.unsubscribe();
  }
}

async function follow(options: StatusStreamOptions, delivery: Delivery, hint: Hint): Promise<StreamEnd> {
  const { detail, after, jobs, userId } = options;
  let seq = after;
  // A client that claims to be ahead of us knows another job of this name: it begins anew.
  if (seq === null || seq > detail.job.event_seq) {
    await delivery.send(snapshotOf(options));
    seq = detail.job.event_seq;
  }
  if (hasEnded(detail, seq)) return 'ended';
  for (;;) {
    hint.clear();
    const events = await jobs.events(userId, detail.job.job_id, seq);
    for (const event of events) await delivery.send(presentEvent(event));
    const last = events.at(-1);
    if (last !== undefined) seq = last.seq;
    if (events.length >= PAGE) continue;
    // Only the latest event tells: a job that was retried has ended before.
    if (last !== undefined && isTerminal(last.status)) return 'ended';
    await delivery.unlessAbandoned(hint.wait());
  }
}

function snapshotOf({ detail, now }: StatusStreamOptions): SnapshotMessage {
  return {
    ...presentJobStatus(detail),
    seq: detail.job.event_seq,
    type: 'snapshot',
    at: presentTime(now()),
  };
}

/** Ends the stream from within, whatever it is waiting for. */
class Abandoned extends Error {
  readonly end: 'slow' | 'left';
  constructor(end: 'slow' | 'left') {
    super(end);
    this.end = end;
  }
}

interface Delivery {
  send(message: StreamMessage): Promise<void>;
  unlessAbandoned<T>(work: Promise<T>): Promise<T>;
  give(end: 'slow' | 'left'): void;
  stop(): void;
}

/** Sends, beats, and gives the client up when nothing it was sent gets through between two beats. */
function createDelivery({ sink, ticker }: Pick<StatusStreamOptions, 'sink' | 'ticker'>): Delivery {
  const abandoned = Promise.withResolvers<never>();
  abandoned.promise.catch(() => undefined);
  const unlessAbandoned = <T>(work: Promise<T>): Promise<T> => Promise.race([work, abandoned.promise]);
  const give = (end: 'slow' | 'left'): void => abandoned.reject(new Abandoned(end));
  let underWay = 0;
  let stuckBeats = 0;

  const deliver = async (work: Promise<void>): Promise<void> => {
    underWay += 1;
    try {
      await unlessAbandoned(work);
      stuckBeats = 0;
    } catch (error) {
      throw error instanceof Abandoned ? error : new Abandoned('left');
    } finally {
      underWay -= 1;
    }
  };
  const beat = (): void => {
    if (underWay > 0) {
      stuckBeats += 1;
      if (stuckBeats >= 2) give('slow');
      return;
    }
    deliver(sink.heartbeat()).catch(() => give('left'));
  };
  const stop = ticker.every(HEARTBEAT_MS, beat);
  return { send: (message) => deliver(sink.send(message)), unlessAbandoned, give, stop };
}

interface Hint {
  readonly raise: () => void;
  readonly clear: () => void;
  readonly wait: () => Promise<void>;
}

/** Remembers that something was raised since it was last cleared. */
function createHint(): Hint {
  let raised = Promise.withResolvers<undefined>();
  return {
    raise: () => raised.resolve(undefined),
    clear: () => {
      raised = Promise.withResolvers<undefined>();
    },
    wait: async () => {
      await raised.promise;
    },
  };
}
