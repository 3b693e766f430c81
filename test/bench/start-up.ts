import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { startProcess } from './backbone-process.ts';
import { median, timedRuns, type Figure } from './figure.ts';
import type { Workspace } from './workspace.ts';

const STARTS = 3;

/** Leaves behind the prepared data folder that the other measurements copy. */
export async function measureStartUp(workspace: Workspace): Promise<readonly Figure[]> {
  const firstMs = await readyMs(workspace.prepared);
  const bareFirstMs = await bareDatabaseMs(workspace.newData(), 1);
  const again: number[] = [];
  for (let start = 0; start < STARTS; start += 1) again.push(await readyMs(workspace.prepared));
  const bareAgainMs = await bareDatabaseMs(await workspace.copiedData(), STARTS);
  const peer = 'the bare database, opened';
  return [
    {
      name: 'ready, first start',
      unit: 's',
      value: firstMs / 1000,
      goal: { atMost: 20 },
      peer: { name: 'the bare database, made', value: bareFirstMs / 1000 },
    },
    {
      name: 'ready, with existing data',
      unit: 's',
      value: median(again) / 1000,
      goal: { atMost: 3 },
      peer: { name: peer, value: bareAgainMs / 1000 },
    },
  ];
}

async function readyMs(dataDir: string): Promise<number> {
  const backbone = await startProcess({ dataDir });
  await backbone.stop();
  return backbone.readyMs;
}

/** A process that opens the database and does nothing else, from its start to its end. */
async function bareDatabaseMs(dataDir: string, runs: number): Promise<number> {
  const program = path.join(import.meta.dirname, 'bare-database.ts');
  const run = promisify(execFile);
  const open = (): Promise<unknown> => run(process.execPath, [program, path.join(dataDir, 'postgres')]);
  return median(await timedRuns(runs, open));
}
