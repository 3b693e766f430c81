import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  ensureInstalled,
  planInstallation,
  stateOfPackages,
} from '../../../backbone/cli/ensure-installed.mjs';

const NPM = '/usr/lib/node_modules/npm/bin/npm-cli.js';
const PROGRAM = process.platform === 'win32' ? 'node.exe' : 'node';

interface Entry {
  readonly version?: string;
  readonly integrity?: string;
  readonly optional?: boolean;
}
type Packages = Readonly<Record<string, Entry>>;

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'ensure-installed-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const write = (name: string, text: string): void => {
  const file = path.join(root, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
};
const lock = (packages: Packages): void => write('package-lock.json', JSON.stringify({ packages }));
const installed = (packages: Packages): void => {
  write('node_modules/.package-lock.json', JSON.stringify({ packages }));
  write(`node_modules/node/bin/${PROGRAM}`, '');
};

/** A stand-in for npm: a program that does what `code` says, and notes its arguments. */
const fakeNpm = (code: string): string => {
  write(
    'npm-cli.cjs',
    `const fs = require('node:fs'); fs.writeFileSync('asked', process.argv.slice(2).join(' ')); ${code}`,
  );
  return path.join(root, 'npm-cli.cjs');
};
const run = (npmCli: string | undefined, nodeVersion = '20.19.0'): { code: number; said: string[] } => {
  const said: string[] = [];
  const env = { ...process.env, npm_execpath: npmCli, npm_node_execpath: process.execPath };
  const code = ensureInstalled({ root, nodeVersion, env, say: (line: string) => said.push(line) });
  return { code, said };
};

describe('the state of the packages', () => {
  const one = { 'node_modules/one': { version: '1.0.0', integrity: 'sha512-a' } };

  test('is complete when npm has installed what the lock file names', () => {
    lock({ '': {}, backbone: { version: '0.1.0' }, ...one });
    installed(one);
    expect(stateOfPackages(root)).toBe('complete');
  });

  test('is complete without the optional packages of other platforms', () => {
    lock({ ...one, 'node_modules/win': { version: '1.0.0', optional: true } });
    installed(one);
    expect(stateOfPackages(root)).toBe('complete');
  });

  test('is missing without node_modules, and after an installation that broke off', () => {
    lock(one);
    expect(stateOfPackages(root)).toBe('missing');
    installed(one);
    write('node_modules/.package-lock.json', '{"packa');
    expect(stateOfPackages(root)).toBe('missing');
  });

  test('is missing when the program of the package node was not fetched', () => {
    lock(one);
    installed(one);
    rmSync(path.join(root, 'node_modules/node'), { recursive: true });
    expect(stateOfPackages(root)).toBe('missing');
  });

  test.each<[string, Packages]>([
    ['a package is new', { ...one, 'node_modules/two': { version: '1.0.0' } }],
    ['a version is another', { 'node_modules/one': { version: '1.0.1', integrity: 'sha512-a' } }],
    ['the same version has other bytes', { 'node_modules/one': { version: '1.0.0', integrity: 'sha512-b' } }],
  ])('is outdated when %s', (_, wanted) => {
    lock(wanted);
    installed(one);
    expect(stateOfPackages(root)).toBe('outdated');
  });
});

describe('what is done before a script', () => {
  test('nothing when all is there, and nothing is said', () => {
    lock({});
    installed({});
    expect(run(NPM)).toEqual({ code: 0, said: [] });
  });

  test('an old Node.js is refused in one sentence', () => {
    const { code, said } = run(NPM, '18.20.4');
    expect(code).toBe(1);
    expect(said).toEqual([
      'This needs Node.js 20 or newer, and this machine has 18.20.4: get one at https://nodejs.org.',
    ]);
  });

  test.each([undefined, '/usr/lib/yarn.js'])('without npm (%p) the person is told to use it', (npmCli) => {
    expect(planInstallation({ root, nodeVersion: '24.0.0', npmCli })).toEqual({
      kind: 'refuse',
      sentence: expect.stringContaining('npm run'),
    });
  });

  test('npm ci is run, quietly, and the one line says why', () => {
    lock({});
    const npm = fakeNpm(`
      fs.mkdirSync('node_modules/node/bin', { recursive: true });
      fs.writeFileSync('node_modules/node/bin/${PROGRAM}', '');
      console.log('added 1 package');`);
    const { code, said } = run(npm);
    expect(code).toBe(0);
    expect(said).toEqual(['Installing packages, since they are missing: this takes a minute ...']);
  });

  test('other packages than those of the lock file are replaced', () => {
    lock({ 'node_modules/one': { version: '2.0.0' } });
    installed({ 'node_modules/one': { version: '1.0.0' } });
    expect(run(fakeNpm('')).said).toEqual([expect.stringContaining('differ from package-lock.json')]);
  });

  test('what npm says is shown when it fails', () => {
    lock({});
    const { code, said } = run(fakeNpm(`console.error('no network'); process.exit(7);`));
    expect(code).toBe(1);
    expect(said.slice(1)).toEqual(['no network', expect.stringContaining('could not be installed')]);
  });

  test('an npm that leaves out install scripts is noticed', () => {
    lock({});
    const { code, said } = run(fakeNpm(''));
    expect(code).toBe(1);
    expect(said[1]).toContain('install script');
  });

  test('an npm that cannot be started is noticed', () => {
    lock({});
    const said: string[] = [];
    const env = { npm_execpath: NPM, npm_node_execpath: path.join(root, 'no-such-node') };
    const code = ensureInstalled({
      root,
      nodeVersion: '24.0.0',
      env,
      say: (line: string) => said.push(line),
    });
    expect(code).toBe(1);
    expect(said[1]).toContain('ENOENT');
  });
});
