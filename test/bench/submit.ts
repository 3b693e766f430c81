import type { BackboneProcess } from './backbone-process.ts';
import { percentile, timedRuns, type Figure } from './figure.ts';

const SUBMITS = 200;
const WARM_UPS = 20;

/** The answers to single submits, one after the other, while the pipeline works on what was submitted. */
export async function measureSubmit(backbone: BackboneProcess): Promise<readonly Figure[]> {
  const submit = (name: string) => async (): Promise<void> => {
    const response = await fetch(`${backbone.url}/api/content/process`, {
      method: 'POST',
      headers: { authorization: `Bearer ${backbone.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ url: `http://scripted.example/${name}/${(count += 1)}` }),
    });
    if (response.status !== 202) throw new Error(`Submitted, and got ${await response.text()}`);
    await response.arrayBuffer();
  };
  const healthz = async (): Promise<void> => {
    await (await fetch(`${backbone.url}/healthz`)).arrayBuffer();
  };
  let count = 0;
  await timedRuns(WARM_UPS, submit('warm-up'));
  const times = await timedRuns(SUBMITS, submit('one'));
  const bare = await timedRuns(SUBMITS, healthz);
  return [
    {
      name: 'submit to 202, p95',
      unit: 'ms',
      value: percentile(times, 0.95),
      goal: { atMost: 30 },
      peer: { name: 'GET /healthz, p95', value: percentile(bare, 0.95) },
    },
    {
      name: 'submit to 202, median',
      unit: 'ms',
      value: percentile(times, 0.5),
      goal: null,
      peer: { name: 'GET /healthz, median', value: percentile(bare, 0.5) },
    },
  ];
}
