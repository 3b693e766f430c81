import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  LEGACY_CONVERSIONS,
  type Conversion,
} from '../../../backbone/content/document/legacy/legacy-types.ts';
import { LibreOffice } from '../../../backbone/content/document/legacy/libreoffice.ts';
import { isLocked } from '../../../backbone/content/document/legacy/password-lock.ts';
import { openTemporaryFiles, type TemporaryFiles } from '../../../backbone/content/media/temporary-files.ts';
import { compoundFile, type CompoundTree } from '../../support/compound-builder.ts';
import { fakeOffice, type FakeOffice } from '../../support/fake-office.ts';
import { until } from '../../support/until.ts';

const DOC = LEGACY_CONVERSIONS.get('application/msword') as Conversion;
const NEVER = new AbortController().signal;

let folder: string;
let temporaryFiles: TemporaryFiles;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'libreoffice-'));
  temporaryFiles = await openTemporaryFiles(path.join(folder, 'temporary'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let fakes: FakeOffice[] = [];
afterEach(async () => {
  await Promise.all(fakes.map((fake) => fake.remove()));
  fakes = [];
});

async function fake(script: string): Promise<FakeOffice> {
  const made = await fakeOffice(script);
  fakes.push(made);
  return made;
}

function converted(
  program: string,
  options: { timeoutMs?: number; maxBytes?: number; signal?: AbortSignal } = {},
): Promise<string> {
  const { timeoutMs = 60_000, maxBytes = 1000, signal = NEVER } = options;
  const office = new LibreOffice({
    program,
    searchPath: '/usr/bin:/bin',
    timeoutMs,
    maxBytes,
    temporaryFiles,
  });
  return office.convert(Buffer.from('old'), DOC, signal).then((bytes) => Buffer.from(bytes).toString());
}

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('LibreOffice', () => {
  test('turns a file into a new one, in a folder of its own that goes with it', async () => {
    const { program, folder } = await fake(
      'cat "$file" > "$out/source.$to"; echo "$all" > "$here/args"; env > "$here/env"; cat profile/user/* > "$here/profile"; pwd > "$here/cwd"',
    );
    process.env['SECRET_OF_OURS'] = 'secret';
    expect(await converted(program)).toBe('old');
    delete process.env['SECRET_OF_OURS'];
    const read = (name: string): Promise<string> => readFile(path.join(folder, name), 'utf8');
    const own = (await read('cwd')).trim();
    expect(await read('args')).toBe(
      `-env:UserInstallation=file://${own}/profile --headless --norestore --nolockcheck --nodefault --nofirststartwizard --convert-to docx --outdir ${own} ${own}/source.doc\n`,
    );
    expect(await read('env')).not.toContain('secret');
    expect(await read('profile')).toContain('name="DisableMacrosExecution" oor:op="fuse"><value>true<');
    expect(existsSync(own)).toBe(false);
  });

  test('that is not installed is missed, and so is one that cannot be run', async () => {
    const missing = { code: 'libreoffice_missing' };
    await expect(converted('/no/such/soffice')).rejects.toMatchObject(missing);
    await expect(converted('soffice-by-no-name')).rejects.toMatchObject(missing);
    await expect(converted('/')).rejects.toMatchObject(missing);
  });

  test.each([
    ['fails', 'exit 1', 'file_damaged'],
    ['is killed', 'kill -9 $$', 'file_damaged'],
    ['writes nothing', 'exit 0', 'file_damaged'],
    ['writes too much', 'head -c 2000 /dev/zero > "$out/source.$to"', 'source_too_large'],
  ])('that %s is told of', async (_, script, code) => {
    await expect(converted((await fake(script)).program)).rejects.toMatchObject({ code });
  });

  test('that takes too long ends, with all that it started', async () => {
    const { program, folder } = await fake('sleep 600 & echo $! > "$here/pid"; wait');
    await expect(converted(program, { timeoutMs: 1000 })).rejects.toMatchObject({ code: 'parser_timeout' });
    const pid = Number(await readFile(path.join(folder, 'pid'), 'utf8'));
    await until(() => Promise.resolve(!isRunning(pid)));
  });

  test('ends when its job is cancelled, and what waits for its turn need not wait', async () => {
    const { program, folder } = await fake(
      'echo $$ > "$here/pid.new"; mv "$here/pid.new" "$here/pid"; sleep 600',
    );
    const office = new LibreOffice({
      program,
      searchPath: '/usr/bin:/bin',
      timeoutMs: 60_000,
      maxBytes: 1000,
      temporaryFiles,
    });
    const [running, waiting] = [new AbortController(), new AbortController()];
    const first = office.convert(Buffer.from('a'), DOC, running.signal).catch((error: unknown) => error);
    const second = office.convert(Buffer.from('b'), DOC, waiting.signal).catch((error: unknown) => error);
    const pidFile = path.join(folder, 'pid');
    await until(() => Promise.resolve(existsSync(pidFile)));
    const reason = new Error('cancelled');
    waiting.abort(reason);
    expect(await second).toBe(reason);
    running.abort(reason);
    expect(await first).toBe(reason);
    const pid = Number(await readFile(pidFile, 'utf8'));
    await until(() => Promise.resolve(!isRunning(pid)));
    const never = AbortSignal.abort(reason);
    await expect(office.convert(Buffer.from('c'), DOC, never)).rejects.toBe(reason);
  });
});

test('a job that is cancelled while its file is written starts nothing that goes on', async () => {
  const { program } = await fake('sleep 600');
  const office = new LibreOffice({
    program,
    searchPath: '/usr/bin:/bin',
    timeoutMs: 60_000,
    maxBytes: 1000,
    temporaryFiles,
  });
  const job = new AbortController();
  const conversion = office.convert(Buffer.from('a'), DOC, job.signal).catch((error: unknown) => error);
  for (let turn = 0; turn < 3; turn += 1) await Promise.resolve();
  const reason = new Error('cancelled');
  job.abort(reason);
  expect(await conversion).toBe(reason);
});

describe('an old file is locked', () => {
  const locked = (tree: CompoundTree): boolean =>
    isLocked({
      bytes: compoundFile(tree),
      mediaType: 'application/msword',
      declaredCharset: null,
      baseUrl: null,
      fileName: null,
      options: {},
    });
  const word = (flags: number): CompoundTree => ({
    WordDocument: Buffer.from([...Array<number>(10).fill(0), flags & 0xff, flags >> 8]),
  });
  const excel = (...records: readonly number[]): Buffer =>
    Buffer.concat(records.map((id) => Buffer.from([id & 0xff, id >> 8, 2, 0, 0, 0])));
  const token = (value: number): Buffer => {
    const bytes = Buffer.alloc(16);
    bytes.writeUInt32LE(value, 12);
    return bytes;
  };

  test('when its own format says so', () => {
    expect([locked(word(0x0100)), locked(word(0x0001)), locked({ WordDocument: Buffer.alloc(3) })]).toEqual([
      true,
      false,
      false,
    ]);
    expect(locked({ Workbook: excel(0x0809, 0x002f) })).toBe(true);
    expect(locked({ Book: excel(0x0809, 0x0042) })).toBe(false);
    expect(locked({ Workbook: excel(...Array<number>(30).fill(0x0042), 0x002f) })).toBe(false);
    expect(locked({ 'Current User': token(0xf3d1c4df) })).toBe(true);
    expect(locked({ 'Current User': token(0xe391c05f) })).toBe(false);
    expect(locked({ 'Current User': Buffer.alloc(3) })).toBe(false);
  });
});
