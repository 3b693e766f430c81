import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pipeline } from 'node:stream/promises';
import type { BackboneProcess } from './backbone-process.ts';
import { timed, type Figure } from './figure.ts';
import type { Workspace } from './workspace.ts';

const SIZE_MB = 500;
const MEGABYTE = 1_000_000;
const SAMPLE_EVERY_MS = 100;

/** One large upload against a plain copy of the same file to the disk, both durable when they end. */
export async function measureUpload(
  backbone: BackboneProcess,
  workspace: Workspace,
): Promise<readonly Figure[]> {
  const file = path.join(workspace.folder, 'large.bin');
  await writeLarge(file);
  const copyMs = await timed(() => copy(file, `${file}.copy`));
  const beforeMb = await backbone.residentMb();
  let peakMb = beforeMb;
  const done = new AbortController();
  const watching = watch(done.signal, async () => {
    peakMb = Math.max(peakMb, await backbone.residentMb());
  });
  const uploadMs = await timed(() =>
    backbone.client.upload({ path: file, name: 'large.bin' }, AbortSignal.timeout(120_000)),
  );
  done.abort();
  await watching;
  return [
    {
      name: `upload of ${SIZE_MB} MB, growth of memory`,
      unit: 'MB',
      value: Math.max(0, peakMb - beforeMb),
      goal: { atMost: 150 },
      peer: null,
    },
    {
      name: `upload of ${SIZE_MB} MB, with its hash`,
      unit: 'MB/s',
      value: SIZE_MB / (uploadMs / 1000),
      goal: null,
      peer: { name: 'a copy of the file', value: SIZE_MB / (copyMs / 1000) },
    },
  ];
}

async function writeLarge(file: string): Promise<void> {
  const handle = await open(file, 'w');
  const part = randomBytes(MEGABYTE);
  for (let written = 0; written < SIZE_MB; written += 1) await handle.write(part);
  await handle.sync();
  await handle.close();
}

async function copy(from: string, to: string): Promise<void> {
  const target = await open(to, 'w');
  await pipeline(createReadStream(from), target.createWriteStream({ flush: true }));
}

async function watch(signal: AbortSignal, look: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    await look();
    await delay(SAMPLE_EVERY_MS);
  }
}
