import type { BatchAnswer } from '../../backbone/cli/client.ts';
import type { BackboneProcess } from './backbone-process.ts';

/** Submits jobs of the scripted type in one batch; none may be refused. Resolves with the ids of the jobs. */
export async function submitScripted(
  { client }: BackboneProcess,
  name: string,
  jobs: number,
): Promise<readonly string[]> {
  const items = Array.from({ length: jobs }, (_, index) => ({
    url: `http://scripted.example/${name}/${index}`,
  }));
  const answer: BatchAnswer = await client.submit({ items, open: false });
  return answer.items.map((item) => {
    if (item.job_id === null) throw new Error(`A job was refused: ${item.message ?? 'no reason given'}`);
    return item.job_id;
  });
}

/** Resolves when the job has completed. @throws Error when it ended otherwise */
export async function completion({ client }: BackboneProcess, jobId: string): Promise<void> {
  let status = 'unknown';
  for await (const message of client.follow(jobId, null, AbortSignal.timeout(120_000)))
    ({ status } = message);
  if (status !== 'completed') throw new Error(`The job ${jobId} ended as ${status}`);
}
