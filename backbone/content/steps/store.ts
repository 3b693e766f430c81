import { setImmediate } from 'node:timers/promises';
import { AppError } from '../../errors.ts';
import type { ContentRow, StoredFile } from '../../stores/records/entities.ts';
import type { SqlExecutor } from '../../stores/records/record-store.ts';
import type { ChunkPoint, ContentVersion, PointPayload } from '../../stores/vectors/vector-store.ts';
import { workPrefix, type EmbeddedArtifact, type ProcessedArtifact } from '../artifacts.ts';
import type { ManagerPorts, StageContext, StageResult } from '../content-manager.ts';
import { durationOf, showFacts } from '../content-facts.ts';
import { currentFacts, saveContent, type CurrentFacts } from '../content-writer.ts';
import type { ContentType } from '../content-type.ts';
import { expansionOf } from '../expansion.ts';
import { publicationInstant } from '../publication-instant.ts';
import { siteOf } from '../site-of.ts';
import { wordsOfPassages } from '../spelling/vocabulary.ts';
import { attachedJobs } from './attachments.ts';
import { unpackVectors } from './embed.ts';
import { keepFiles, type KeptFiles } from './kept-files.ts';
import { passageTerms } from './terms.ts';

/** Chunks whose terms are counted before others get their turn on the event loop: some ten milliseconds. */
const CHUNKS_A_TURN = 32;

/**
 * Blobs, then vectors and graph under a new version, then the records, which make the version current in
 * the transaction that completes the job. Until then no reader sees any of it.
 */
export async function store(
  type: ContentType,
  ports: ManagerPorts,
  context: StageContext,
): Promise<StageResult> {
  const embedded = context.input as EmbeddedArtifact;
  const artifact = JSON.parse(
    (await ports.blobs.readAll(embedded.processedKey)).toString('utf8'),
  ) as ProcessedArtifact;
  const { job, signal } = context;
  const version = await allocateVersion(ports, job.user_id, job.content_id, runOf(job.job_id, artifact));
  const of: ContentVersion = { userId: job.user_id, contentId: job.content_id, version };
  const before = await storedContent(ports, of);

  const createdAt = before?.created_at ?? ports.now();
  const facts = currentFacts(before, job, artifact);
  const files = await keepFiles(type, ports, of, artifact);
  ports.crash('store_after_blobs');
  context.progress(0.2);
  await writeVectors(
    ports,
    of,
    payloadOf(type, job.url, facts, createdAt, artifact),
    artifact,
    embedded,
    signal,
  );
  ports.crash('store_after_vectors');
  context.progress(0.7);
  await writeGraph(type, ports, of, facts, artifact);
  ports.crash('store_after_graph');
  const { chunks, language } = artifact.processed;
  const words = await wordsOfPassages(
    chunks.map((chunk) => chunk.embeddingText),
    language,
  );
  context.progress(0.9);

  const commit = async (sql: SqlExecutor): Promise<void> => {
    await saveContent(sql, {
      type,
      types: ports.types.all,
      of,
      job,
      artifact,
      files,
      words,
      embeddingModel: ports.embedder.model,
      factsRevision: before?.facts_revision ?? 0,
      createdAt,
      now: ports.now(),
    });
    // Whoever sees the job completed must not get the former version from the cache.
    await ports.purgeCache(of.userId, of.contentId);
  };
  return stageEnd(type, ports, context, {
    artifact,
    original: files.original,
    commit,
    afterCommit: () => clearFormer(ports, of, before, files),
  });
}

interface StoredVersion {
  readonly original: StoredFile;
  readonly artifact: ProcessedArtifact;
  readonly commit: (sql: SqlExecutor) => Promise<void>;
  readonly afterCommit: () => Promise<void>;
}

/** The job is complete, or fails after all at the stage that could not do its part. */
async function stageEnd(
  type: ContentType,
  ports: ManagerPorts,
  context: StageContext,
  { original, artifact, commit, afterCommit }: StoredVersion,
): Promise<StageResult> {
  if (artifact.unfinished !== undefined) {
    const { stage, inputKey, code } = artifact.unfinished;
    return { kind: 'unfinished', error: new AppError(code), stage, inputKey, commit, afterCommit };
  }
  const { job } = context;
  const listed = expansionOf(type, job.options, {
    typeMetadata: artifact.extraction.typeMetadata,
    hasType: (name) => ports.types.find(name) !== null,
  });
  return {
    kind: 'completed',
    warnings: [],
    expansion: listed ?? (await attachedJobs(type, ports, context, original)),
    commit,
    afterCommit: async () => {
      await afterCommit();
      await ports.blobs.deletePrefix(workPrefix(job.job_id));
    },
  };
}

/** The rest of an unfinished job comes as a version of its own: readers see this one meanwhile. */
function runOf(jobId: string, { unfinished }: ProcessedArtifact): string {
  return unfinished === undefined ? jobId : `${jobId}/${unfinished.stage}`;
}

/** The same job gets the same version again; every other job gets a new one, also after a deletion. */
async function allocateVersion(
  ports: ManagerPorts,
  userId: string,
  contentId: string,
  jobId: string,
): Promise<number> {
  const [row] = await ports.records.query<{ last_version: number }>(
    `INSERT INTO content_versions AS v (user_id, content_id, last_version, last_job_id) VALUES ($1, $2, 1, $3)
     ON CONFLICT (user_id, content_id) DO UPDATE
        SET last_version = CASE v.last_job_id WHEN EXCLUDED.last_job_id THEN v.last_version ELSE v.last_version + 1 END,
            last_job_id = EXCLUDED.last_job_id
     RETURNING last_version`,
    [userId, contentId, jobId],
  );
  if (!row) throw new Error('No version was allocated');
  return row.last_version;
}

async function storedContent(ports: ManagerPorts, of: ContentVersion): Promise<ContentRow | null> {
  const [row] = await ports.records.query<ContentRow>(
    'SELECT * FROM contents WHERE user_id = $1 AND content_id = $2',
    [of.userId, of.contentId],
  );
  return row ?? null;
}

async function writeVectors(
  ports: ManagerPorts,
  of: ContentVersion,
  payload: PointPayload,
  artifact: ProcessedArtifact,
  embedded: EmbeddedArtifact,
  signal: AbortSignal,
): Promise<void> {
  const { chunks, language } = artifact.processed;
  const vectors = await vectorsOf(ports, artifact, embedded, signal);
  const points: ChunkPoint[] = [];
  for (const [index, chunk] of chunks.entries()) {
    if (index % CHUNKS_A_TURN === 0) await setImmediate();
    points.push({
      chunkIndex: chunk.index,
      vector: vectors[index] ?? new Float32Array(ports.embedder.dimensions),
      terms: passageTerms(chunk.embeddingText, language),
    });
  }
  await ports.vectors.upsert(of, payload, points);
}

/** The model may have been changed since the stage before. */
async function vectorsOf(
  { blobs, embedder }: ManagerPorts,
  { processed: { chunks } }: ProcessedArtifact,
  embedded: EmbeddedArtifact,
  signal: AbortSignal,
): Promise<Float32Array[]> {
  if (embedded.model === embedder.model)
    return unpackVectors(await blobs.readAll(embedded.vectorsKey), chunks.length, embedded.dimensions);
  const texts = chunks.map((chunk) => chunk.embeddingText);
  return embedder.embed(texts, { kind: 'passage', signal });
}

function payloadOf(
  type: ContentType,
  url: string | null,
  facts: CurrentFacts,
  createdAt: Date,
  { extraction }: ProcessedArtifact,
): PointPayload {
  const { language, tags, authors, publishedAt } = facts;
  return {
    contentType: type.type,
    language,
    tags,
    authors,
    publishedAt: publicationInstant(publishedAt),
    createdAt: createdAt.toISOString(),
    site: siteOf(url),
    pages: extraction.pageCount,
    durationSeconds: durationOf(extraction.typeMetadata),
  };
}

async function writeGraph(
  type: ContentType,
  ports: ManagerPorts,
  of: ContentVersion,
  facts: CurrentFacts,
  { source, extraction, links, processed }: ProcessedArtifact,
): Promise<void> {
  await ports.graph.merge({
    ...of,
    contentType: type.type,
    title: facts.title,
    url: source.finalUrl,
    authors: facts.authors,
    siteName: extraction.metadata.siteName?.value ?? null,
    entities: processed.entities,
    keywords: processed.keywords,
    linksTo: await knownTargets(ports, of, links),
    ...(type.paperGraph === undefined ? {} : { paper: type.paperGraph(extraction.typeMetadata) }),
  });
}

/** Contents of the same tenant that the links lead to. */
async function knownTargets(
  ports: ManagerPorts,
  of: ContentVersion,
  links: readonly string[],
): Promise<string[]> {
  const ids = links.flatMap((link) => {
    if (!URL.canParse(link)) return [];
    const url = new URL(link);
    return /^https?:$/.test(url.protocol) ? [ports.types.forUrl(url).identify({ kind: 'url', url })] : [];
  });
  if (ids.length === 0) return [];
  const rows = await ports.records.query<{ content_id: string }>(
    'SELECT content_id FROM contents WHERE user_id = $1 AND content_id = ANY($2::text[]) AND content_id <> $3 AND deleted_at IS NULL',
    [of.userId, ids, of.contentId],
  );
  return rows.map((row) => row.content_id);
}

async function clearFormer(
  ports: ManagerPorts,
  of: ContentVersion,
  before: ContentRow | null,
  files: KeptFiles,
): Promise<void> {
  await ports.purgeCache(of.userId, of.contentId);
  await showFacts(ports, of);
  await ports.vectors.deleteContent(of, { except: of.version });
  await ports.graph.deleteContent(of, { except: of.version });
  const kept = new Set(Object.values(files).map((file: StoredFile) => file.key));
  for (const file of Object.values(before?.files ?? {}) as StoredFile[]) {
    if (!kept.has(file.key)) await ports.blobs.delete(file.key);
  }
}
