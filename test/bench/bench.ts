/** Measures the backbone and prints one table. No test: it fails only when something breaks. */
import path from 'node:path';
import { withProcess } from './backbone-process.ts';
import { measureDeepQueue } from './deep-queue.ts';
import type { Figure } from './figure.ts';
import { measureIdle } from './idle.ts';
import { measurePdf, measureWebPages } from './ingest.ts';
import { loadLine, machineLine } from './machine.ts';
import { measureSearch } from './search.ts';
import { measureStageRuns } from './stage-runs.ts';
import { measureStartUp } from './start-up.ts';
import { measureStatusEvents } from './status-events.ts';
import { measureSubmit } from './submit.ts';
import { tableOf } from './table.ts';
import { measureUpload } from './upload.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

type Measurement = (workspace: Workspace) => Promise<readonly Figure[]>;

const SCRIPTED = path.resolve(import.meta.dirname, 'scripted-main.ts');

/** In this order: the first leaves behind the data folder that the others copy. */
const MEASUREMENTS: Readonly<Record<string, Measurement>> = {
  'start-up': measureStartUp,
  idle: measureIdle,
  pipeline: async (workspace) =>
    withProcess({ dataDir: await workspace.copiedData(), program: SCRIPTED }, async (backbone) => [
      ...(await measureSubmit(backbone)),
      ...(await measureStageRuns(backbone, workspace)),
      ...(await measureStatusEvents(backbone)),
    ]),
  queue: async (workspace) =>
    withProcess(
      {
        dataDir: await workspace.copiedData(),
        program: SCRIPTED,
        env: { BENCH_HOLD: '1', STOP_SECONDS: '1' },
      },
      measureDeepQueue,
    ),
  ingest: async (workspace) =>
    withProcess({ dataDir: await workspace.copiedData() }, async (backbone) => [
      ...(await measureWebPages(backbone)),
      ...(await measurePdf(backbone, workspace)),
      ...(await measureUpload(backbone, workspace)),
    ]),
  search: measureSearch,
};

/** Measures everything, or what the command line names beside the start-up. */
async function main(names: readonly string[]): Promise<void> {
  const startedAt = performance.now();
  say(machineLine());
  say(`Before: ${loadLine()}`);
  const workspace = await openWorkspace();
  try {
    const figures: Figure[] = [];
    for (const [name, measure] of Object.entries(MEASUREMENTS)) {
      if (names.length > 0 && name !== 'start-up' && !names.includes(name)) continue;
      say(`Measuring: ${name} ...`);
      figures.push(...(await measure(workspace)));
    }
    say(`After ${((performance.now() - startedAt) / 1000).toFixed(0)} s: ${loadLine()}\n`);
    say(tableOf(figures).join('\n'));
  } finally {
    await workspace.remove();
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

await main(process.argv.slice(2));
