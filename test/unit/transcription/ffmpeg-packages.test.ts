import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { packagedFfmpeg } from '../../../backbone/content/media/ffmpeg-packages.ts';

const own = `@ffmpeg-installer/${process.platform}-${process.arch}`;
let folder: string;

const install = async (name: string): Promise<void> => {
  await mkdir(path.join(folder, 'node_modules', name), { recursive: true });
  await writeFile(path.join(folder, 'node_modules', name, 'package.json'), '{}');
};

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'packages-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('programs of packages are sought where packages are installed, the newer one first', async () => {
  await install(own);
  await install('ffmpeg-static');
  const [newer, older, ...more] = packagedFfmpeg(path.join(folder, 'module.js'));
  expect(newer).toMatch(/ffmpeg-static[\\/]ffmpeg(?:\.exe)?$/);
  expect(older).toMatch(/@ffmpeg-installer[\\/][^\\/]+[\\/]ffmpeg(?:\.exe)?$/);
  expect(more).toEqual([]);
});

test('without such packages there are none', () => {
  expect(packagedFfmpeg(path.join(tmpdir(), 'nowhere', 'module.js'))).toEqual([]);
});
