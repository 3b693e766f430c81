import type { Readable } from 'node:stream';

export interface UploadService {
  /** Streams into the blob store, hashing on the way. @throws AppError payload_too_large, source_empty, disk_full */
  store(
    userId: string,
    body: Readable,
    options: {
      readonly fileName: string | null;
      readonly declaredType: string | null;
      readonly signal: AbortSignal;
    },
  ): Promise<Upload>;
}

export interface Upload {
  readonly uploadId: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly mediaType: string;
  readonly fileName: string | null;
  readonly expiresAt: Date;
}
