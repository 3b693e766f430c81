import type { Accepted } from '../api/services/submission.ts';
import type { Crash } from '../crash-points.ts';
import { AppError } from '../errors.ts';
import type { JobManager } from '../jobs/job-manager.ts';
import { REPROCESS_PRIORITY } from '../pipeline/lanes.ts';
import type { BlobStore } from '../stores/blobs/blob-store.ts';
import type { ContentRow } from '../stores/records/entities.ts';
import { reprocessPrefix, type SourceArtifact } from './artifacts.ts';
import { lastingOptions } from './job-options.ts';
import type { JsonObject } from './model.ts';
import { describeMediaType } from './parsing/media-type-descriptions.ts';

export interface ReprocessingOptions {
  readonly blobs: BlobStore;
  readonly jobs: Pick<JobManager, 'start' | 'get'>;
  readonly newId: () => string;
  readonly crash: Crash;
}

/** Another run over a content that is stored: from its file, or fetched anew. */
export class Reprocessing {
  readonly #options: ReprocessingOptions;

  constructor(options: ReprocessingOptions) {
    this.#options = options;
  }

  /** @throws AppError no_stored_file, conflict */
  async start(
    content: ContentRow,
    { force, traceparent }: { readonly force: boolean; readonly traceparent: string | null },
  ): Promise<Accepted> {
    const common = {
      jobId: '',
      contentId: content.content_id,
      contentType: content.content_type,
      url: content.url,
      priority: REPROCESS_PRIORITY,
      metadata: {},
      options: await this.#lastingOptions(content),
      ifExists: 'force',
      callbackUrl: null,
    } as const;
    const submit = { userId: content.user_id, traceparent };
    if (force && content.url !== null) {
      const source = { kind: 'url', url: content.url } as const;
      const plan = { ...common, typeGiven: false, source, stage: 'download', inputKey: null } as const;
      return this.#options.jobs.start(plan, submit);
    }
    const inputKey = await this.#storedSource(content);
    const plan = {
      ...common,
      typeGiven: true,
      source: { kind: 'stored' },
      stage: 'extract',
      inputKey,
    } as const;
    return this.#options.jobs.start(plan, submit);
  }

  /** Whoever kept a content from the language model did so for good, until it is sent anew without saying so. */
  async #lastingOptions({ user_id: userId, job_id: jobId }: ContentRow): Promise<JsonObject> {
    const { job } = await this.#options.jobs.get(userId, jobId);
    return lastingOptions(job.options);
  }

  /** What `download` would have handed on. */
  async #storedSource(content: ContentRow): Promise<string> {
    const file = content.files.original;
    if (!file || (await this.#options.blobs.stat(file.key)) === null) throw new AppError('no_stored_file');
    const { thumbnail, captions } = content.files;
    const artifact: SourceArtifact = {
      file,
      ...(thumbnail === undefined ? {} : { thumbnail }),
      ...(captions === undefined ? {} : { captions }),
      description: describeMediaType(file.mediaType),
      declaredCharset: null,
      finalUrl: content.url,
      etag: content.etag,
      lastModified: content.last_modified,
    };
    const key = `${reprocessPrefix(content.user_id, content.content_id)}${this.#options.newId()}.json`;
    await this.#options.blobs.put(key, JSON.stringify(artifact), { mediaType: 'application/json' });
    this.#options.crash('reprocess_after_input');
    return key;
  }
}
