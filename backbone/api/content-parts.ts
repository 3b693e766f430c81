import { presentChunk, presentTranscript } from './content-presenters.ts';
import { MAX_PAGE } from './schemas/common.ts';
import type { ContentDetailShape, INCLUDES } from './schemas/contents.ts';
import type { ChunkRow, ContentKey, ContentService } from './services/content-service.ts';

export type Include = (typeof INCLUDES)[number];
export type ContentParts = Pick<
  ContentDetailShape,
  'text' | 'markdown' | 'chunks' | 'chunks_next_cursor' | 'transcript'
>;

/** A day of speech has about 4,000 passages; what is longer is read page by page from `/chunks`. */
const MAX_TRANSCRIPT_PAGES = 100;

/** What `include` asks for beside the content itself. */
export async function contentParts(
  contents: ContentService,
  key: ContentKey,
  include: readonly Include[],
): Promise<ContentParts> {
  const parts: ContentParts = {};
  if (include.includes('text') || include.includes('markdown')) {
    const { text, markdown } = await contents.text(key);
    if (include.includes('text')) parts.text = text;
    if (include.includes('markdown')) parts.markdown = markdown;
  }
  if (include.includes('chunks')) {
    const page = await contents.chunks(key, { limit: MAX_PAGE });
    parts.chunks = page.items.map(presentChunk);
    parts.chunks_next_cursor = page.nextCursor;
  }
  if (include.includes('transcript')) parts.transcript = presentTranscript(await allChunks(contents, key));
  return parts;
}

async function allChunks(contents: ContentService, key: ContentKey): Promise<readonly ChunkRow[]> {
  const chunks: ChunkRow[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MAX_TRANSCRIPT_PAGES; page += 1) {
    const { items, nextCursor } = await contents.chunks(key, {
      limit: MAX_PAGE,
      ...(cursor === null ? {} : { cursor }),
    });
    chunks.push(...items);
    if (nextCursor === null) break;
    cursor = nextCursor;
  }
  return chunks;
}
