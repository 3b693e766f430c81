import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Services } from '../../backbone/api/services.ts';
import type { JobDetail } from '../../backbone/api/services/job-service.ts';
import type { Accepted, Rejected, Submission } from '../../backbone/api/services/submission.ts';
import { createApp, type App } from '../../backbone/app.ts';
import { readConfig } from '../../backbone/config.ts';
import { CONTENT_TYPES } from '../../backbone/content/content-types.ts';
import type { ContentType } from '../../backbone/content/content-type.ts';
import { isTerminal } from '../../backbone/jobs/job.ts';
import { createLogger } from '../../backbone/logger.ts';
import { newDataFolder } from './data-folder.ts';

export const TENANT = 'default';

export interface TestBackbone {
  readonly app: App;
  readonly url: string;
  readonly key: string;
  readonly services: Services;
  readonly dataDir: string;
  /** Log lines, parsed. */
  readonly logs: readonly Readonly<Record<string, unknown>>[];
  /** Stops it and leaves its data folder. */
  stop(): Promise<void>;
  /** Stops it and removes its data folder. */
  remove(): Promise<void>;
}

export interface TestBackboneOptions {
  readonly types?: readonly ContentType[];
  readonly env?: Readonly<Record<string, string>>;
  /** A folder that is there already. */
  readonly dataDir?: string;
}

/** A whole embedded backbone with its API on a free port of loopback. Retries are quick. */
export async function startBackbone(options: TestBackboneOptions = {}): Promise<TestBackbone> {
  const dataDir = options.dataDir ?? (await newDataFolder());
  const config = readConfig({
    DATA_DIR: dataDir,
    PORT: '0',
    FETCH_ALLOW_PRIVATE: '127.0.0.0/8',
    // Each thread loads the parsers anew: one is enough for files this small.
    PARSER_THREADS: '1',
    RETRY_BASE_MS: '10',
    STOP_SECONDS: '5',
    ...options.env,
  });
  const logs: Readonly<Record<string, unknown>>[] = [];
  const destination = {
    write: (line: string) => void logs.push(JSON.parse(line) as Record<string, unknown>),
  };
  const app = createApp(config, {
    types: [...CONTENT_TYPES, ...(options.types ?? [])],
    logger: createLogger({ level: 'info', destination }),
  });
  const { url, services } = await app.start();
  const key = (await readFile(path.join(dataDir, 'api-key'), 'utf8')).trim();
  return {
    app,
    url,
    key,
    services,
    dataDir,
    logs,
    stop: () => app.stop(),
    remove: async () => {
      await app.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export function submission(fields: Partial<Submission>): Submission {
  return {
    url: null,
    uploadId: null,
    contentType: null,
    priority: 5,
    metadata: {},
    options: {},
    ifExists: 'refresh',
    callbackUrl: null,
    ...fields,
  };
}

/** Submits one thing and answers what was accepted. */
export async function submit(
  services: Services,
  fields: Partial<Submission>,
  userId = TENANT,
): Promise<Accepted> {
  const result = await services.jobs.submit(submission(fields), { userId, traceparent: null });
  if (result.kind !== 'accepted') throw new Error('The answer was a repeated one');
  return accepted(result.items[0]);
}

export function accepted(item: Accepted | Rejected | undefined): Accepted {
  if (!item || 'error' in item) throw new Error(`Not accepted: ${item?.error.message ?? 'nothing'}`);
  return item;
}

/** Resolves when the job is in a state that the check accepts. */
export async function jobWhen(
  services: Services,
  jobId: string,
  check: (detail: JobDetail) => boolean,
  userId = TENANT,
): Promise<JobDetail> {
  const { promise, resolve, reject } = Promise.withResolvers<JobDetail>();
  const look = (): void => {
    services.jobs.get(userId, jobId).then((detail) => {
      if (check(detail)) resolve(detail);
    }, reject);
  };
  const watching = await services.jobs.watch(jobId, look);
  look();
  try {
    return await promise;
  } finally {
    await watching.unsubscribe();
  }
}

/** Resolves when the job has ended. */
export function ended(services: Services, jobId: string | null, userId = TENANT): Promise<JobDetail> {
  if (jobId === null) throw new Error('No job was started');
  return jobWhen(services, jobId, ({ job }) => isTerminal(job.status), userId);
}

/** Submits and waits for the end. */
export async function ingest(
  services: Services,
  fields: Partial<Submission>,
  userId = TENANT,
): Promise<JobDetail> {
  return ended(services, (await submit(services, fields, userId)).jobId, userId);
}

/** Uploads a file, submits it and waits for the end. */
export async function ingestFile(
  { url, key, services }: TestBackbone,
  file: Uint8Array,
  fileName: string,
): Promise<JobDetail> {
  const stored = await fetch(`${url}/api/content/uploads?file_name=${encodeURIComponent(fileName)}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: Buffer.from(file),
  });
  const { upload_id: uploadId } = (await stored.json()) as { upload_id: string };
  return ingest(services, { uploadId });
}
