/**
 * Lint, format and types, two at a time since the linter takes as long as the others together. What each
 * says appears as a whole; fails when one of them does.
 */
import { execFile } from 'node:child_process';

/** As a script: Windows has no `npm` that could be executed. */
const npm = process.env.npm_execpath;

const run = (script) =>
  new Promise((resolve) => {
    execFile(
      process.execPath,
      [npm, 'run', '--silent', script],
      { maxBuffer: Infinity },
      (error, stdout, stderr) => {
        process.stdout.write(`== ${script}: ${error === null ? 'passed' : 'failed'}\n${stdout}${stderr}`);
        resolve(error === null);
      },
    );
  });

const results = await Promise.all([
  run('lint'),
  run('types').then(async (passed) => (await run('format:check')) && passed),
]);
process.exitCode = results.every(Boolean) ? 0 : 1;
