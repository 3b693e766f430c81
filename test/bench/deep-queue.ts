import type { BackboneProcess } from './backbone-process.ts';
import { timed, type Figure } from './figure.ts';
import { submitScripted } from './scripted-jobs.ts';

const BATCHES = 10;
const JOBS_A_BATCH = 1000;

/** 10,000 jobs that wait: what they cost in memory, and whether the last ones take longer to submit than the first. */
export async function measureDeepQueue(backbone: BackboneProcess): Promise<readonly Figure[]> {
  // Holds the workers, and warms up what submits.
  await submitScripted(backbone, 'held', JOBS_A_BATCH / 10);
  const seconds: number[] = [];
  const memory: number[] = [await backbone.residentMb()];
  for (let batch = 0; batch < BATCHES; batch += 1) {
    const ms = await timed(() => submitScripted(backbone, `batch-${batch}`, JOBS_A_BATCH));
    seconds.push(ms / 1000);
    memory.push(await backbone.residentMb());
  }
  return [
    {
      name: 'last 1,000 of 10,000 queued jobs',
      unit: 's',
      value: seconds.at(-1) ?? Number.NaN,
      goal: { atMost: 2 * (seconds[0] ?? Number.NaN) },
      peer: { name: 'the first 1,000', value: seconds[0] ?? Number.NaN },
    },
    {
      name: 'memory with 10,000 queued jobs',
      unit: 'MB',
      value: memory.at(-1) ?? Number.NaN,
      goal: { atMost: 100 + (memory[1] ?? Number.NaN) },
      peer: { name: 'with 1,000', value: memory[1] ?? Number.NaN },
    },
  ];
}
