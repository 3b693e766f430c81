import { open, type FileHandle } from 'node:fs/promises';
import { isFile } from './blob-folder.ts';
import type { BlobInfo, PutOptions } from './blob-store.ts';
import { copyBody, type BlobBody } from './blob-stream.ts';
import { decodeTrailer, encodeTrailer, TRAILER_BYTES } from './blob-trailer.ts';
import { guarded, unless } from './file-faults.ts';

/** Whoever gets it closes the file. */
export interface OpenBlob {
  readonly file: FileHandle;
  readonly info: BlobInfo;
}

/** Writes body and trailer durably, and closes the file whatever happens. */
export async function writeBlob(
  file: FileHandle,
  key: string,
  body: BlobBody,
  { mediaType, ...options }: PutOptions,
): Promise<BlobInfo> {
  try {
    const facts = { ...(await copyBody(body, file, options)), mediaType };
    const { mtime } = await guarded(async () => {
      await file.writeFile(encodeTrailer(facts));
      await file.sync();
      return file.stat();
    });
    options.signal?.throwIfAborted();
    return { key, ...facts, modifiedAt: mtime };
  } finally {
    await guarded(() => file.close());
  }
}

/** Null when no whole blob is there. */
export async function openBlob(key: string, at: string): Promise<OpenBlob | null> {
  if (!(await isFile(at))) return null;
  const file = await unless(['ENOENT'], () => open(at));
  if (file === null) return null;
  let info: BlobInfo | null = null;
  try {
    info = await infoOf(key, file);
  } finally {
    if (info === null) await file.close();
  }
  return info && { file, info };
}

async function infoOf(key: string, file: FileHandle): Promise<BlobInfo | null> {
  const status = await file.stat();
  if (status.size < TRAILER_BYTES) return null;
  const at = status.size - TRAILER_BYTES;
  const { buffer, bytesRead } = await file.read(Buffer.alloc(TRAILER_BYTES), 0, TRAILER_BYTES, at);
  const facts = decodeTrailer(buffer.subarray(0, bytesRead), status.size);
  return facts && { key, ...facts, modifiedAt: status.mtime };
}
