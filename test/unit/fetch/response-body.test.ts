import { once } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import {
  brotliCompressSync,
  constants,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
  zstdDecompressSync,
} from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { AppError } from '../../../backbone/errors.ts';
import type { BodyOptions } from '../../../backbone/fetch/response-body.ts';
import { formatBytes, openBody } from '../../../backbone/fetch/response-body.ts';

const MB = 1024 * 1024;
const CODINGS: readonly [string, string, (data: Buffer) => Buffer][] = [
  ['gzip', 'gzip', (data) => gzipSync(data)],
  ['x-gzip', 'gzip', (data) => gzipSync(data)],
  ['deflate', 'zlib', (data) => deflateSync(data)],
  ['deflate', 'bare DEFLATE', (data) => deflateRawSync(data)],
  ['br', 'brotli', (data) => brotliCompressSync(data)],
  ['zstd', 'zstd', (data) => zstdCompressSync(data)],
];

const options = (more: Partial<BodyOptions> = {}): BodyOptions => ({
  codings: [],
  sizeBytes: null,
  maxBytes: 100_000,
  limitSetting: 'FETCH_MAX_BYTES',
  explain: (error) => new AppError('connection_failed', { params: { host: 'a' }, cause: error }),
  ...more,
});

async function read(body: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Unlike `once` of node:events this does not mind an error on the way. */
const closed = (stream: Readable): Promise<unknown> =>
  new Promise((resolve) => stream.once('close', resolve));

/** Random enough that no coding makes it small. */
const noise = (length: number): Buffer => {
  let state = 1;
  return Buffer.from(Array.from({ length }, () => (state = (state * 48_271) % 2_147_483_647) & 0xff));
};

/** Cut into pieces so that decoders meet every boundary. */
const pieces = (data: Buffer, size: number): Readable =>
  Readable.from(
    Array.from({ length: Math.ceil(data.length / size) }, (_, index) =>
      data.subarray(index * size, (index + 1) * size),
    ),
  );

describe.each(CODINGS)('a body in %s (%s)', (coding, _format, encode) => {
  test('is decoded, in whatever pieces it arrives', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 3_000 }),
        fc.integer({ min: 1, max: 999 }),
        async (data, size) => {
          const body = openBody(pieces(encode(Buffer.from(data)), size), options({ codings: [coding] }));
          expect(await read(body)).toEqual(Buffer.from(data));
        },
      ),
      { numRuns: 30 },
    );
  });

  test('is decoded when it is far larger than the buffers of its streams', async () => {
    const data = noise(700_000);
    const body = openBody(pieces(encode(data), 50_000), options({ codings: [coding], maxBytes: MB }));
    expect((await read(body)).equals(data)).toBe(true);
  });

  test('is cut off beyond the limit of decoded bytes', async () => {
    const body = openBody(pieces(encode(Buffer.alloc(5 * MB)), 1_000), options({ codings: [coding] }));
    await expect(read(body)).rejects.toMatchObject({
      code: 'source_too_large',
      message: 'The source is larger than the limit of 97.7 KB.',
      hint: 'Raise FETCH_MAX_BYTES, or ingest a part of it.',
    });
  });

  test('is taken for a bomb when it grows beyond all measure', async () => {
    const body = openBody(
      pieces(encode(Buffer.alloc(30 * MB)), 1_000),
      options({ codings: [coding], maxBytes: 100 * MB }),
    );
    await expect(read(body)).rejects.toMatchObject({ code: 'source_undecodable' });
  });

  test('that is something else is undecodable', async () => {
    const body = openBody(
      pieces(Buffer.from('<!doctype html><p>this is not packed at all'), 7),
      options({ codings: [coding] }),
    );
    await expect(read(body)).rejects.toMatchObject({ code: 'source_undecodable' });
  });

  test('that ends in the middle counts as broken off', async () => {
    const packed = encode(noise(5_000));
    const body = openBody(pieces(packed.subarray(0, 3_000), 500), options({ codings: [coding] }));
    await expect(read(body)).rejects.toMatchObject({ code: 'connection_failed' });
  });

  test('that is empty stays empty', async () => {
    expect(await read(openBody(Readable.from([]), options({ codings: [coding] })))).toHaveLength(0);
  });
});

describe('a body', () => {
  test('passes up to its limit exactly, and not one byte beyond', async () => {
    expect(await read(openBody(pieces(Buffer.alloc(100_000), 999), options()))).toHaveLength(100_000);
    await expect(read(openBody(pieces(Buffer.alloc(100_001), 999), options()))).rejects.toMatchObject({
      code: 'source_too_large',
    });
  });

  test('that announces more than its limit is not read at all', async () => {
    const raw = new PassThrough();
    const body = openBody(raw, options({ sizeBytes: 100_001 }));
    await expect(read(body)).rejects.toMatchObject({ code: 'source_too_large' });
    expect(raw.destroyed).toBe(true);
  });

  test('is limited in raw bytes too', async () => {
    // A thousand empty gzip members decode to nothing.
    const members = Buffer.concat(Array.from({ length: 1_000 }, () => gzipSync('')));
    const body = openBody(pieces(members, 500), options({ codings: ['gzip'], maxBytes: 10_000 }));
    await expect(read(body)).rejects.toMatchObject({ code: 'source_too_large' });
  });

  test('with two codings is decoded from the last to the first', async () => {
    const packed = brotliCompressSync(gzipSync('hello'));
    expect(String(await read(openBody(pieces(packed, 9), options({ codings: ['gzip', 'br'] }))))).toBe(
      'hello',
    );
  });

  test('with an unknown coding, or too many of them, is undecodable', () => {
    expect(() => openBody(Readable.from([]), options({ codings: ['compress'] }))).toThrow(AppError);
    expect(() => openBody(Readable.from([]), options({ codings: ['gzip', 'gzip', 'gzip'] }))).toThrow(
      AppError,
    );
  });

  test('in zstd with a window larger than HTTP allows is undecodable', async () => {
    const packed = zstdCompressSync(noise(100_000), {
      params: { [constants.ZSTD_c_windowLog]: 27, [constants.ZSTD_c_contentSizeFlag]: 0 },
    });
    const wide = Buffer.from(packed);
    // Frame header byte 5 carries the window when no content size is given: the exponent in its upper five bits.
    wide[5] = (27 - 10) << 3;
    expect(zstdDecompressSync(wide)).toHaveLength(100_000);
    await expect(
      read(openBody(pieces(wide, 5_000), options({ codings: ['zstd'], maxBytes: MB }))),
    ).rejects.toMatchObject({
      code: 'source_undecodable',
    });
  });

  test('whose connection fails ends with the explanation of that failure', async () => {
    const raw = new PassThrough();
    const body = openBody(raw, options({ codings: ['gzip'] }));
    raw.destroy(new Error('reset'));
    await expect(read(body)).rejects.toMatchObject({ code: 'connection_failed', cause: new Error('reset') });
  });

  test('that is destroyed by its reader closes the connection and its decoder', async () => {
    const raw = new PassThrough();
    const body = openBody(raw, options({ codings: ['deflate'] }));
    raw.write(deflateSync(noise(50_000)).subarray(0, 20_000));
    await once(body, 'readable');
    body.destroy();
    await closed(raw);
    expect(raw.destroyed).toBe(true);
  });

  test('fails silently while nobody listens, and tells whoever reads later', async () => {
    const raw = new PassThrough();
    const body = openBody(raw, options());
    raw.destroy(new Error('reset'));
    await closed(body);
    await expect(read(body)).rejects.toMatchObject({ code: 'connection_failed' });
  });

  test('is not read ahead of a reader that takes its time', async () => {
    let produced = 0;
    const endless = new Readable({
      read() {
        produced += 16_384;
        this.push(Buffer.alloc(16_384));
      },
    });
    const body = openBody(endless, options({ maxBytes: 1_000 * MB }));
    await once(body, 'readable');
    await new Promise((resolve) => setImmediate(resolve));
    expect(produced).toBeLessThan(MB);
    body.destroy();
    await closed(endless);
  });

  test('unpacks no further than a reader that takes its time', async () => {
    const packed = deflateSync(Buffer.alloc(60 * MB));
    const body = openBody(Readable.from([packed]), options({ codings: ['deflate'], maxBytes: 100 * MB }));
    await once(body, 'readable');
    await new Promise((resolve) => setImmediate(resolve));
    expect(body.readableLength).toBeLessThan(MB);
    body.destroy();
    await closed(body);
  });
});

test.each([
  [1, '1 bytes'],
  [1_023, '1023 bytes'],
  [2_048, '2 KB'],
  [50 * MB, '50 MB'],
  [1.25 * MB, '1.3 MB'],
])('%i bytes are written as %s', (bytes, expected) => {
  expect(formatBytes(bytes)).toBe(expected);
});
