/** Runs every program of test/samples, one after the other; fails when one of them does. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';

const folder = path.join(import.meta.dirname, 'samples');
const programs = readdirSync(folder)
  .filter((name) => name.endsWith('.ts'))
  .sort();

const failed = programs.filter((name) => {
  process.stdout.write(`\n== ${name}\n`);
  return spawnSync(process.execPath, [path.join(folder, name)], { stdio: 'inherit' }).status !== 0;
});
process.stdout.write(failed.length === 0 ? '\nAll goals met.\n' : `\nFailed: ${failed.join(', ')}\n`);
process.exitCode = failed.length === 0 ? 0 : 1;
