import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ffmpegDecoder, type AudioDecoder } from '../../../backbone/content/media/audio-decoder.ts';
import { heardSlicesIn, type HeardSlices } from '../../../backbone/content/media/heard-slices.ts';
import {
  transcribe,
  type Recording,
  type Transcription,
} from '../../../backbone/content/media/transcription.ts';
import { AppError } from '../../../backbone/errors.ts';
import type { AudioSlice, Heard, Transcriber } from '../../../backbone/models/transcriber.ts';
import { newDataFolder } from '../../support/data-folder.ts';
import { writeFakeFfmpeg, type FakeFfmpeg } from '../../support/fake-ffmpeg.ts';

const MEBIBYTE = 1024 * 1024;
let folder: string;
let stored: Map<string, string>;
let asked: AudioSlice[];
let progress: number[];

beforeEach(async () => {
  folder = await newDataFolder();
  await writeFile(path.join(folder, 'recording'), 'sound');
  stored = new Map();
  asked = [];
  progress = [];
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const heardSlices = (): HeardSlices =>
  heardSlicesIn(
    {
      readAll: (key) => {
        const text = stored.get(key);
        return text === undefined
          ? Promise.reject(new AppError('not_found'))
          : Promise.resolve(Buffer.from(text));
      },
      put: (key, body) => {
        stored.set(key, body as string);
        return Promise.resolve({ key, sizeBytes: 0, sha256: null, mediaType: '', modifiedAt: new Date(0) });
      },
    },
    'work/heard/',
  );

const recording = (mediaType = 'audio/mpeg', sizeBytes = 5): Recording => ({
  sizeBytes,
  mediaType: () => Promise.resolve(mediaType),
  readAll: () => Promise.resolve(Buffer.from('sound')),
  withFile: (use) => use(path.join(folder, 'recording')),
});

const said = (text: string, confidence: number | null = 0.5): Heard => ({
  segments: text === '' ? [] : [{ startSeconds: 1, endSeconds: 2, text, confidence, noSpeech: null }],
  language: text === '' ? null : 'en',
});

function answering(answer: (count: number) => Heard): Transcriber {
  return {
    engine: 'fake',
    quality: 'draft',
    hear: async (slice) => {
      asked.push(slice);
      return Promise.resolve(answer(asked.length));
    },
    close: () => Promise.resolve(),
  };
}

const decoder = async (fake: FakeFfmpeg): Promise<AudioDecoder> =>
  ffmpegDecoder(await writeFakeFfmpeg(folder, fake), '');

const run = (
  transcriber: Transcriber,
  audioDecoder: AudioDecoder,
  { of = recording(), mostSeconds = 600, signal = new AbortController().signal } = {},
): Promise<Transcription> =>
  transcribe(
    of,
    { transcriber, decoder: audioDecoder, heardSlices: heardSlices() },
    { uploadBytes: MEBIBYTE, mostSeconds, signal, onProgress: (seconds) => progress.push(seconds) },
  );

describe('a recording', () => {
  test('is heard in slices below the upload limit, with the times of the whole', async () => {
    const heard = await run(
      answering((count) => said(`Part ${count}.`, count === 1 ? 0.4 : 0.6)),
      await decoder({ seconds: 50 }),
    );
    expect(asked.every(({ bytes }) => bytes.length <= MEBIBYTE)).toBe(true);
    const lengths = asked.map(({ durationSeconds }) => durationSeconds ?? 0);
    expect(lengths.reduce((sum, one) => sum + one, 0)).toBeCloseTo(50, 6);
    expect(heard).toMatchObject({
      engine: 'fake',
      quality: 'draft',
      language: 'en',
      confidence: 0.5,
      isCutOff: false,
    });
    expect(heard.transcript.cues.map(({ startSeconds }) => startSeconds)).toEqual([
      1,
      Math.round((1 + (lengths[0] ?? 0)) * 1000) / 1000,
    ]);
    expect(progress.at(-1)).toBeCloseTo(50, 6);
  });

  test('that failed in the second slice asks for that one alone when it is tried again', async () => {
    const audioDecoder = await decoder({ seconds: 50 });
    const failing = answering((count) => {
      if (count === 2) throw new AppError('transcriber_failed', { params: { reason: 'x' } });
      return said(`Part ${count}.`);
    });
    await expect(run(failing, audioDecoder)).rejects.toMatchObject({ code: 'transcriber_failed' });
    const heard = await run(failing, audioDecoder);
    expect(asked).toHaveLength(3);
    expect(asked[2]?.bytes).toEqual(asked[1]?.bytes);
    expect(heard.transcript.cues.map(({ text }) => text)).toEqual(['Part 1.', 'Part 3.']);
  });

  test('longer than is heard is cut off', async () => {
    const heard = await run(
      answering(() => said('Hi', null)),
      await decoder({ seconds: 4 }),
      { mostSeconds: 3 },
    );
    expect(heard).toMatchObject({ isCutOff: true, confidence: null });
  });

  test('in which nobody speaks has no text', async () => {
    await expect(
      run(
        answering(() => said('')),
        await decoder({ seconds: 4 }),
      ),
    ).rejects.toMatchObject({ code: 'no_speech' });
    const silent: AudioDecoder = {
      missing: () => Promise.resolve(null),
      decode: async function* () {
        yield await Promise.resolve(Buffer.alloc(64_000));
      },
    };
    asked = [];
    await expect(
      run(
        answering(() => said('Thank you.')),
        silent,
      ),
    ).rejects.toMatchObject({ code: 'no_speech' });
    expect(asked).toEqual([]);
  });

  test('that cannot be decoded is damaged; one that breaks off is heard so far', async () => {
    await expect(
      run(
        answering(() => said('Hi')),
        await decoder({ seconds: 0, exitCode: 1 }),
      ),
    ).rejects.toMatchObject({
      code: 'file_damaged',
    });
    const heard = await run(
      answering(() => said('Hi')),
      await decoder({ seconds: 2, exitCode: 1 }),
    );
    expect(heard.transcript.cues).toHaveLength(1);
  });

  test('is no longer decoded when the work is stopped', async () => {
    const stopping = new AbortController();
    const audioDecoder = await decoder({ seconds: 40, hangs: true });
    const transcriber = answering(() => {
      stopping.abort(new Error('stop'));
      return said('Hi');
    });
    await expect(run(transcriber, audioDecoder, { signal: stopping.signal })).rejects.toThrow('stop');
  });
});

describe('without ffmpeg', () => {
  const none = ffmpegDecoder(null, '/nowhere:relative');

  test('a small file of a common format is sent as it is', async () => {
    const heard = await run(
      answering(() => said('Hi')),
      none,
    );
    expect(asked).toMatchObject([
      { fileName: 'recording.mp3', mediaType: 'audio/mpeg', durationSeconds: null },
    ]);
    expect(heard.transcript.cues).toMatchObject([{ startSeconds: 1, text: 'Hi' }]);
  });

  test('others fail and say what is missing', async () => {
    const large = { of: recording('audio/mpeg', MEBIBYTE + 1) };
    await expect(
      run(
        answering(() => said('Hi')),
        none,
        large,
      ),
    ).rejects.toMatchObject({
      code: 'ffmpeg_missing',
      params: { reason: 'it is neither in the PATH nor in an npm package' },
    });
    const wrong = ffmpegDecoder(path.join(folder, 'no-ffmpeg'), '');
    await expect(
      run(
        answering(() => said('Hi')),
        wrong,
        { of: recording('audio/midi') },
      ),
    ).rejects.toMatchObject({
      params: { reason: 'FFMPEG_PATH leads to no program' },
    });
    const { signal } = new AbortController();
    await expect(
      wrong.decode('x', { mostSeconds: 1, signal })[Symbol.asyncIterator]().next(),
    ).rejects.toMatchObject({
      code: 'ffmpeg_missing',
    });
  });

  test('it is sought in the folders of PATH', async () => {
    await writeFakeFfmpeg(folder, { seconds: 1 });
    expect(await ffmpegDecoder(null, `/nowhere:${folder}`).missing()).toBeNull();
  });
});

test('what cannot be read of slices heard before is no answer', async () => {
  const slices = heardSlicesIn(
    {
      readAll: () => Promise.reject(new AppError('store_unavailable')),
      put: () => Promise.reject(new Error('x')),
    },
    '',
  );
  await expect(slices.find('x')).rejects.toMatchObject({ code: 'store_unavailable' });
});
