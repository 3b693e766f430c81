import { tagsOf } from '../jobs/job-effects.ts';
import type { ContentRow, JobRow } from '../stores/records/entities.ts';
import type { SqlExecutor } from '../stores/records/record-store.ts';
import type { ContentVersion } from '../stores/vectors/vector-store.ts';
import type { ProcessedArtifact } from './artifacts.ts';
import type { ContentType } from './content-type.ts';
import type { JsonObject } from './model.ts';
import { saveFingerprint } from './duplicates.ts';
import { LLM_SOURCE } from './steps/describe.ts';
import { saveWords, type ContentWords } from './spelling/vocabulary.ts';
import type { KeptFiles } from './steps/kept-files.ts';

export interface ContentToSave {
  readonly type: ContentType;
  /** All types: a content that changes its type leaves the table of the former one. */
  readonly types: readonly ContentType[];
  readonly of: ContentVersion;
  readonly job: JobRow;
  readonly artifact: ProcessedArtifact;
  readonly files: KeptFiles;
  /** What misspelt words of a search may mean. */
  readonly words: ContentWords;
  readonly embeddingModel: string;
  /** Of the row that graph and vectors were written from; 0 when there was none. */
  readonly factsRevision: number;
  /** When the content is new; one that was there keeps its own. */
  readonly createdAt: Date;
  readonly now: Date;
}

/** Makes a version current: content, text, chunks and the type's own row. Older versions' rows go. */
export async function saveContent(sql: SqlExecutor, content: ContentToSave): Promise<void> {
  const { of, type, artifact } = content;
  await sql.query(UPSERT_CONTENT, [...contentValues(content), content.factsRevision]);
  const key = [of.userId, of.contentId];
  const formerTables = content.types.filter((other) => other !== type).map((other) => other.metadataTable);
  for (const table of ['content_texts', 'content_chunks', ...formerTables]) {
    await sql.query(`DELETE FROM ${table} WHERE user_id = $1 AND content_id = $2`, key);
  }
  await sql.query(
    `INSERT INTO content_texts (user_id, content_id, version, content_type, text, markdown) VALUES ($1, $2, $3, $4, $5, $6)`,
    [...key, of.version, type.type, artifact.processed.text, artifact.processed.markdown],
  );
  await sql.query(INSERT_CHUNKS, [...key, of.version, type.type, JSON.stringify(artifact.processed.chunks)]);
  await saveFingerprint(sql, of, artifact.processed.fingerprint);
  await type.saveMetadata(sql, of, artifact.extraction);
  // Last: other contents of the tenant wait for the counts until this transaction ends.
  await saveWords(sql, of, content.words);
}

/** Columns a person may have edited: those keep their value. */
const EDITABLE = ['title', 'authors', 'language', 'published_at', 'description', 'summary'] as const;

const COLUMNS = [
  'user_id',
  'content_id',
  'content_type',
  'version',
  'job_id',
  'url',
  'canonical_url',
  'title',
  'authors',
  'language',
  'published_at',
  'description',
  'site_name',
  'image_url',
  'summary',
  'keywords',
  'entities',
  'tags',
  'text_length',
  'word_count',
  'chunk_count',
  'page_count',
  'metadata',
  'type_metadata',
  'metadata_sources',
  'files',
  'warnings',
  'etag',
  'last_modified',
  'source_sha256',
  'embedding_model',
  'created_at',
  'updated_at',
] as const;

const KEPT_ON_UPDATE: ReadonlySet<string> = new Set(['user_id', 'content_id', 'created_at']);

/**
 * A run without tags of its own, such as a reprocessing, leaves those there are; a language model's never take the place
 * of a person's. Mirrored by `keepsTags`.
 */
const KEEPS_TAGS = `('tags' = ANY(c.edited_fields) OR EXCLUDED.tags = '{}' OR (
      EXCLUDED.metadata_sources ->> 'tags' IS NOT DISTINCT FROM '${LLM_SOURCE}'
      AND c.tags <> '{}' AND c.metadata_sources ->> 'tags' IS DISTINCT FROM '${LLM_SOURCE}'))`;

/** Graph and vectors show the row unless somebody edited it after they were written: `showFacts` is called then. */
const UPSERT_CONTENT = `
INSERT INTO contents AS c (${COLUMNS.join(', ')})
VALUES (${COLUMNS.map((_, index) => `$${index + 1}`).join(', ')})
ON CONFLICT (user_id, content_id) DO UPDATE SET
  ${COLUMNS.filter((column) => !KEPT_ON_UPDATE.has(column))
    .map(assignment)
    .join(',\n  ')},
  deleted_at = NULL,
  facts_revision = c.facts_revision + 1,
  shown_revision = CASE c.facts_revision WHEN $${COLUMNS.length + 1}::int THEN c.facts_revision + 1 ELSE c.shown_revision END`;

const INSERT_CHUNKS = `
INSERT INTO content_chunks (user_id, content_id, version, content_type, chunk_index, text, start_offset, end_offset, token_count, locator)
SELECT $1, $2, $3, $4, g."index", g.text, g.start, g."end", g."tokenCount", g.locator
  FROM jsonb_to_recordset($5::jsonb) AS g("index" int, text text, start int, "end" int, "tokenCount" int, locator jsonb)`;

function assignment(column: string): string {
  if (column === 'metadata') return 'metadata = c.metadata || EXCLUDED.metadata';
  if (column === 'tags') return `tags = CASE WHEN ${KEEPS_TAGS} THEN c.tags ELSE EXCLUDED.tags END`;
  if (column === 'metadata_sources') {
    return `metadata_sources = CASE WHEN ${KEEPS_TAGS}
    THEN (EXCLUDED.metadata_sources - 'tags') || jsonb_strip_nulls(jsonb_build_object('tags', c.metadata_sources -> 'tags'))
    ELSE EXCLUDED.metadata_sources END`;
  }
  if ((EDITABLE as readonly string[]).includes(column)) {
    return `${column} = CASE WHEN '${column}' = ANY(c.edited_fields) THEN c.${column} ELSE EXCLUDED.${column} END`;
  }
  return `${column} = EXCLUDED.${column}`;
}

function contentValues({
  of,
  type,
  job,
  artifact,
  files,
  embeddingModel,
  createdAt,
  now,
}: ContentToSave): unknown[] {
  const { source, extraction, processed } = artifact;
  const { metadata } = extraction;
  const values: Record<(typeof COLUMNS)[number], unknown> = {
    user_id: of.userId,
    content_id: of.contentId,
    content_type: type.type,
    version: of.version,
    job_id: job.job_id,
    url: job.url,
    canonical_url: metadata.canonicalUrl?.value ?? null,
    title: metadata.title?.value ?? source.file.fileName,
    authors: metadata.authors?.value ?? [],
    language: processed.language,
    published_at: metadata.publishedAt?.value ?? null,
    description: metadata.description?.value ?? null,
    site_name: metadata.siteName?.value ?? null,
    image_url: metadata.imageUrl?.value ?? null,
    summary: processed.summary,
    keywords: JSON.stringify(processed.keywords),
    entities: JSON.stringify(processed.entities),
    tags: newTags(job, artifact).tags,
    text_length: processed.text.length,
    word_count: processed.wordCount,
    chunk_count: processed.chunks.length,
    page_count: extraction.pageCount,
    metadata: JSON.stringify(job.metadata),
    type_metadata: JSON.stringify(extraction.typeMetadata),
    metadata_sources: JSON.stringify(sourcesOf(job, artifact)),
    files: JSON.stringify(files),
    warnings: JSON.stringify(extraction.warnings),
    etag: source.etag,
    last_modified: source.lastModified,
    source_sha256: source.file.sha256,
    embedding_model: embeddingModel,
    created_at: createdAt,
    updated_at: now,
  };
  return COLUMNS.map((column) => values[column]);
}

export interface CurrentFacts {
  readonly title: string | null;
  readonly authors: readonly string[];
  readonly language: string | null;
  readonly publishedAt: string | null;
  readonly tags: readonly string[];
}

/** What the content will show once this version is current: what a person edited wins. Mirrors the upsert. */
export function currentFacts(
  before: ContentRow | null,
  job: JobRow,
  artifact: ProcessedArtifact,
): CurrentFacts {
  const { metadata } = artifact.extraction;
  const edited = new Set(before?.edited_fields ?? []);
  const fresh = newTags(job, artifact);
  return {
    title:
      before && edited.has('title') ? before.title : (metadata.title?.value ?? artifact.source.file.fileName),
    authors: before && edited.has('authors') ? before.authors : (metadata.authors?.value ?? []),
    language: before && edited.has('language') ? before.language : artifact.processed.language,
    publishedAt:
      before && edited.has('published_at') ? before.published_at : (metadata.publishedAt?.value ?? null),
    tags: before !== null && keepsTags(before, fresh) ? before.tags : fresh.tags,
  };
}

interface NewTags {
  readonly tags: readonly string[];
  /** Null: a person's, or none. */
  readonly source: typeof LLM_SOURCE | null;
}

/** Whoever sent the job knows better than a language model. */
function newTags(job: JobRow, { described }: ProcessedArtifact): NewTags {
  const given = tagsOf(job.metadata);
  if (given.length > 0 || described === undefined || described.tags.length === 0)
    return { tags: given, source: null };
  return { tags: described.tags, source: LLM_SOURCE };
}

function keepsTags(before: ContentRow, { tags, source }: NewTags): boolean {
  if (before.edited_fields.includes('tags') || tags.length === 0) return true;
  return source !== null && before.tags.length > 0 && before.metadata_sources['tags'] !== LLM_SOURCE;
}

/** Which source each fact was read from. */
function sourcesOf(job: JobRow, artifact: ProcessedArtifact): JsonObject {
  const { metadata } = artifact.extraction;
  const entries = Object.entries(metadata) as [string, { readonly source: string } | null][];
  const { source } = newTags(job, artifact);
  return {
    ...Object.fromEntries(entries.flatMap(([field, fact]) => (fact ? [[field, fact.source]] : []))),
    ...(artifact.described === undefined ? {} : { summary: LLM_SOURCE }),
    ...(source === null ? {} : { tags: source }),
  };
}
