import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { AppError } from '../../backbone/errors.ts';
import type { BlobInfo, BlobStore } from '../../backbone/stores/blobs/blob-store.ts';
import { collect } from './collect.ts';

export interface OpenedBlobStore {
  readonly store: BlobStore;
  /** Closes the store and removes what only the test needed. */
  readonly close: () => Promise<void>;
}

const TEXT = { mediaType: 'text/plain' } as const;
const MEGABYTE = 1024 * 1024;

/** What every blob store does. Uses keys of its own alone, so that it can run against a shared server. */
export function describeBlobStore(name: string, open: () => Promise<OpenedBlobStore>): void {
  describe(`blob store: ${name}`, () => {
    let opened: OpenedBlobStore;
    let store: BlobStore;
    let area = '';

    beforeAll(async () => {
      opened = await open();
      store = opened.store;
    });
    beforeEach(() => {
      area = `contract/${randomUUID()}/`;
    });
    afterAll(async () => {
      await store.deletePrefix('contract/');
      await opened.close();
    });

    const keysUnder = async (prefix: string): Promise<string[]> => {
      const blobs = await collect(store.list(prefix));
      return blobs.map((blob) => blob.key.slice(area.length));
    };
    const put = (key: string, body: string): Promise<BlobInfo> => store.put(area + key, body, TEXT);
    const textOf = async (key: string): Promise<string> => (await store.readAll(area + key)).toString();

    test.each([
      ['text', 'grüße', Buffer.from('grüße')],
      ['bytes', new Uint8Array([0, 1, 255]), Buffer.from([0, 1, 255])],
      ['a stream', Readable.from([Buffer.from('ab'), Buffer.from('c')]), Buffer.from('abc')],
      ['a stream of text', Readable.from(['ä', 'b']), Buffer.from('äb')],
      ['nothing', '', Buffer.alloc(0)],
    ])('keeps %s and tells its size, hash and media type', async (_, body, bytes) => {
      const before = Date.now();
      const info = await store.put(`${area}one`, body, { mediaType: 'text/html; charset="utf-8"' });
      const expected = {
        key: `${area}one`,
        sizeBytes: bytes.length,
        mediaType: 'text/html; charset="utf-8"',
      };
      expect(info).toMatchObject({ ...expected, sha256: sha256(bytes) });
      const stat = await store.stat(`${area}one`);
      expect(stat).toMatchObject(expected);
      expect([null, sha256(bytes)]).toContain(stat?.sha256);
      // Whole seconds, and clocks of servers that differ a little.
      expect(Math.abs((stat?.modifiedAt.getTime() ?? 0) - before)).toBeLessThan(60_000);
      expect(await store.readAll(`${area}one`)).toEqual(bytes);
    });

    test('gives back whatever bytes were written, whatever the pieces they came in', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 }), async (pieces) => {
          const bytes = Buffer.concat(pieces);
          await store.put(`${area}any`, Readable.from(pieces.map((piece) => Buffer.from(piece))), TEXT);
          expect(await store.readAll(`${area}any`)).toEqual(bytes);
          expect(await bytesOf(await store.read(`${area}any`))).toEqual(bytes);
        }),
        { numRuns: 15 },
      );
    });

    test('knows nothing of a key that was never written', async () => {
      await expect(store.stat(`${area}none`)).resolves.toBeNull();
      await expect(store.read(`${area}none`)).rejects.toMatchObject({ code: 'not_found' });
      await expect(store.readAll(`${area}none`)).rejects.toMatchObject({ code: 'not_found' });
      await expect(store.move(`${area}none`, `${area}other`)).rejects.toMatchObject({ code: 'not_found' });
      await expect(store.delete(`${area}none`)).resolves.toBe(false);
    });

    test('does not take the folder of a key for a key', async () => {
      await put('folder/leaf', 'x');
      await expect(store.stat(`${area}folder`)).resolves.toBeNull();
      await expect(store.delete(`${area}folder`)).resolves.toBe(false);
      await expect(store.stat(`${area}folder/leaf/below`)).resolves.toBeNull();
    });

    test('tells apart keys that differ in case alone', async () => {
      await put('Qw', 'first');
      await put('qW', 'second');
      expect(await textOf('Qw')).toBe('first');
      expect(await textOf('qW')).toBe('second');
    });

    test('replaces a key as a whole, and a reader of the old bytes reads them to the end', async () => {
      await store.put(`${area}one`, Buffer.alloc(MEGABYTE, 'a'), TEXT);
      const reader = await store.read(`${area}one`);
      await once(reader, 'readable');
      await store.put(`${area}one`, 'b', { mediaType: 'text/css' });
      expect((await bytesOf(reader)).equals(Buffer.alloc(MEGABYTE, 'a'))).toBe(true);
      expect(await textOf('one')).toBe('b');
      expect(await store.stat(`${area}one`)).toMatchObject({ sizeBytes: 1, mediaType: 'text/css' });
    });

    test('keeps one of the bodies when many write one key at once', async () => {
      const bodies = Array.from({ length: 8 }, (_, index) => String(index).repeat(1_000));
      await Promise.all(bodies.map((body) => put('one', body)));
      expect(bodies).toContain(await textOf('one'));
      expect(await keysUnder(area)).toEqual(['one']);
    });

    describe('ranges', () => {
      test.each([
        ['the beginning', 0, 2, '012'],
        ['the middle', 3, 5, '345'],
        ['one byte', 9, 9, '9'],
        ['what there is when the range ends behind the last byte', 7, 400, '789'],
      ])('reads %s', async (_, start, end, expected) => {
        await put('digits', '0123456789');
        expect((await bytesOf(await store.read(`${area}digits`, { start, end }))).toString()).toBe(expected);
      });

      test.each([
        [10, 12],
        [-1, 3],
        [5, 4],
      ])('refuses %d-%d of ten bytes', async (start, end) => {
        await put('digits', '0123456789');
        await expect(store.read(`${area}digits`, { start, end })).rejects.toMatchObject({
          code: 'invalid_request',
        });
      });
    });

    describe('a write that fails leaves nothing', () => {
      test('when there are more bytes than allowed', async () => {
        const body = Readable.from(Array.from({ length: 10 }, () => Buffer.alloc(100)));
        await expect(store.put(`${area}one`, body, { ...TEXT, maxBytes: 999 })).rejects.toMatchObject({
          code: 'source_too_large',
        });
        expect(body.destroyed).toBe(true);
        expect(await keysUnder(area)).toEqual([]);
      });

      test('but exactly as many bytes as allowed are kept', async () => {
        await expect(
          store.put(`${area}one`, Buffer.alloc(1_000), { ...TEXT, maxBytes: 1_000 }),
        ).resolves.toMatchObject({ sizeBytes: 1_000 });
      });

      test('when it is aborted, though its body never ends', async () => {
        const abort = new AbortController();
        const body = new Readable({ read: () => undefined });
        body.push('some');
        const reason = new AppError('job_ended');
        const writing = store.put(`${area}one`, body, { ...TEXT, signal: abort.signal });
        abort.abort(reason);
        await expect(writing).rejects.toBe(reason);
        expect(body.destroyed).toBe(true);
        expect(await keysUnder(area)).toEqual([]);
      });

      test('when it was aborted before it began', async () => {
        const signal = AbortSignal.abort();
        await expect(store.put(`${area}one`, 'x', { ...TEXT, signal })).rejects.toMatchObject({
          name: 'AbortError',
        });
        expect(await keysUnder(area)).toEqual([]);
      });

      test('when its body fails, with the very error of the body', async () => {
        const fault = new AppError('connection_failed', { params: { host: 'example.org' } });
        const body = Readable.from(failing(fault));
        await expect(store.put(`${area}one`, body, TEXT)).rejects.toBe(fault);
        expect(await keysUnder(area)).toEqual([]);
      });

      test('and what was there before stays', async () => {
        await put('one', 'old');
        const body = Readable.from(failing(new Error('gone')));
        await expect(store.put(`${area}one`, body, TEXT)).rejects.toThrow('gone');
        expect(await textOf('one')).toBe('old');
      });
    });

    describe('moving', () => {
      test('takes bytes and media type along', async () => {
        await store.put(`${area}from/here`, 'x', { mediaType: 'text/css' });
        await store.move(`${area}from/here`, `${area}to/there`);
        expect(await keysUnder(area)).toEqual(['to/there']);
        expect(await store.stat(`${area}to/there`)).toMatchObject({ sizeBytes: 1, mediaType: 'text/css' });
      });

      test('replaces what was there', async () => {
        await put('from', 'new');
        await put('to', 'old');
        await store.move(`${area}from`, `${area}to`);
        expect(await textOf('to')).toBe('new');
        await expect(store.stat(`${area}from`)).resolves.toBeNull();
      });

      test('to itself changes nothing', async () => {
        await put('one', 'x');
        await store.move(`${area}one`, `${area}one`);
        expect(await textOf('one')).toBe('x');
      });
    });

    describe('deleting', () => {
      test('a key says whether there was something', async () => {
        await put('one', 'x');
        await expect(store.delete(`${area}one`)).resolves.toBe(true);
        await expect(store.delete(`${area}one`)).resolves.toBe(false);
        await expect(store.stat(`${area}one`)).resolves.toBeNull();
      });

      test('a prefix counts its keys and spares all others', async () => {
        for (const key of ['doc/1/a', 'doc/1/b/c', 'doc/10/a', 'doc/2/a']) await put(key, 'x');
        await expect(store.deletePrefix(`${area}doc/1/`)).resolves.toBe(2);
        await expect(store.deletePrefix(`${area}doc/1/`)).resolves.toBe(0);
        expect(await keysUnder(area)).toEqual(['doc/10/a', 'doc/2/a']);
      });

      test('a prefix that ends within a segment takes all that begin so', async () => {
        for (const key of ['doc/1', 'doc/10/a', 'doc/2']) await put(key.replace('doc/1', 'doc/1x'), 'x');
        await expect(store.deletePrefix(`${area}doc/1`)).resolves.toBe(2);
        expect(await keysUnder(area)).toEqual(['doc/2']);
      });

      test('with an empty prefix is refused', async () => {
        await put('one', 'x');
        await expect(store.deletePrefix('')).rejects.toThrow('everything');
        expect(await keysUnder(area)).toEqual(['one']);
      });
    });

    describe('listing', () => {
      test('gives the keys in the order of their characters, with what is known of each', async () => {
        const keys = ['a', 'a-b', 'a.b', 'b/c', 'b=c', 'b/B', 'b/a/z', 'b0', 'Z'];
        for (const key of keys) await put(key, key);
        const blobs = await collect(store.list(area));
        expect(blobs.map((blob) => blob.key)).toEqual(keys.toSorted().map((key) => area + key));
        expect(blobs[0]).toMatchObject({ sizeBytes: 1 });
      });

      test('takes the prefix as characters, not as a folder', async () => {
        for (const key of ['ab/1', 'abc/2', 'b']) await put(key, 'x');
        expect(await keysUnder(`${area}ab`)).toEqual(['ab/1', 'abc/2']);
        expect(await keysUnder(`${area}ab/`)).toEqual(['ab/1']);
        expect(await keysUnder(`${area}none/`)).toEqual([]);
        expect(await keysUnder(`${area}b/`)).toEqual([]);
      });

      test('can be left in the middle', async () => {
        for (const key of ['1', '2', '3']) await put(key, 'x');
        for await (const blob of store.list(area)) {
          expect(blob.key).toBe(`${area}1`);
          break;
        }
      });
    });

    test.each([
      '',
      '/absolute',
      'a//b',
      'a/',
      '../up',
      'a/../b',
      '.',
      'dot.',
      'a\\b',
      'a b',
      'ä',
      'a\0b',
      'c:d',
      'a'.repeat(121),
      `${'a/'.repeat(16)}a`,
      `${'a'.repeat(100)}/`.repeat(6),
    ])('refuses the key %j', async (key) => {
      const refusal = { code: 'invalid_request' };
      await expect(store.put(key, 'x', TEXT)).rejects.toMatchObject(refusal);
      await expect(async () => store.stat(key)).rejects.toMatchObject(refusal);
      await expect(async () => store.read(key)).rejects.toMatchObject(refusal);
      await expect(async () => store.delete(key)).rejects.toMatchObject(refusal);
      await expect(async () => store.move(key, `${area}a`)).rejects.toMatchObject(refusal);
      await expect(async () => store.move(`${area}a`, key)).rejects.toMatchObject(refusal);
    });

    test.each(['/', '../', 'a//', 'a/../b', 'ä', `${'a/'.repeat(16)}a`])(
      'refuses the prefix %j',
      async (prefix) => {
        await expect(store.deletePrefix(prefix)).rejects.toMatchObject({ code: 'invalid_request' });
        await expect(collect(store.list(prefix))).rejects.toMatchObject({ code: 'invalid_request' });
      },
    );

    test.each(['', 'text', 'text/', 'text/plain\r\nX: y', 'text/plain; ä', `text/${'x'.repeat(300)}`])(
      'refuses the media type %j',
      async (mediaType) => {
        await expect(store.put(`${area}one`, 'x', { mediaType })).rejects.toMatchObject({
          code: 'invalid_request',
        });
      },
    );

    test('streams 200 MB in and out without holding them in memory', async () => {
      const piece = Buffer.alloc(MEGABYTE, 'memory');
      const before = process.memoryUsage().rss;
      let highest = before;
      const body = Readable.from(repeated(piece, 200));
      const info = await store.put(`${area}big`, body, { mediaType: 'application/octet-stream' });
      highest = Math.max(highest, process.memoryUsage().rss);
      const hash = createHash('sha256');
      for await (const chunk of await store.read(`${area}big`)) {
        hash.update(chunk as Buffer);
        highest = Math.max(highest, process.memoryUsage().rss);
      }
      expect(info).toMatchObject({ sizeBytes: 200 * MEGABYTE, sha256: hash.digest('hex') });
      expect((highest - before) / MEGABYTE).toBeLessThan(100);
    });

    test('can be probed, and leaves nothing of the probe', async () => {
      const before = await keysUnder('');
      await expect(store.probe()).resolves.toBeGreaterThanOrEqual(0);
      expect(await keysUnder('')).toEqual(before);
    });
  });
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function bytesOf(stream: Readable): Promise<Buffer> {
  return Buffer.concat((await stream.toArray()) as Buffer[]);
}

async function* failing(fault: Error): AsyncGenerator<string> {
  yield 'some';
  throw fault;
}

function* repeated(piece: Buffer, times: number): Generator<Buffer> {
  for (let left = times; left > 0; left -= 1) yield piece;
}
