import { pipeline, type Readable } from 'node:stream';
import type { Upload, UploadService } from '../api/services/upload-service.ts';
import { AppError } from '../errors.ts';
import type { BlobStore } from '../stores/blobs/blob-store.ts';
import type { UploadRow } from '../stores/records/entities.ts';
import type { RecordStore } from '../stores/records/record-store.ts';
import { storableText } from '../stores/postgres-text.ts';
import type { NativeIds } from './native-ids.ts';
import { HeadReader } from './parsing/head-reader.ts';
import { detectMediaType } from './parsing/media-type.ts';

export interface UploadsOptions {
  readonly records: RecordStore;
  readonly blobs: BlobStore;
  readonly maxBytes: number;
  readonly nativeIds: NativeIds;
  readonly newId: () => string;
}

interface KeptFile {
  readonly uploadId: string;
  readonly blobKey: string;
  readonly fileName: string | null;
  readonly mediaType: string;
  readonly sha256: string;
  readonly sizeBytes: number;
}

interface RecordedUpload extends UploadRow {
  readonly expires_at: Date;
}

const MEBIBYTE = 1024 * 1024;
const LIFETIME_HOURS = 24;
export const UPLOAD_PREFIX = 'uploads/';

/** Files that wait for a job to take them. */
export class Uploads implements UploadService {
  readonly #options: UploadsOptions;

  constructor(options: UploadsOptions) {
    this.#options = options;
  }

  async store(
    userId: string,
    body: Readable,
    options: {
      readonly fileName: string | null;
      readonly declaredType: string | null;
      readonly signal: AbortSignal;
    },
  ): Promise<Upload> {
    const fileName = options.fileName === null ? null : storableText(options.fileName);
    const uploadId = `up_${this.#options.newId()}`;
    const blobKey = `${UPLOAD_PREFIX}${userId}/${uploadId}`;
    const head = new HeadReader();
    const blob = await this.#put(blobKey, body, head, options);
    if (blob.sizeBytes === 0) {
      await this.#options.blobs.delete(blobKey);
      throw new AppError('source_empty');
    }
    const { mediaType } = await detectMediaType(head.bytes(), {
      declared: options.declaredType,
      fileName,
    });
    const file = {
      uploadId,
      blobKey,
      fileName,
      mediaType,
      sha256: blob.sha256 ?? '',
      sizeBytes: blob.sizeBytes,
    };
    const { expires_at: expiresAt } = await this.#record(userId, file, options.signal);
    const { sha256, sizeBytes } = file;
    return { uploadId, sha256, sizeBytes, mediaType, fileName, expiresAt };
  }

  /** Keeps a file for a job to come, as if the tenant had uploaded it. Under the same id it is kept once. */
  async keep(
    userId: string,
    file: {
      readonly uploadId: string;
      /** Not empty. */
      readonly bytes: Uint8Array;
      readonly mediaType: string;
      readonly fileName: string | null;
    },
    signal: AbortSignal,
  ): Promise<UploadRow> {
    const { uploadId, bytes, mediaType } = file;
    const blobKey = `${UPLOAD_PREFIX}${userId}/${uploadId}`;
    const blob = await this.#options.blobs.put(blobKey, Buffer.from(bytes), { mediaType, signal });
    const fileName = file.fileName === null ? null : storableText(file.fileName);
    const { sizeBytes, sha256 } = blob;
    const stored = { uploadId, blobKey, fileName, mediaType, sha256: sha256 ?? '', sizeBytes };
    return this.#record(userId, stored, signal);
  }

  async #record(userId: string, file: KeptFile, signal: AbortSignal): Promise<RecordedUpload> {
    const { uploadId, blobKey, fileName, mediaType, sha256, sizeBytes } = file;
    const nativeIds = await this.#options.nativeIds.of({ blobKey, mediaType, sizeBytes, fileName }, signal);
    const [row] = await this.#options.records.query<RecordedUpload>(
      `INSERT INTO uploads (upload_id, user_id, blob_key, sha256, size_bytes, media_type, file_name,
                            native_ids, created_at, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, now(), now() + $9 * interval '1 hour')
       ON CONFLICT (upload_id) DO UPDATE SET expires_at = EXCLUDED.expires_at
       RETURNING upload_id, blob_key, sha256, size_bytes, media_type, file_name, native_ids, expires_at`,
      [
        uploadId,
        userId,
        blobKey,
        sha256,
        sizeBytes,
        mediaType,
        fileName,
        JSON.stringify(nativeIds),
        LIFETIME_HOURS,
      ],
    );
    if (row === undefined) throw new Error('The upload was not recorded');
    return row;
  }

  async #put(
    key: string,
    body: Readable,
    head: HeadReader,
    { declaredType, signal }: { readonly declaredType: string | null; readonly signal: AbortSignal },
  ): ReturnType<BlobStore['put']> {
    pipeline(body, head, () => undefined);
    try {
      return await this.#options.blobs.put(key, head, {
        mediaType: declaredType ?? 'application/octet-stream',
        maxBytes: this.#options.maxBytes,
        signal,
      });
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'source_too_large') throw error;
      const params = {
        limit: `${Math.floor(this.#options.maxBytes / MEBIBYTE)} MB`,
        setting: 'MAX_UPLOAD_MB',
      };
      throw new AppError('payload_too_large', { params, cause: error });
    }
  }
}
