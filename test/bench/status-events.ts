import type { BackboneProcess } from './backbone-process.ts';
import { percentile, timedRuns, type Figure } from './figure.ts';
import { submitScripted } from './scripted-jobs.ts';

const JOBS = 40;

/**
 * From the transaction that wrote an event to its receipt by a client that follows the job, in milliseconds of
 * one clock. Events of before the stream began count for nothing.
 */
export async function measureStatusEvents(backbone: BackboneProcess): Promise<readonly Figure[]> {
  const delays: number[] = [];
  for (let job = 0; job < JOBS; job += 1) {
    const [jobId] = await submitScripted(backbone, `followed-${job}`, 1);
    if (jobId === undefined) throw new Error('No job was submitted');
    for await (const message of backbone.client.follow(jobId, null, AbortSignal.timeout(60_000))) {
      if (message.type !== 'snapshot') delays.push(Date.now() - Date.parse(message.at));
    }
  }
  const bare = await timedRuns(delays.length, async () => {
    await (await fetch(`${backbone.url}/healthz`)).arrayBuffer();
  });
  return [
    {
      name: 'status event received, p95',
      unit: 'ms',
      value: percentile(delays, 0.95),
      goal: { atMost: 50 },
      peer: { name: 'GET /healthz, p95', value: percentile(bare, 0.95) },
    },
  ];
}
