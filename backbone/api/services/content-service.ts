import type { Readable } from 'node:stream';
import type { JsonObject, Chunk } from '../../content/model.ts';
import type { ContentRow, StoredFile } from '../../stores/records/entities.ts';
import type { JobEvent } from './job-service.ts';
import type { Page } from './page.ts';
import type { Accepted } from './submission.ts';

export interface ContentService {
  list(filter: ContentFilter): Promise<Page<ContentRow>>;
  /** Read-through cache of an hour. @throws AppError not_found, also when soft-deleted */
  get(key: ContentKey): Promise<ContentRow>;
  text(key: ContentKey): Promise<{ readonly text: string; readonly markdown: string }>;
  chunks(
    key: ContentKey,
    page: { readonly limit: number; readonly cursor?: string },
  ): Promise<Page<ChunkRow>>;
  /** @throws AppError not_found, no_stored_file */
  file(key: ContentKey): Promise<StoredFile>;
  openFile(file: StoredFile, range?: { readonly start: number; readonly end: number }): Promise<Readable>;
  related(key: ContentKey, limit: number): Promise<readonly RelatedRow[]>;
  /** Contents whose text is nearly the same, the most similar first. */
  duplicates(key: ContentKey, limit: number): Promise<readonly DuplicateRow[]>;
  /** Events of all jobs of the content, newest job first. */
  history(key: ContentKey, limit: number): Promise<readonly JobEvent[]>;
  /** Only fields of the type's schema; anything else is `invalid_request` naming the field. */
  update(key: ContentKey, changes: JsonObject): Promise<ContentRow>;
  softDelete(key: ContentKey): Promise<void>;
  /** Runs the steps at once; what cannot be done now goes on by itself and shows as pending. */
  hardDelete(key: ContentKey, actor: string): Promise<DeletionReceipt>;
  deletion(userId: string, deletionId: string): Promise<DeletionReceipt>;
  restore(key: ContentKey): Promise<ContentRow>;
  /** @throws AppError not_found, no_stored_file */
  reprocess(
    key: ContentKey,
    options: { readonly force: boolean; readonly traceparent: string | null },
  ): Promise<Accepted>;
}

export interface ContentKey {
  readonly userId: string;
  readonly contentType: string;
  readonly contentId: string;
}

export interface ContentFilter {
  readonly userId: string;
  readonly contentType: string;
  readonly author?: string;
  readonly language?: string;
  readonly tag?: string;
  readonly minPages?: number;
  readonly minDuration?: number;
  /** Of papers: the journal or conference, whatever its case. */
  readonly venue?: string;
  /** Of papers: the one they were published in. */
  readonly year?: number;
  readonly pageKind?: string;
  readonly status?: 'active' | 'deleted';
  readonly createdFrom?: Date;
  readonly createdTo?: Date;
  readonly limit: number;
  readonly cursor?: string;
  readonly offset?: number;
}

export interface ChunkRow extends Omit<Chunk, 'embeddingText'> {
  readonly chunkId: string;
}

export interface RelatedRow {
  readonly contentId: string;
  readonly contentType: string;
  readonly title: string | null;
  readonly url: string | null;
  readonly score: number;
  readonly reasons: readonly { readonly kind: string; readonly name: string }[];
}

export interface DuplicateRow {
  readonly contentId: string;
  readonly contentType: string;
  readonly title: string | null;
  readonly url: string | null;
  /** The estimated share of word runs that both texts have, above 0 to 1. */
  readonly similarity: number;
}

export interface DeletionReceipt {
  readonly deletionId: string;
  readonly requestedAt: Date;
  readonly completedAt: Date | null;
  readonly steps: readonly DeletionStep[];
}

export interface DeletionStep {
  readonly store: string;
  readonly status: 'pending' | 'done';
  readonly removed: JsonObject;
  readonly error: string | null;
}
