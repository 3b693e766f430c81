import { describe, expect, test } from '@jest/globals';
import { openZip, ZIP_LIMITS } from '../../../backbone/content/parsing/zip.ts';
import { zipArchive } from '../../support/zip-archive.ts';

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();
const TWO = zipArchive([
  { name: 'folder/', content: '' },
  { name: 'folder/a.txt', content: 'lamp '.repeat(100) },
  { name: 'b.txt', content: 'lens', stored: true },
]);

describe('a sound archive', () => {
  test('lists its files without the folders and unpacks them', async () => {
    const zip = await openZip(TWO);
    expect(zip.names).toEqual(['folder/a.txt', 'b.txt']);
    expect(zip.has('b.txt')).toBe(true);
    expect(zip.has('c.txt')).toBe(false);
    expect(text(await zip.read('folder/a.txt'))).toBe('lamp '.repeat(100));
    expect(text(await zip.read('b.txt'))).toBe('lens');
  });

  test('of two entries of one name the first counts', async () => {
    const zip = await openZip(
      zipArchive([
        { name: 'a', content: 'first' },
        { name: 'a', content: 'second' },
      ]),
    );
    expect(zip.names).toEqual(['a']);
    expect(text(await zip.read('a'))).toBe('first');
  });

  test('is read from a view into a larger buffer', async () => {
    const padded = Buffer.concat([Buffer.alloc(7), TWO]);
    const zip = await openZip(new Uint8Array(padded.buffer, padded.byteOffset + 7, TWO.length));
    expect(zip.has('b.txt')).toBe(true);
  });
});

describe('a damaged archive', () => {
  test('bytes that are no archive are refused', async () => {
    await expect(openZip(Buffer.from('no archive at all'))).rejects.toMatchObject({ code: 'file_damaged' });
  });

  test('an archive without its end is refused', async () => {
    await expect(openZip(TWO.subarray(0, -30))).rejects.toMatchObject({ code: 'file_damaged' });
  });

  test('a missing entry, a wrong checksum and a broken stream are told', async () => {
    const broken = Buffer.from(TWO);
    broken.write('LENS', broken.indexOf('lens'));
    broken.fill(0xff, broken.indexOf('folder/a.txt') + 12, broken.indexOf('folder/a.txt') + 16);
    const zip = await openZip(broken);
    for (const name of ['missing', 'b.txt', 'folder/a.txt']) {
      await expect(zip.read(name)).rejects.toMatchObject({ code: 'file_damaged' });
    }
  });

  test.each(['../../etc/passwd', '/etc/passwd', 'C:/windows', 'a/../../b'])(
    'the path %s is refused',
    async (name) => {
      await expect(openZip(zipArchive([{ name, content: 'x' }]))).rejects.toMatchObject({
        code: 'file_damaged',
      });
    },
  );

  test('an encrypted entry says so', async () => {
    const zip = await openZip(zipArchive([{ name: 'a', content: 'x', encrypted: true }]));
    await expect(zip.read('a')).rejects.toMatchObject({ code: 'file_encrypted' });
  });
});

describe('a bomb', () => {
  test('more entries than allowed are refused', async () => {
    const many = zipArchive([1, 2, 3].map((n) => ({ name: `f${n}`, content: 'x' })));
    await expect(openZip(many, { ...ZIP_LIMITS, maxEntries: 2 })).rejects.toMatchObject({
      code: 'file_unsafe',
    });
  });

  test('an entry that unpacks to more than two hundred times its size is refused', async () => {
    const bomb = zipArchive([{ name: 'a', content: Buffer.alloc(2 * 1024 * 1024) }]);
    await expect(openZip(bomb)).rejects.toMatchObject({ code: 'file_unsafe' });
  });

  test('a small entry may be packed as tightly as it likes', async () => {
    const zip = await openZip(zipArchive([{ name: 'a', content: Buffer.alloc(900 * 1024) }]));
    expect(await zip.read('a')).toHaveLength(900 * 1024);
  });

  test('entries that together are too large are refused', async () => {
    await expect(openZip(TWO, { ...ZIP_LIMITS, maxUnpackedBytes: 503 })).rejects.toMatchObject({
      code: 'file_unsafe',
    });
  });

  test('an entry that is longer than its directory says is broken off', async () => {
    const liar = zipArchive([{ name: 'a', content: Buffer.alloc(5 * 1024 * 1024), claimedSize: 10 }]);
    const zip = await openZip(liar);
    await expect(zip.read('a')).rejects.toMatchObject({ code: 'file_damaged' });
  });
});
