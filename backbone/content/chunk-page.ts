import type { ChunkRow } from '../api/services/content-service.ts';
import type { Page } from '../api/services/page.ts';
import { AppError } from '../errors.ts';
import { decodeCursor, pageOf } from '../jobs/cursor.ts';
import type { ContentRow } from '../stores/records/entities.ts';
import type { SqlExecutor } from '../stores/records/record-store.ts';
import type { Locator } from './model.ts';

/** The chunks of the content's current version, in the order of its text. @throws AppError invalid_request */
export async function chunkPage(
  sql: SqlExecutor,
  content: ContentRow,
  page: { readonly limit: number; readonly cursor?: string },
): Promise<Page<ChunkRow>> {
  const after = page.cursor === undefined ? -1 : chunkPosition(page.cursor);
  const rows = await sql.query<StoredChunk>(
    `SELECT chunk_index, text, start_offset, end_offset, token_count, locator FROM content_chunks
      WHERE content_type = $1 AND user_id = $2 AND content_id = $3 AND version = $4 AND chunk_index > $5
      ORDER BY chunk_index LIMIT $6`,
    [content.content_type, content.user_id, content.content_id, content.version, after, page.limit + 1],
  );
  return pageOf(
    rows.map((row) => chunkOf(content, row)),
    {
      limit: page.limit,
      total: content.chunk_count,
      // Chunks are ordered by their index alone; the time of a cursor stands still.
      positionOf: ({ index }) => ({ at: new Date(0), id: String(index) }),
    },
  );
}

/** Names one chunk of one version. */
export function chunkId(contentId: string, version: number, index: number): string {
  return `${contentId}.${version}.${index}`;
}

interface StoredChunk {
  readonly chunk_index: number;
  readonly text: string;
  readonly start_offset: number;
  readonly end_offset: number;
  readonly token_count: number;
  readonly locator: Locator;
}

function chunkOf(content: ContentRow, row: StoredChunk): ChunkRow {
  return {
    chunkId: chunkId(content.content_id, content.version, row.chunk_index),
    index: row.chunk_index,
    text: row.text,
    start: row.start_offset,
    end: row.end_offset,
    tokenCount: row.token_count,
    locator: row.locator,
  };
}

function chunkPosition(cursor: string): number {
  const index = Number(decodeCursor(cursor).id);
  if (Number.isSafeInteger(index) && index >= 0 && index < 2 ** 31) return index;
  throw new AppError('invalid_request', {
    fields: [{ field: 'cursor', message: 'Not a cursor of this list' }],
  });
}
