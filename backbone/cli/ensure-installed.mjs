/**
 * Runs before the npm scripts, on whatever Node.js the machine has: installs the packages when they are missing
 * or are not those of package-lock.json. Plain JavaScript without imports of ours, since nothing may be there yet.
 * Says what it does on standard error, so that standard output stays the script's own.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The oldest Node.js whose npm installs this. The scripts themselves then run on the npm package `node`. */
export const OLDEST_NODE = 20;

/**
 * What there is to do: nothing, or something that is told in one sentence.
 * @param {{ root: string, nodeVersion: string, npmCli: string | undefined }} surroundings
 * @returns {{ kind: 'nothing' } | { kind: 'refuse' | 'install', sentence: string }}
 */
export function planInstallation({ root, nodeVersion, npmCli }) {
  if (Number.parseInt(nodeVersion, 10) < OLDEST_NODE) {
    const sentence = `This needs Node.js ${OLDEST_NODE} or newer, and this machine has ${nodeVersion}: get one at https://nodejs.org.`;
    return { kind: 'refuse', sentence };
  }
  const state = stateOfPackages(root);
  if (state === 'complete') return { kind: 'nothing' };
  if (npmCli === undefined || !/^np[mx]/.test(path.basename(npmCli))) {
    return { kind: 'refuse', sentence: 'Packages are missing: run this with npm run, or run npm ci first.' };
  }
  const why = state === 'missing' ? 'they are missing' : 'they differ from package-lock.json';
  return { kind: 'install', sentence: `Installing packages, since ${why}: this takes a minute ...` };
}

/**
 * npm notes what it has installed in node_modules/.package-lock.json, once it is done. Contents are compared, not
 * times, since a checkout sets times anew. Optional packages may be missing: they belong to other platforms.
 * @param {string} root
 * @returns {'complete' | 'missing' | 'outdated'}
 */
export function stateOfPackages(root) {
  const installed = packagesIn(path.join(root, 'node_modules', '.package-lock.json'));
  if (installed === null || !hasOwnNode(root)) return 'missing';
  const wanted = packagesIn(path.join(root, 'package-lock.json')) ?? {};
  const differs = ([place, { version, integrity, optional }]) => {
    if (!place.includes('node_modules/')) return false;
    const present = installed[place];
    if (present === undefined) return optional !== true;
    return present.version !== version || present.integrity !== integrity;
  };
  return Object.entries(wanted).some(differs) ? 'outdated' : 'complete';
}

/** Whether the npm package `node` is there with its program, which its install script fetches. */
export function hasOwnNode(root) {
  const folder = path.join(root, 'node_modules', 'node', 'bin');
  return existsSync(path.join(folder, process.platform === 'win32' ? 'node.exe' : 'node'));
}

function packagesIn(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages ?? null;
  } catch {
    // Missing or half written: as good as not installed.
    return null;
  }
}

/**
 * @param {{ root: string, env: NodeJS.ProcessEnv }} surroundings
 * @returns {string | null} what npm said when it failed
 */
export function installPackages({ root, env }) {
  // npm runs on the machine's Node.js: this one may lie in the very folder that npm replaces.
  const node = env.npm_node_execpath ?? process.execPath;
  // Windows does not let go of a program that runs, such as the one this script may run on.
  const command = process.platform === 'win32' && hasOwnNode(root) ? 'install' : 'ci';
  // A level of its own, since `npm run -s` tells the npm inside to keep quiet even when it fails.
  const options = ['--no-audit', '--no-fund', '--loglevel=error'];
  const { status, error, stdout, stderr } = spawnSync(node, [env.npm_execpath, command, ...options], {
    cwd: root,
    env,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (error) return error.message;
  if (status !== 0) return `${stdout}${stderr}`.trim();
  return hasOwnNode(root)
    ? null
    : 'npm left out the program of the package "node": its install script must be allowed to run.';
}

/**
 * @param {{ root: string, nodeVersion: string, env: NodeJS.ProcessEnv, say: (line: string) => void }} surroundings
 * @returns {number} exit code
 */
export function ensureInstalled({ root, nodeVersion, env, say }) {
  const plan = planInstallation({ root, nodeVersion, npmCli: env.npm_execpath });
  if (plan.kind === 'nothing') return 0;
  say(plan.sentence);
  if (plan.kind === 'refuse') return 1;
  const failure = installPackages({ root, env });
  if (failure === null) return 0;
  say(failure);
  say('The packages could not be installed: see above; check the connection to the package registry.');
  return 1;
}

if (process.argv[1] === import.meta.filename) {
  process.exitCode = ensureInstalled({
    root: path.resolve(import.meta.dirname, '../..'),
    nodeVersion: process.versions.node,
    env: process.env,
    say: (line) => void process.stderr.write(`${line}\n`),
  });
}
