import type { BlobStore } from '../stores/blobs/blob-store.ts';
import type { GraphStore } from '../stores/graph/graph-store.ts';
import type { StoredFile } from '../stores/records/entities.ts';
import type { RecordStore } from '../stores/records/record-store.ts';
import type { ContentVersion, VectorStore } from '../stores/vectors/vector-store.ts';
import { REPROCESS_PREFIX, WORK_PREFIX, workPrefix } from './artifacts.ts';
import type { TypeRegistry } from './content-types.ts';
import { UPLOAD_PREFIX } from './uploads.ts';

export interface SweeperOptions {
  readonly records: RecordStore;
  readonly vectors: VectorStore;
  readonly graph: GraphStore;
  readonly blobs: BlobStore;
  readonly types: TypeRegistry;
  readonly now: () => Date;
}

export interface Swept {
  readonly vectorVersions: number;
  readonly graphVersions: number;
  readonly files: number;
  readonly uploads: number;
}

const PAGE = 200;
const HOUR_MS = 60 * 60 * 1000;
/** A file younger than this may belong to a write whose transaction is still to come. */
const YOUNGEST_ORPHAN_MS = HOUR_MS;
/** How long the artifacts of failed and cancelled jobs are kept for a manual retry. */
const KEEP_WORK_DAYS = 7;

/** Removes what a crash or a cancelled job left behind: what no record points to any more. */
export class Sweeper {
  readonly #options: SweeperOptions;

  constructor(options: SweeperOptions) {
    this.#options = options;
  }

  async run(signal: AbortSignal): Promise<Swept> {
    const { vectors, graph } = this.#options;
    return {
      vectorVersions: await this.#orphanVersions(
        vectors.versions(),
        (of) => vectors.deleteVersion(of),
        signal,
      ),
      graphVersions: await this.#orphanVersions(graph.versions(), (of) => graph.deleteVersion(of), signal),
      files: (await this.#orphanFiles(signal)) + (await this.#oldWork(signal)),
      uploads: (await this.#expiredUploads()) + (await this.#lostUploads(signal)),
    };
  }

  async #orphanVersions(
    versions: AsyncIterable<ContentVersion>,
    remove: (of: ContentVersion) => Promise<unknown>,
    signal: AbortSignal,
  ): Promise<number> {
    let removed = 0;
    for await (const page of pagesOf(versions, PAGE)) {
      if (signal.aborted) return removed;
      for (const orphan of await this.#unreferenced(page)) {
        await remove(orphan);
        removed += 1;
      }
    }
    return removed;
  }

  /** Versions that are neither current nor being written. */
  async #unreferenced(page: readonly ContentVersion[]): Promise<readonly ContentVersion[]> {
    const rows = await this.#options.records.query<{ position: number }>(
      `SELECT v.position::int AS position
         FROM unnest($1::text[], $2::text[], $3::int[]) WITH ORDINALITY AS v(user_id, content_id, version, position)
        WHERE NOT EXISTS (SELECT 1 FROM contents c WHERE c.user_id = v.user_id AND c.content_id = v.content_id AND c.version = v.version)
          AND NOT EXISTS (SELECT 1 FROM processing_jobs j
                           WHERE j.user_id = v.user_id AND j.content_id = v.content_id AND j.stage_state <> 'ended')`,
      [page.map((of) => of.userId), page.map((of) => of.contentId), page.map((of) => of.version)],
    );
    return rows.flatMap((row) => page[row.position - 1] ?? []);
  }

  async #orphanFiles(signal: AbortSignal): Promise<number> {
    const { blobs, types, now } = this.#options;
    const newest = now().getTime() - YOUNGEST_ORPHAN_MS;
    let removed = 0;
    for (const type of types.all) {
      for await (const page of pagesOf(blobs.list(type.blobPrefix), PAGE)) {
        if (signal.aborted) return removed;
        const old = page.filter((blob) => blob.modifiedAt.getTime() < newest).map((blob) => blob.key);
        for (const key of await this.#unreferencedFiles(type.blobPrefix, old)) {
          if (await blobs.delete(key)) removed += 1;
        }
      }
    }
    return removed;
  }

  async #unreferencedFiles(prefix: string, keys: readonly string[]): Promise<readonly string[]> {
    const owners = keys.map((key) => key.slice(prefix.length).split('/', 2));
    const rows = await this.#options.records.query<{
      key: string;
      files: Record<string, StoredFile> | null;
      busy: boolean;
    }>(
      `SELECT f.key, c.files, EXISTS (
                SELECT 1 FROM processing_jobs j WHERE j.user_id = f.user_id AND j.content_id = f.content_id AND j.stage_state <> 'ended') AS busy
         FROM unnest($1::text[], $2::text[], $3::text[]) AS f(key, user_id, content_id)
         LEFT JOIN contents c ON c.user_id = f.user_id AND c.content_id = f.content_id`,
      [keys, owners.map(([userId]) => userId ?? ''), owners.map(([, contentId]) => contentId ?? '')],
    );
    return rows
      .filter((row) => !row.busy && !Object.values(row.files ?? {}).some((file) => file.key === row.key))
      .map((row) => row.key);
  }

  /**
   * Artifacts of jobs that completed, or ended long ago. A job without its artifacts starts anew when retried.
   * The files say what there is: a crash leaves some that no record names.
   */
  async #oldWork(signal: AbortSignal): Promise<number> {
    const { records, blobs, types } = this.#options;
    let removed = 0;
    for await (const page of pagesOf(blobs.list(WORK_PREFIX), PAGE)) {
      if (signal.aborted) return removed;
      const jobIds = page.map((blob) => blob.key.slice(WORK_PREFIX.length).split('/', 1)[0] ?? '');
      for (const { job_id, content_type } of await this.#endedLongAgo([...new Set(jobIds)])) {
        removed += await blobs.deletePrefix(workPrefix(job_id));
        await records.query(
          `UPDATE processing_jobs SET input_key = NULL, current_stage = CASE status WHEN 'completed' THEN current_stage ELSE $2 END
            WHERE job_id = $1`,
          [job_id, types.find(content_type)?.stages[0] ?? 'download'],
        );
      }
    }
    return removed + (await this.#oldReprocessInputs(signal));
  }

  async #endedLongAgo(
    jobIds: readonly string[],
  ): Promise<readonly { readonly job_id: string; readonly content_type: string }[]> {
    return this.#options.records.query(
      `SELECT job_id, content_type FROM processing_jobs
        WHERE job_id = ANY($1::text[]) AND stage_state = 'ended'
          AND (status = 'completed' OR completed_at < now() - $2 * interval '1 day')`,
      [jobIds, KEEP_WORK_DAYS],
    );
  }

  /** Whatever reprocessing had its input written and no job, or a job that no longer needs it. */
  async #oldReprocessInputs(signal: AbortSignal): Promise<number> {
    const { blobs, now } = this.#options;
    const newest = now().getTime() - YOUNGEST_ORPHAN_MS;
    let removed = 0;
    for await (const page of pagesOf(blobs.list(REPROCESS_PREFIX), PAGE)) {
      if (signal.aborted) return removed;
      const old = page.filter((blob) => blob.modifiedAt.getTime() < newest).map((blob) => blob.key);
      const needed = await this.#inputsOfJobs(old);
      for (const key of old) if (!needed.has(key) && (await blobs.delete(key))) removed += 1;
    }
    return removed;
  }

  /** Of these keys those that a job starts from, or would when retried. */
  async #inputsOfJobs(keys: readonly string[]): Promise<ReadonlySet<string>> {
    const owners = keys.map((key) => key.slice(REPROCESS_PREFIX.length).split('/', 2));
    const rows = await this.#options.records.query<{ key: string }>(
      `SELECT f.key FROM unnest($1::text[], $2::text[], $3::text[]) AS f(key, user_id, content_id)
        WHERE EXISTS (SELECT 1 FROM processing_jobs j
                       WHERE j.user_id = f.user_id AND j.content_id = f.content_id AND j.input_key = f.key
                         AND (j.stage_state <> 'ended' OR (j.status <> 'completed' AND j.completed_at > now() - $4 * interval '1 day')))`,
      [
        keys,
        owners.map(([userId]) => userId ?? ''),
        owners.map(([, contentId]) => contentId ?? ''),
        KEEP_WORK_DAYS,
      ],
    );
    return new Set(rows.map((row) => row.key));
  }

  async #expiredUploads(): Promise<number> {
    const { records, blobs } = this.#options;
    const rows = await records.query<{ upload_id: string; blob_key: string }>(
      `SELECT upload_id, blob_key FROM uploads u
        WHERE expires_at < now() AND NOT EXISTS (
          SELECT 1 FROM processing_jobs j WHERE j.job_id = u.job_id
             AND (j.stage_state <> 'ended' OR (j.status <> 'completed' AND j.completed_at > now() - $1 * interval '1 day')))
        LIMIT $2`,
      [KEEP_WORK_DAYS, PAGE],
    );
    for (const row of rows) {
      await blobs.delete(row.blob_key);
      await records.query('DELETE FROM uploads WHERE upload_id = $1', [row.upload_id]);
    }
    return rows.length;
  }

  /** Files whose upload was cut short before it was recorded: nobody knows their ids. */
  async #lostUploads(signal: AbortSignal): Promise<number> {
    const { records, blobs, now } = this.#options;
    const newest = now().getTime() - YOUNGEST_ORPHAN_MS;
    let removed = 0;
    for await (const page of pagesOf(blobs.list(UPLOAD_PREFIX), PAGE)) {
      if (signal.aborted) return removed;
      const old = page.filter((blob) => blob.modifiedAt.getTime() < newest).map((blob) => blob.key);
      const lost = await records.query<{ key: string }>(
        `SELECT f.key FROM unnest($1::text[]) AS f(key)
          WHERE NOT EXISTS (SELECT 1 FROM uploads u WHERE u.blob_key = f.key)`,
        [old],
      );
      for (const { key } of lost) if (await blobs.delete(key)) removed += 1;
    }
    return removed;
  }
}

async function* pagesOf<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<readonly T[]> {
  let page: T[] = [];
  for await (const item of items) {
    page.push(item);
    if (page.length < size) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}
