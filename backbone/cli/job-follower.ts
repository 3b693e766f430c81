import { isTerminal } from '../jobs/job.ts';
import { ApiFailure, type BackboneClient, type StreamMessage } from './client.ts';

export interface FollowOptions {
  readonly client: Pick<BackboneClient, 'follow' | 'status'>;
  readonly signal: AbortSignal;
  readonly onUpdate: (message: StreamMessage) => void;
  readonly pause: (ms: number) => Promise<void>;
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5000;
/** Some 20 s in all. */
const MAX_FAILURES = 8;

/**
 * Resolves when the job has ended. A stream that breaks off is taken up again where it was, after ever longer
 * pauses, and so is one for which there is no room.
 * @throws ApiFailure, ConnectionFailure when it keeps failing, and the signal's reason
 */
export async function followJob(jobId: string, options: FollowOptions): Promise<void> {
  const { client, signal, onUpdate, pause } = options;
  let after: number | null = null;
  let failures = 0;
  while (true) {
    try {
      for await (const message of client.follow(jobId, after, signal)) {
        failures = 0;
        after = message.seq;
        onUpdate(message);
        if (isTerminal(message.status)) return;
      }
      if (isTerminal((await client.status(jobId)).status)) return;
    } catch (error) {
      signal.throwIfAborted();
      if (failures >= MAX_FAILURES || !mayPass(error)) throw error;
    }
    failures += 1;
    await pause(Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS));
    signal.throwIfAborted();
  }
}

/** Too many streams, a backbone that starts or stops, a broken connection: but not a job that is not there. */
function mayPass(error: unknown): boolean {
  return !(error instanceof ApiFailure) || error.status === 429 || error.status >= 500;
}
