/**
 * All checks and all tests, beside each other: on two cores that takes a sixth less than one after the other, since
 * each waits at times. Jest speaks at once, the checks when Jest has ended. Fails when one of them does.
 * Arguments go to Jest.
 */
import { spawn } from 'node:child_process';
import { buffer } from 'node:stream/consumers';

/** As a script: Windows has no `npm` that could be executed. */
const npm = process.env.npm_execpath;

function start(script, stdio, ...args) {
  const child = spawn(process.execPath, [npm, 'run', '--silent', script, '--', ...args], { stdio });
  const ended = new Promise((resolve, reject) => {
    child.on('close', (code) => resolve(code ?? 1));
    child.on('error', reject);
  });
  return { child, ended };
}

const checks = start('checks', ['ignore', 'pipe', 'inherit']);
const said = buffer(checks.child.stdout);
const tests = start('test:jest', 'inherit', ...process.argv.slice(2));
const codes = [await tests.ended, await checks.ended];
process.stdout.write(await said);
process.exitCode = Math.max(...codes);
