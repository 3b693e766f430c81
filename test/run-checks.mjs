/**
 * Lint, format and types, two at a time since the linter takes as long as the others together. What each
 * says appears as a whole; fails when one of them does.
 */
import { execFile } from 'node:child_process';

const run = (script) =>
  new Promise((resolve) => {
    execFile('npm', ['run', '--silent', script], { maxBuffer: Infinity }, (error, stdout, stderr) => {
      process.stdout.write(`== ${script}: ${error === null ? 'passed' : 'failed'}\n${stdout}${stderr}`);
      resolve(error === null);
    });
  });

const results = await Promise.all([
  run('lint'),
  run('types').then(async (passed) => (await run('format:check')) && passed),
]);
process.exitCode = results.every(Boolean) ? 0 : 1;
