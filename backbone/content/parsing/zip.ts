/**
 * Reading ZIP archives that strangers send. Nothing is ever written to disk; what must not happen is that
 * a small file unpacks to more than the machine can hold. Sizes are judged by the archive's directory
 * before anything is unpacked, and yauzl breaks off an entry that turns out longer than the directory says.
 */
import { crc32 } from 'node:zlib';
import { fromBufferPromise, type Entry, type ZipFile } from 'yauzl';
import { AppError } from '../../errors.ts';

export interface ZipLimits {
  readonly maxEntries: number;
  /** Unpacked size over packed size, for entries above `ratioFromBytes`. DEFLATE can reach 1,032. */
  readonly maxRatio: number;
  readonly ratioFromBytes: number;
  /** Of all entries together. */
  readonly maxUnpackedBytes: number;
}

export const ZIP_LIMITS: ZipLimits = {
  maxEntries: 10_000,
  maxRatio: 200,
  ratioFromBytes: 1024 * 1024,
  maxUnpackedBytes: 256 * 1024 * 1024,
};

export interface ZipArchive {
  /** In the order of the archive's directory; folders are left out. */
  readonly names: readonly string[];
  has(name: string): boolean;
  /**
   * The unpacked bytes of an entry. Errors: `file_damaged` (also when there is no such entry),
   * `file_encrypted`.
   */
  read(name: string): Promise<Uint8Array>;
}

/**
 * Opens an archive held in memory. Errors: `file_damaged` when it is none, is broken, or holds a path that
 * leads out of the archive; `file_unsafe` when it breaks a limit.
 */
export async function openZip(bytes: Uint8Array, limits: ZipLimits = ZIP_LIMITS): Promise<ZipArchive> {
  const zip = await damagedUnless(() =>
    fromBufferPromise(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), { lazyEntries: true }),
  );
  if (zip.entryCount > limits.maxEntries) throw new AppError('file_unsafe');
  const entries = await damagedUnless(() => listEntries(zip, limits));
  return {
    names: [...entries.keys()],
    has: (name) => entries.has(name),
    read: async (name) => {
      const entry = entries.get(name);
      if (entry === undefined) throw new AppError('file_damaged', { cause: new Error(`no entry ${name}`) });
      if (entry.isEncrypted()) throw new AppError('file_encrypted');
      return damagedUnless(() => unpack(zip, entry));
    },
  };
}

/** The first entry of a name counts. Errors: `file_unsafe`. */
async function listEntries(zip: ZipFile, limits: ZipLimits): Promise<ReadonlyMap<string, Entry>> {
  const entries = new Map<string, Entry>();
  let count = 0;
  let unpackedBytes = 0;
  for await (const entry of zip.eachEntry()) {
    count += 1;
    unpackedBytes += entry.uncompressedSize;
    if (count > limits.maxEntries || unpackedBytes > limits.maxUnpackedBytes || isBomb(entry, limits)) {
      throw new AppError('file_unsafe');
    }
    if (!entry.fileName.endsWith('/') && !entries.has(entry.fileName)) entries.set(entry.fileName, entry);
  }
  return entries;
}

function isBomb(entry: Entry, limits: ZipLimits): boolean {
  return (
    entry.uncompressedSize > limits.ratioFromBytes &&
    entry.uncompressedSize > entry.compressedSize * limits.maxRatio
  );
}

async function unpack(zip: ZipFile, entry: Entry): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of await zip.openReadStreamPromise(entry)) parts.push(part as Uint8Array);
  const content = Buffer.concat(parts);
  if (crc32(content) !== entry.crc32) throw new Error(`checksum of ${entry.fileName} does not fit`);
  return content;
}

/** yauzl throws plain errors for whatever it cannot read. */
async function damagedUnless<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw error instanceof AppError ? error : new AppError('file_damaged', { cause: error });
  }
}
