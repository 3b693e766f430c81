import { setTimeout as delay } from 'node:timers/promises';
import { withProcess } from './backbone-process.ts';
import type { Figure } from './figure.ts';
import type { Workspace } from './workspace.ts';

const IDLE_MS = 25_000;
/** V8 goes on compiling the database's WebAssembly for most of a minute, a quarter of what is used until then. */
const SETTLING_MS = 60_000;

/** A restarted backbone that has embedded one question and then has nothing to do. */
export async function measureIdle(workspace: Workspace): Promise<readonly Figure[]> {
  return withProcess({ dataDir: await workspace.copiedData() }, async (backbone) => {
    await backbone.client.search('what does the lighthouse keeper write?', 5);
    const loadedMb = await backbone.residentMb();
    const cpu = (): Promise<number> => backbone.metric('process_cpu_seconds_total');
    await delay(SETTLING_MS);
    const [cpuBefore, startedAt] = [await cpu(), performance.now()];
    await delay(IDLE_MS);
    const share = (((await cpu()) - cpuBefore) / ((performance.now() - startedAt) / 1000)) * 100;
    const idleMb = await backbone.residentMb();
    return [
      { name: 'idle, share of a core', unit: '%', value: share, goal: { atMost: 1 }, peer: null },
      {
        name: 'idle memory, embedder loaded',
        unit: 'MB',
        value: idleMb,
        goal: { atMost: 450 },
        peer: { name: 'right after loading', value: loadedMb },
      },
    ];
  });
}
