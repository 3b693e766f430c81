import type { Readable } from 'node:stream';
import type {
  ChunkRow,
  ContentFilter,
  ContentKey,
  ContentService,
  DeletionReceipt,
  DuplicateRow,
  RelatedRow,
} from '../api/services/content-service.ts';
import type { JobEvent } from '../api/services/job-service.ts';
import type { Page } from '../api/services/page.ts';
import type { Accepted } from '../api/services/submission.ts';
import { AppError } from '../errors.ts';
import { decodeCursor, pageOf, type Position } from '../jobs/cursor.ts';
import { eventOf, type EventRow } from '../jobs/job-queries.ts';
import type { BlobStore } from '../stores/blobs/blob-store.ts';
import type { Cache } from '../stores/cache/cache.ts';
import type { GraphStore } from '../stores/graph/graph-store.ts';
import { Content, type ContentRow, type StoredFile } from '../stores/records/entities.ts';
import type { RecordStore } from '../stores/records/record-store.ts';
import type { VectorStore } from '../stores/vectors/vector-store.ts';
import type { Deletions } from './deletion.ts';
import type { ContentEditor } from './content-editor.ts';
import { chunkPage } from './chunk-page.ts';
import { ContentCache } from './content-cache.ts';
import type { JsonObject } from './model.ts';
import type { Reprocessing } from './reprocessing.ts';
import type { TypeRegistry } from './content-types.ts';
import { duplicatesOf } from './duplicates.ts';
import { NOT_BEING_DELETED } from './visibility.ts';

export interface ContentLibraryOptions {
  readonly records: RecordStore;
  readonly blobs: BlobStore;
  readonly cache: Cache;
  readonly graph: GraphStore;
  readonly vectors: VectorStore;
  readonly types: TypeRegistry;
  readonly deletions: Deletions;
  readonly editor: ContentEditor;
  readonly reprocessing: Reprocessing;
}

/** Related contents that are looked at, so that old versions and deleted ones may drop out. */
const RELATED_MARGIN = 50;

/** What people do with contents that are stored. */
export class ContentLibrary implements ContentService {
  readonly #options: ContentLibraryOptions;
  readonly #cache: ContentCache;

  constructor(options: ContentLibraryOptions) {
    this.#options = options;
    this.#cache = new ContentCache(options.cache);
  }

  async list(filter: ContentFilter): Promise<Page<ContentRow>> {
    const query = this.#options.records.dataSource
      .getRepository<ContentRow>(Content)
      .createQueryBuilder('content')
      .where('content.user_id = :userId AND content.content_type = :type', {
        userId: filter.userId,
        type: filter.contentType,
      });
    query.andWhere(
      filter.status === 'deleted' ? 'content.deleted_at IS NOT NULL' : 'content.deleted_at IS NULL',
    );
    query.andWhere(NOT_BEING_DELETED);
    if (filter.author !== undefined)
      query.andWhere(':author = ANY(content.authors)', { author: filter.author });
    if (filter.language !== undefined)
      query.andWhere('content.language = :language', { language: filter.language });
    if (filter.tag !== undefined) query.andWhere(':tag = ANY(content.tags)', { tag: filter.tag });
    if (filter.createdFrom) query.andWhere('content.created_at >= :from', { from: filter.createdFrom });
    if (filter.createdTo) query.andWhere('content.created_at < :to', { to: filter.createdTo });
    for (const [name, value] of Object.entries({
      min_pages: filter.minPages,
      min_duration: filter.minDuration,
      venue: filter.venue,
      year: filter.year,
      page_kind: filter.pageKind,
    })) {
      if (value === undefined) continue;
      query.andWhere(this.#typeCondition(filter.contentType, name), { [name]: value });
    }
    const total = await query.getCount();
    if (filter.cursor !== undefined) {
      query.andWhere('(content.created_at, content.content_id) < (:at, :id)', decodeCursor(filter.cursor));
    }
    const rows = await query
      .orderBy({ 'content.created_at': 'DESC', 'content.content_id': 'DESC' })
      .offset(filter.offset ?? 0)
      .limit(filter.limit + 1)
      .getMany();
    const positionOf = (row: ContentRow): Position => ({ at: row.created_at, id: row.content_id });
    return pageOf(rows, { limit: filter.limit, total, positionOf });
  }

  async get(key: ContentKey): Promise<ContentRow> {
    const cached = await this.#cache.lookUp(key.userId, key.contentId);
    const row = cached.row ?? (await this.#read(key, true));
    if (row.content_type !== key.contentType) throw new AppError('not_found');
    if (cached.row === null) await cached.keep(row);
    return row;
  }

  async text(key: ContentKey): Promise<{ text: string; markdown: string }> {
    const content = await this.get(key);
    const [row] = await this.#options.records.query<{ text: string; markdown: string }>(
      `SELECT text, markdown FROM content_texts WHERE content_type = $1 AND user_id = $2 AND content_id = $3 AND version = $4`,
      [content.content_type, key.userId, key.contentId, content.version],
    );
    if (!row) throw new AppError('not_found');
    return row;
  }

  async chunks(
    key: ContentKey,
    page: { readonly limit: number; readonly cursor?: string },
  ): Promise<Page<ChunkRow>> {
    const content = await this.get(key);
    return chunkPage(this.#options.records, content, page);
  }

  async file(key: ContentKey): Promise<StoredFile> {
    const { files } = await this.get(key);
    if (!files.original) throw new AppError('no_stored_file');
    return files.original;
  }

  openFile(file: StoredFile, range?: { readonly start: number; readonly end: number }): Promise<Readable> {
    return this.#options.blobs.read(file.key, range);
  }

  async related(key: ContentKey, limit: number): Promise<readonly RelatedRow[]> {
    const content = await this.get(key);
    const of = { userId: key.userId, contentId: key.contentId, version: content.version };
    const near = await this.#options.graph.related(of, limit + RELATED_MARGIN);
    const rows = await this.#options.records.query<ContentRow>(
      `SELECT content_id, content_type, version, title, url FROM contents content
        WHERE user_id = $1 AND content_id = ANY($2::text[]) AND deleted_at IS NULL AND ${NOT_BEING_DELETED}`,
      [key.userId, near.map((other) => other.contentId)],
    );
    const current = new Map(rows.map((row) => [row.content_id, row]));
    return near
      .flatMap((other) => {
        const row = current.get(other.contentId);
        if (row?.version !== other.version) return [];
        const { content_id: contentId, content_type: contentType, title, url } = row;
        return [{ contentId, contentType, title, url, score: other.score, reasons: other.reasons }];
      })
      .slice(0, limit);
  }

  async duplicates(key: ContentKey, limit: number): Promise<readonly DuplicateRow[]> {
    return duplicatesOf(this.#options.records, await this.get(key), limit);
  }

  async history(key: ContentKey, limit: number): Promise<readonly JobEvent[]> {
    await this.get(key);
    const rows = await this.#options.records.query<EventRow>(
      `SELECT e.* FROM job_events e JOIN processing_jobs j USING (job_id)
        WHERE j.user_id = $1 AND j.content_id = $2 ORDER BY j.created_at DESC, e.job_id, e.seq LIMIT $3`,
      [key.userId, key.contentId, limit],
    );
    return rows.map(eventOf);
  }

  async update(key: ContentKey, changes: JsonObject): Promise<ContentRow> {
    await this.get(key);
    try {
      return await this.#options.editor.update(key, changes);
    } finally {
      // Also when the graph or the vectors failed: the records may have changed by then.
      await this.#cache.purge(key.userId, key.contentId);
    }
  }

  async softDelete(key: ContentKey): Promise<void> {
    await this.#read(key, true);
    await this.#options.deletions.hide(key);
  }

  /** Asked once more while it is under way, because the first answer was lost, it answers the same receipt. */
  async hardDelete(key: ContentKey, actor: string): Promise<DeletionReceipt> {
    const { deletions } = this.#options;
    const joined = await deletions.join(key);
    if (joined !== null) return joined;
    await this.#read(key, false);
    return deletions.purge(key, actor);
  }

  deletion(userId: string, deletionId: string): Promise<DeletionReceipt> {
    return this.#options.deletions.receipt(userId, deletionId);
  }

  async restore(key: ContentKey): Promise<ContentRow> {
    await this.#read(key, false);
    await this.#options.deletions.show(key);
    return this.get(key);
  }

  async reprocess(
    key: ContentKey,
    options: { readonly force: boolean; readonly traceparent: string | null },
  ): Promise<Accepted> {
    return this.#options.reprocessing.start(await this.get(key), options);
  }

  /** @throws AppError not_found */
  async #read(key: ContentKey, visibleOnly: boolean): Promise<ContentRow> {
    const [row] = await this.#options.records.query<ContentRow>(
      `SELECT * FROM contents content WHERE user_id = $1 AND content_id = $2 AND content_type = $3
          AND (deleted_at IS NULL OR NOT $4) AND ${NOT_BEING_DELETED}`,
      [key.userId, key.contentId, key.contentType, visibleOnly],
    );
    if (!row) throw new AppError('not_found');
    return row;
  }

  #typeCondition(contentType: string, name: string): string {
    const filter = this.#options.types.get(contentType).filters.find((known) => known.name === name);
    if (filter) return filter.condition.replace('?', `:${name}`);
    const message = `Contents of the type ${contentType} have no such filter`;
    throw new AppError('invalid_request', { fields: [{ field: name, message }] });
  }
}
