import type { ContentRow } from '../stores/records/entities.ts';
import { presentLocator, presentTime, presentTimeOrNull } from './presenters.ts';
import type { ChunkShape, ContentDetailShape, ContentShape, ReceiptShape } from './schemas/contents.ts';
import type { SearchAnswer } from './schemas/search.ts';
import type { ChunkRow, DeletionReceipt, DuplicateRow, RelatedRow } from './services/content-service.ts';
import type { SearchResult } from './services/search-service.ts';

/* Rows of contents become what callers see. Pure. Keys of blobs, tenants and caching headers stay inside. */

export function presentContent(row: ContentRow): ContentShape {
  return {
    content_id: row.content_id,
    content_type: row.content_type,
    url: row.url,
    canonical_url: row.canonical_url,
    title: row.title,
    authors: [...row.authors],
    language: row.language,
    published_at: row.published_at,
    description: row.description,
    site_name: row.site_name,
    image_url: row.image_url,
    summary: row.summary,
    keywords: row.keywords.map(({ term, score }) => ({ term, score })),
    entities: row.entities.map(({ name, type, aliases, count }) => ({
      name,
      type,
      aliases: [...aliases],
      count,
    })),
    tags: [...row.tags],
    text_length: row.text_length,
    word_count: row.word_count,
    chunk_count: row.chunk_count,
    page_count: row.page_count,
    version: row.version,
    metadata: row.metadata,
    type_metadata: row.type_metadata,
    metadata_sources: presentSources(row),
    files: { original: presentOriginal(row) },
    warnings: row.warnings.map(({ code, message }) => ({ code, message })),
    created_at: presentTime(row.created_at),
    updated_at: presentTime(row.updated_at),
    deleted_at: presentTimeOrNull(row.deleted_at),
    job_id: row.job_id,
  };
}

function presentSources({
  metadata_sources: sources,
  edited_fields: edited,
}: ContentRow): ContentShape['metadata_sources'] {
  const read = Object.entries(sources).flatMap(([field, source]) =>
    typeof source === 'string' ? [[fieldName(field), source] as const] : [],
  );
  return Object.fromEntries([...read, ...edited.map((field) => [field, 'person'] as const)]);
}

/** Facts are stored under the names they have in the code. */
function fieldName(fact: string): string {
  return fact.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function presentOriginal(row: ContentRow): ContentShape['files']['original'] {
  const { original } = row.files;
  if (original === undefined) return null;
  return {
    media_type: original.mediaType,
    size_bytes: original.sizeBytes,
    sha256: original.sha256,
    file_name: original.fileName,
    href: `/api/content/${encodeURIComponent(row.content_type)}/${encodeURIComponent(row.content_id)}/file`,
  };
}

export function presentChunk(chunk: ChunkRow): ChunkShape {
  return {
    chunk_id: chunk.chunkId,
    index: chunk.index,
    text: chunk.text,
    start: chunk.start,
    end: chunk.end,
    token_count: chunk.tokenCount,
    locator: presentLocator(chunk.locator),
  };
}

/** The chunks that carry a timecode, or null when none does. */
export function presentTranscript(chunks: readonly ChunkRow[]): ContentDetailShape['transcript'] {
  const passages = chunks.flatMap(({ text, locator }) =>
    locator.startSeconds === undefined
      ? []
      : [
          {
            start_seconds: locator.startSeconds,
            end_seconds: locator.endSeconds ?? null,
            speaker: locator.speaker ?? null,
            text,
          },
        ],
  );
  return passages.length === 0 ? null : passages;
}

export function presentReceipt(receipt: DeletionReceipt): ReceiptShape {
  return {
    deletion_id: receipt.deletionId,
    requested_at: presentTime(receipt.requestedAt),
    completed_at: presentTimeOrNull(receipt.completedAt),
    steps: receipt.steps.map(({ store, status, removed, error }) => ({ store, status, removed, error })),
  };
}

export interface RelatedShape {
  readonly content_id: string;
  readonly content_type: string;
  readonly title: string | null;
  readonly url: string | null;
  readonly score: number;
  readonly reasons: readonly { readonly kind: string; readonly name: string }[];
}

export function presentRelated(related: RelatedRow): RelatedShape {
  return {
    content_id: related.contentId,
    content_type: related.contentType,
    title: related.title,
    url: related.url,
    score: related.score,
    reasons: related.reasons.map(({ kind, name }) => ({ kind, name })),
  };
}

export interface DuplicateShape {
  readonly content_id: string;
  readonly content_type: string;
  readonly title: string | null;
  readonly url: string | null;
  readonly similarity: number;
}

export function presentDuplicate(duplicate: DuplicateRow): DuplicateShape {
  const { contentId, contentType, title, url, similarity } = duplicate;
  return { content_id: contentId, content_type: contentType, title, url, similarity };
}

export function presentSearch(query: string, tookMs: number, result: SearchResult): SearchAnswer {
  return {
    query,
    total: result.total,
    took_ms: Math.round(tookMs),
    hits: result.hits.map((hit) => ({
      content_id: hit.contentId,
      content_type: hit.contentType,
      title: hit.title,
      url: hit.url,
      chunk_id: hit.chunkId,
      text: hit.text,
      highlights: hit.highlights.map(({ start, end }) => ({ start, end })),
      score: hit.score,
      locator: presentLocator(hit.locator),
      link: hit.link,
    })),
    facets: Object.fromEntries(Object.entries(result.facets).map(([name, counts]) => [name, { ...counts }])),
    corrections: result.corrections.map(({ from, to }) => ({ from, to })),
  };
}
