/** Files that are small on the wire and want to be endless: what a reader of strangers' files must survive. */
import { constants, deflateRawSync } from 'node:zlib';
import { huffmanRecords, packedPhrase, palmDatabase, plainPhrase } from './mobi-builder.ts';
import { zipArchive, type ZipMember } from './zip-archive.ts';

const MEBIBYTE = 1024 * 1024;
/** A mebibyte of zeros in DEFLATE that ends at a byte, so that it can be written again and again. */
const ZEROS = deflateRawSync(Buffer.alloc(MEBIBYTE), { finishFlush: constants.Z_FULL_FLUSH });
const LAST_BLOCK = Buffer.from([0x03, 0x00]);

/** So many mebibytes of zeros behind a header of gzip, a piece at a time. */
export function* gzippedZeros(mebibytes: number): Generator<Buffer> {
  yield Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]);
  for (let at = 0; at < mebibytes; at += 1) yield ZEROS;
  yield Buffer.concat([LAST_BLOCK, Buffer.alloc(8)]);
}

/** The same in the format of zlib, which PDF calls FlateDecode. Its checksum is wrong: nobody comes so far. */
export function zlibZeros(mebibytes: number): Buffer {
  return Buffer.concat([
    Buffer.from([0x78, 0x9c]),
    ...Array.from({ length: mebibytes }, () => ZEROS),
    LAST_BLOCK,
    Buffer.alloc(4),
  ]);
}

/** An archive with twenty mebibytes of spaces in its last member, which may say that it is smaller. */
export function zipBomb(members: readonly ZipMember[], name: string, claimedSize?: number): Buffer {
  const content = Buffer.alloc(20 * MEBIBYTE, 0x20);
  return zipArchive([...members, { name, content, ...(claimedSize === undefined ? {} : { claimedSize }) }]);
}

/** An archive whose directory names the one member so many times: each name unpacks the same bytes. */
export function overlappingZip(first: readonly ZipMember[], names: number): Buffer {
  const content = Buffer.alloc(900_000, 0x20);
  const archive = zipArchive([...first, { name: 'many/0', content }]);
  const directory = archive.readUInt32LE(archive.length - 6);
  const entry = archive.subarray(archive.lastIndexOf('PK\x01\x02', undefined, 'latin1'), archive.length - 22);
  const entries = [archive.subarray(directory, archive.length - 22)];
  for (let at = 1; at < names; at += 1) {
    const other = Buffer.from(entry);
    other.write(String.fromCharCode(33 + (at % 90)), other.length - 1, 'latin1');
    entries.push(other);
  }
  const central = Buffer.concat(entries);
  const end = Buffer.from(archive.subarray(-22));
  const count = first.length + names;
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(central.length, 12);
  return Buffer.concat([archive.subarray(0, directory), central, end]);
}

/** Ten billion letters in nine entities, for behind an XML declaration; `&bomb8;` sets it off. */
export function entityBomb(root: string): string {
  const levels = Array.from({ length: 9 }, (_, at) => {
    const inner = at === 0 ? 'aaaaaaaaaa' : `&bomb${at - 1};`.repeat(10);
    return `<!ENTITY bomb${at} "${inner}">`;
  });
  return `<!DOCTYPE ${root} [${levels.join('')}]>`;
}

export function nested(open: string, close: string, depth: number, inner = 'deep'): string {
  return open.repeat(depth) + inner + close.repeat(depth);
}

/** A PDF of these objects, the catalogue first. `trailer` stands in its trailer besides `/Root`. */
export function pdfOf(objects: readonly (string | Buffer)[], trailer = ''): Buffer {
  const parts: Buffer[] = [Buffer.from('%PDF-1.4\n')];
  let length = 9;
  const rows: string[] = [];
  for (const [index, object] of objects.entries()) {
    const part = Buffer.concat([
      Buffer.from(`${index + 1} 0 obj\n`),
      Buffer.from(object as string),
      Buffer.from('\nendobj\n'),
    ]);
    rows.push(`${String(length).padStart(10, '0')} 00000 n \n`);
    length += part.length;
    parts.push(part);
  }
  const table = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows.join('')}`;
  const end = `trailer << /Size ${objects.length + 1} /Root 1 0 R ${trailer.replace('XREF', String(length))} >>`;
  parts.push(Buffer.from(`${table}${end}\nstartxref\n${length}\n%%EOF\n`));
  return Buffer.concat(parts);
}

export function pdfStream(dictionary: string, data: Buffer): Buffer {
  return Buffer.concat([
    Buffer.from(`<< ${dictionary} /Length ${data.length} >>\nstream\n`),
    data,
    Buffer.from('\nendstream'),
  ]);
}

/** An ISO box. `size` lies about its length; 1 announces a length of 64 bits. */
export function mediaBox(type: string, body: Buffer, size = body.length + 8): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(size);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, body]);
}

/** Boxes within boxes, each of the type. */
export function nestedBoxes(type: string, depth: number): Buffer {
  const heads = Buffer.alloc(depth * 8);
  for (let at = 0; at < depth; at += 1) {
    heads.writeUInt32BE((depth - at) * 8, at * 8);
    heads.write(type, at * 8 + 4, 'latin1');
  }
  return heads;
}

/** A Kindle book of so many records, each a single byte that stands for half a mebibyte of text. */
export function huffmanBomb(records: number): Buffer {
  const doubling = Array.from({ length: 9 }, (_, at) => packedPhrase(Buffer.of(255 - at, 255 - at)));
  const phrases = [plainPhrase(Buffer.alloc(1000, 0x61)), ...doubling];
  const head = Buffer.alloc(16 + 0xf8);
  head.writeUInt16BE(17_480, 0);
  head.writeUInt16BE(records, 8);
  head.write('MOBI', 16, 'latin1');
  head.writeUInt32BE(0xf8, 20);
  head.writeUInt32BE(65_001, 28);
  head.writeUInt32BE(6, 36);
  head.writeUInt32BE(1 + records, 112);
  head.writeUInt32BE(2, 116);
  for (const place of [244, 248, 252]) head.writeUInt32BE(0xffff_ffff, place);
  const texts = Array.from({ length: records }, () => Buffer.of(255 - doubling.length));
  return palmDatabase([head, ...texts, ...huffmanRecords(phrases)]);
}
