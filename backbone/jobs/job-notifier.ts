import type { Cache } from '../stores/cache/cache.ts';

/**
 * Hints that a job has new events, or that its cancellation was asked for. Hints may be lost or doubled:
 * whoever listens reads the truth from the records.
 */
export interface JobNotifier {
  notify(jobId: string): void;
  watch(jobId: string, listener: () => void): Promise<{ unsubscribe(): Promise<void> }>;
}

export function createJobNotifier(cache: Cache, onError: (error: unknown) => void): JobNotifier {
  const channel = (jobId: string): string => `job:${jobId}`;
  return {
    notify: (jobId) => {
      cache.publish(channel(jobId), jobId).catch(onError);
    },
    watch: (jobId, listener) => cache.subscribe(channel(jobId), listener),
  };
}
