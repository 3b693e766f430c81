import { randomUUID } from 'node:crypto';
import { mkdir, open, realpath, rm, unlink, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { AppError } from '../../errors.ts';
import { roundTripMs } from '../round-trip.ts';
import { openBlob, writeBlob, type OpenBlob } from './blob-file.ts';
import { filesOf, isFile, pathOfKey, pruneFolders, publish } from './blob-folder.ts';
import { checkBlobKey, checkBlobPrefix } from './blob-key.ts';
import type { BlobInfo, BlobStore, ByteRange, PutOptions } from './blob-store.ts';
import { streamOf, type BlobBody } from './blob-stream.ts';
import { isMediaType } from './blob-trailer.ts';
import { guarded, unless } from './file-faults.ts';

export interface FileBlobStoreOptions {
  /** Made when missing. Only one store at a time may use it. */
  readonly folder: string;
  /** Opens the files that are written; another one stands in for a failing disk. */
  readonly openFile?: typeof open;
}

/** Unfinished writes. `+.` is no escape of `fileNameOf`, so no key leads here. */
const INCOMING = '+.incoming';

/**
 * Blobs as files below one folder, a key's segments as its path. Each file ends in a trailer with its
 * media type and hash (`blob-trailer.ts`); a file without a whole trailer is no blob, but goes with
 * `delete` and `deletePrefix` all the same. Writes are durable when they resolve.
 * @throws AppError store_unavailable when the folder cannot be used
 */
export async function openFileBlobStore(options: FileBlobStoreOptions): Promise<BlobStore> {
  const folder = await guarded(() => prepareFolder(options));

  const openKey = (key: string): Promise<OpenBlob | null> => {
    checkBlobKey(key);
    return guarded(() => openBlob(key, pathOfKey(folder.root, key)));
  };

  return {
    put: (key, body, putOptions) => put(folder, key, body, putOptions),
    async stat(key) {
      const blob = await openKey(key);
      await blob?.file.close();
      return blob?.info ?? null;
    },
    async read(key, range) {
      return streamRange(found(await openKey(key)), range);
    },
    async readAll(key) {
      const { file, info } = found(await openKey(key));
      return allOf(streamOf(file, 0, info.sizeBytes), info.sizeBytes);
    },
    async move(from, to) {
      checkBlobKey(to);
      await found(await openKey(from)).file.close();
      await guarded(() => move(folder.root, from, to));
    },
    async delete(key) {
      checkBlobKey(key);
      return guarded(() => remove(folder.root, pathOfKey(folder.root, key)));
    },
    async deletePrefix(prefix) {
      checkBlobPrefix(prefix);
      if (prefix === '') throw new TypeError('An empty prefix would delete everything');
      return guarded(() => removeAll(folder.root, prefix));
    },
    list: (prefix) => listed(folder.root, prefix),
    probe: () => roundTripMs(() => guarded(() => writeAndRemove(folder))),
    close: () => Promise.resolve(),
  };
}

interface BlobFolder {
  /** A real path: without symbolic links. */
  readonly root: string;
  readonly openNew: () => Promise<NewFile>;
}

interface NewFile {
  readonly path: string;
  readonly file: FileHandle;
}

async function prepareFolder({ folder, openFile = open }: FileBlobStoreOptions): Promise<BlobFolder> {
  await mkdir(folder, { recursive: true });
  const root = await realpath(folder);
  const incoming = path.join(root, INCOMING);
  await rm(incoming, { recursive: true, force: true });
  await mkdir(incoming);
  return {
    root,
    async openNew() {
      const newPath = path.join(incoming, randomUUID());
      return { path: newPath, file: await openFile(newPath, 'wx') };
    },
  };
}

async function put(folder: BlobFolder, key: string, body: BlobBody, options: PutOptions): Promise<BlobInfo> {
  try {
    checkPut(key, options);
    const created = await guarded(() => folder.openNew());
    try {
      const info = await writeBlob(created.file, key, body, options);
      await guarded(() => publish(folder.root, created.path, key));
      return info;
    } catch (error) {
      // What cannot be removed now goes when the store is opened next.
      await rm(created.path, { force: true }).catch(() => undefined);
      throw error;
    }
  } catch (error) {
    if (body instanceof Readable) body.destroy();
    // A body that the signal destroyed fails with an error of its own; the signal's reason says more.
    options.signal?.throwIfAborted();
    throw error;
  }
}

function checkPut(key: string, { mediaType, signal }: PutOptions): void {
  checkBlobKey(key);
  signal?.throwIfAborted();
  if (isMediaType(mediaType)) return;
  throw new AppError('invalid_request', {
    fields: [{ field: 'mediaType', message: 'This is no media type' }],
  });
}

async function streamRange({ file, info }: OpenBlob, range: ByteRange | undefined): Promise<Readable> {
  const { start, end } = range ?? { start: 0, end: info.sizeBytes - 1 };
  if (!range || (start >= 0 && start <= end && start < info.sizeBytes)) {
    return streamOf(file, start, Math.min(end + 1, info.sizeBytes));
  }
  await file.close();
  const message = `Bytes ${start}-${end} are not among the ${info.sizeBytes} there are`;
  throw new AppError('invalid_request', { fields: [{ field: 'range', message }] });
}

/** In a buffer of just that size, which can be handed to another thread without a copy. */
async function allOf(stream: AsyncIterable<Buffer>, size: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafeSlow(size);
  let at = 0;
  for await (const chunk of stream) at += chunk.copy(bytes, at);
  return bytes.subarray(0, at);
}

async function move(root: string, from: string, to: string): Promise<void> {
  const source = pathOfKey(root, from);
  await publish(root, source, to);
  await pruneFolders(root, path.dirname(source));
}

async function* listed(root: string, prefix: string): AsyncGenerator<BlobInfo> {
  checkBlobPrefix(prefix);
  const files = filesOf(root, prefix);
  for (;;) {
    const next = await guarded(() => files.next());
    if (next.done) return;
    const blob = await guarded(() => openBlob(next.value.key, next.value.path));
    await blob?.file.close();
    if (blob) yield blob.info;
  }
}

async function remove(root: string, file: string): Promise<boolean> {
  if (!(await isFile(file))) return false;
  const removed = await unless(['ENOENT'], () => unlink(file).then(() => true));
  if (removed) await pruneFolders(root, path.dirname(file));
  return removed ?? false;
}

async function removeAll(root: string, prefix: string): Promise<number> {
  let deleted = 0;
  for await (const file of filesOf(root, prefix)) deleted += (await remove(root, file.path)) ? 1 : 0;
  return deleted;
}

async function writeAndRemove(folder: BlobFolder): Promise<void> {
  const created = await folder.openNew();
  try {
    await created.file.writeFile('probe');
  } finally {
    await created.file.close();
    await unlink(created.path);
  }
}

function found(blob: OpenBlob | null): OpenBlob {
  if (blob === null) throw new AppError('not_found');
  return blob;
}
