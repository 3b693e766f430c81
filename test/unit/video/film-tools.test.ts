import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ffmpegFrames } from '../../../backbone/content/media/frame-reader.ts';
import { openTemporaryFiles } from '../../../backbone/content/media/temporary-files.ts';
import { newDataFolder } from '../../support/data-folder.ts';
import { writeFakeFfmpeg } from '../../support/fake-ffmpeg.ts';

let folder: string;
const { signal } = new AbortController();
beforeAll(async () => {
  folder = await newDataFolder();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('temporary files', () => {
  test('are gone after their use, after a failure, and after a start', async () => {
    const place = path.join(folder, 'temporary');
    await mkdir(path.join(place, 'copy-left'), { recursive: true });
    await writeFile(path.join(place, 'copy-left/recording'), 'left behind');
    const files = await openTemporaryFiles(place);
    expect(await readdir(place)).toEqual([]);
    const read = await files.withCopy(Readable.from(['by', 'tes']), signal, (file) => readFile(file, 'utf8'));
    expect(read).toBe('bytes');
    const failing = files.withCopy(Readable.from(['x']), signal, () => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    const stopped = files.withCopy(Readable.from(['x']), AbortSignal.abort(), () => Promise.resolve());
    await expect(stopped).rejects.toThrow();
    expect(await readdir(place)).toEqual([]);
  });
});

describe('a picture of a film', () => {
  const PICTURE = Buffer.from([0xff, 0xd8, 0xff, 0xe0]);
  const framesOf = async (
    fake: Parameters<typeof writeFakeFfmpeg>[1],
  ): Promise<ReturnType<typeof ffmpegFrames>> => ffmpegFrames(await writeFakeFfmpeg(folder, fake), '');
  const film = (): string => path.join(import.meta.dirname, 'film-tools.test.ts');

  test('is what ffmpeg writes', async () => {
    const frames = await framesOf({ seconds: 0, picture: PICTURE });
    expect(await frames.missing()).toBeNull();
    expect(await frames.frameAt(film(), { atSeconds: 1, signal })).toEqual(PICTURE);
  });

  test.each([
    ['no picture', Buffer.from('text')],
    ['nothing', Buffer.alloc(0)],
    ['too much', Buffer.concat([PICTURE, Buffer.alloc(5 * 1024 * 1024)])],
  ])('cannot be made when that is %s', async (_what, picture) => {
    const frames = await framesOf({ seconds: 0, picture });
    await expect(frames.frameAt(film(), { atSeconds: 1, signal })).rejects.toMatchObject({
      code: 'file_damaged',
    });
  });

  test('is waited for until somebody stops it', async () => {
    const frames = await framesOf({ seconds: 0, picture: PICTURE, hangs: true });
    const stopping = new AbortController();
    const picture = frames.frameAt(film(), { atSeconds: 1, signal: stopping.signal });
    stopping.abort(new Error('stop'));
    await expect(picture).rejects.toThrow('stop');
  });

  test('cannot be made without ffmpeg', async () => {
    const frames = ffmpegFrames(null, '/nowhere');
    expect(await frames.missing()).toContain('PATH');
    await expect(frames.frameAt(film(), { atSeconds: 1, signal })).rejects.toMatchObject({
      code: 'ffmpeg_missing',
    });
  });
});
