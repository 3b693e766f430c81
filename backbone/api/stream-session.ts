import { z } from 'zod';
import type { Caller } from '../access/api-keys.ts';
import type { Logger } from '../logger.ts';
import type { Metrics } from '../metrics.ts';
import type { Services } from './services.ts';
import type { JobDetail } from './services/job-service.ts';
import { streamStatus, type StreamEnd, type StreamSink, type Ticker } from './status-stream.ts';
import type { StreamSlots } from './stream-slots.ts';

/** What all status streams of one server share. */
export interface Streaming {
  readonly slots: StreamSlots;
  readonly ticker: Ticker;
  readonly now: () => Date;
  readonly metrics: Pick<Metrics, 'streamOpened'>;
  /** Raised when the server stops. */
  readonly stopping: AbortSignal;
}

export const streamQuery = z.strictObject({ after: z.int().min(0).optional() });
export const streamHeaders = z.object({
  'last-event-id': z
    .string()
    .regex(/^\d{1,10}$/, 'must be the id of an event')
    .optional(),
});

/** The header comes from a client that reconnects by itself, so it is the newer of the two. */
export function positionOf(
  query: z.output<typeof streamQuery>,
  headers: z.output<typeof streamHeaders>,
): number | null {
  const lastId = headers['last-event-id'];
  return lastId === undefined ? (query.after ?? null) : Number(lastId);
}

export interface Session {
  readonly streaming: Streaming;
  readonly services: Services;
  readonly caller: Caller;
  readonly detail: JobDetail;
  readonly after: number | null;
  readonly transport: 'websocket' | 'sse';
  readonly sink: StreamSink;
  /** Raised when the client has left. */
  readonly gone: AbortSignal;
  readonly logger: Logger;
  /** Gives the slot back. */
  readonly release: () => void;
}

/** Runs one stream to its end and never rejects: by then there is no answer that an error could become. */
export async function runSession(session: Session): Promise<StreamEnd | 'failed'> {
  const { streaming, services, caller, detail, after, sink, logger } = session;
  const closed = streaming.metrics.streamOpened(session.transport);
  try {
    return await streamStatus({
      jobs: services.jobs,
      userId: caller.userId,
      detail,
      after,
      sink,
      ticker: streaming.ticker,
      now: streaming.now,
      signal: AbortSignal.any([streaming.stopping, session.gone]),
    });
  } catch (error) {
    logger.warn({ err: error, job_id: detail.job.job_id }, 'a status stream broke off');
    return 'failed';
  } finally {
    session.release();
    closed();
  }
}
