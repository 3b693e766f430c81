import { fileURLToPath } from 'node:url';
import { invalidSetting, schemeOf, unknownScheme } from '../store-url.ts';
import type { BlobStore } from './blob-store.ts';
import { openFileBlobStore } from './file-blob-store.ts';

export interface BlobStoreOptions {
  /** `file:` and a path, absolute or relative to the working folder. */
  readonly url: string;
}

/** @throws AppError config_invalid | store_unavailable */
export async function openBlobStore({ url }: BlobStoreOptions): Promise<BlobStore> {
  if (schemeOf(url) !== 'file:') throw unknownScheme('BLOBS_URL', url, ['file:']);
  return openFileBlobStore({ folder: folderOf(url) });
}

function folderOf(url: string): string {
  const rest = url.slice('file:'.length);
  if (rest === '') throw invalidSetting('BLOBS_URL', 'names no folder');
  if (!rest.startsWith('//')) return rest;
  try {
    return fileURLToPath(url);
  } catch {
    throw invalidSetting('BLOBS_URL', 'is not a file URL of this machine');
  }
}
