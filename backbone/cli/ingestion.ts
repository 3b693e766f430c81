import { AppError } from '../errors.ts';
import type { IngestCommand } from './arguments.ts';
import {
  ApiFailure,
  withFields,
  type BackboneClient,
  type BatchAnswer,
  type BatchItem,
  type ContentShape,
  type StreamMessage,
} from './client.ts';
import { followJob } from './job-follower.ts';
import { jobReport, refusedReport, type JobReport, type ReportedError } from './job-report.ts';
import type { JobProgress, Progress } from './progress.ts';
import type { Source } from './sources.ts';

/** A source, and what became of it. */
export interface Outcome {
  readonly source: Source;
  readonly report: JobReport;
  /** The content was there already, and is the same. */
  readonly isUnchanged: boolean;
}

export interface IngestionOptions {
  readonly client: BackboneClient;
  readonly command: IngestCommand;
  readonly sources: readonly Source[];
  readonly progress: Progress;
  readonly say: (line: string) => void;
  readonly pause: (ms: number) => Promise<void>;
  /** Raised when the person has waited enough: then the jobs are reported as they stand. */
  readonly signal: AbortSignal;
}

type Submitted = BatchAnswer['items'][number];

/** What one request may hold, and streams that are open at once; the API allows 1,000 and 50. */
const MAX_ITEMS = 1000;
const MAX_REQUEST_CHARACTERS = 2_000_000;
const STREAMS = 16;

/** Uploads, submits, and follows every job to its end. Outcomes come in the order of the sources. */
export async function ingestSources(options: IngestionOptions): Promise<readonly Outcome[]> {
  const { sources, progress, signal } = options;
  const items = await uploadAll(options);
  signal.throwIfAborted();
  const submitted = await submitAll(options.client, items);
  progress.begin(sources.map(({ name }) => name));
  try {
    await followAll(options, submitted);
  } finally {
    progress.end();
  }
  return outcomesOf(options, submitted);
}

/** The items of a batch in as few requests as the API allows. Pure. */
export function requestsOf(items: readonly (BatchItem | Refused)[]): readonly (readonly BatchItem[])[] {
  const requests: BatchItem[][] = [];
  let characters = 0;
  for (const item of items) {
    if ('refused' in item) continue;
    const size = JSON.stringify(item).length;
    const current = requests.at(-1);
    const fits =
      current !== undefined && current.length < MAX_ITEMS && characters + size <= MAX_REQUEST_CHARACTERS;
    characters = fits ? characters + size : size;
    if (fits) current.push(item);
    else requests.push([item]);
  }
  return requests;
}

/** A file that could not be uploaded for a reason of its own, such as its size. */
interface Refused {
  readonly refused: ApiFailure;
}

async function uploadAll(options: IngestionOptions): Promise<readonly (BatchItem | Refused)[]> {
  const items: (BatchItem | Refused)[] = [];
  for (const source of options.sources) items.push(await itemOf(source, options));
  return items;
}

async function itemOf(source: Source, options: IngestionOptions): Promise<BatchItem | Refused> {
  const { priority, force, metadata } = options.command;
  const named = source.kind === 'file' ? source.contentType : null;
  const contentType = named ?? options.command.contentType;
  const fields = {
    ...(priority === null ? {} : { priority }),
    ...(contentType === null ? {} : { content_type: contentType }),
    ...(force ? { if_exists: 'force' as const } : {}),
    metadata,
  };
  if (source.kind === 'url') return { url: source.url, ...fields };
  options.say(`Uploading ${source.name} ...`);
  try {
    const { upload_id } = await options.client.upload(
      { path: source.file, name: source.name },
      options.signal,
    );
    return { upload_id, ...fields };
  } catch (error) {
    if (error instanceof ApiFailure && (error.status === 413 || error.status === 422))
      return { refused: error };
    throw error;
  }
}

/** One batch, whatever the number of requests. Positions are those of `items`. */
async function submitAll(
  client: BackboneClient,
  items: readonly (BatchItem | Refused)[],
): Promise<readonly (Submitted | Refused)[]> {
  const requests = requestsOf(items);
  const answers: Submitted[] = [];
  let batchId: string | null = null;
  for (const [at, request] of requests.entries()) {
    const open = at < requests.length - 1;
    const answer: BatchAnswer = await client.submit({
      items: request,
      open,
      ...(batchId === null ? {} : { batch_id: batchId }),
    });
    batchId = answer.batch_id;
    answers.push(...answer.items);
  }
  const next = answers.values();
  return items.map((item) => {
    if ('refused' in item) return item;
    const { value } = next.next();
    if (value === undefined) throw new AppError('internal_error');
    return value;
  });
}

/** Several sources may be one content and so one job, which is followed once. */
async function followAll(
  { client, progress, signal, pause }: IngestionOptions,
  submitted: readonly (Submitted | Refused)[],
): Promise<void> {
  const positions = new Map<string, number[]>();
  for (const [position, item] of submitted.entries()) {
    const jobId = 'refused' in item ? null : item.job_id;
    if (jobId === null) progress.update(position, { status: 'failed', percent: 0, reason: null });
    else positions.set(jobId, [...(positions.get(jobId) ?? []), position]);
  }
  // One job that cannot be followed ends the wait for all of them.
  const broken = new AbortController();
  const options = { client, pause, signal: AbortSignal.any([signal, broken.signal]) };
  const waiting = positions.entries();
  const follow = async (): Promise<void> => {
    for (const [jobId, places] of waiting) {
      if (options.signal.aborted) return;
      const onUpdate = (message: StreamMessage): void => {
        for (const position of places) progress.update(position, progressOf(message));
      };
      await followJob(jobId, { ...options, onUpdate });
    }
  };
  const followers = Array.from({ length: STREAMS }, async () => {
    try {
      await follow();
    } catch (error) {
      broken.abort(error);
    }
  });
  await Promise.all(followers);
  if (!signal.aborted) broken.signal.throwIfAborted();
}

function progressOf({ status, progress, error }: StreamMessage): JobProgress {
  return { status, percent: progress, reason: status === 'retrying' ? (error?.message ?? null) : null };
}

async function outcomesOf(
  { client, sources }: IngestionOptions,
  submitted: readonly (Submitted | Refused)[],
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const [position, source] of sources.entries()) {
    const item = submitted[position];
    if (item !== undefined) outcomes.push(await outcomeOf(client, source, item));
  }
  return outcomes;
}

async function outcomeOf(
  client: BackboneClient,
  source: Source,
  item: Submitted | Refused,
): Promise<Outcome> {
  const url = source.kind === 'url' ? source.url : null;
  if ('refused' in item) return { source, report: refusedReport(url, item.refused), isUnchanged: false };
  if (item.job_id === null) {
    return { source, report: refusedReport(url, reasonOf(item)), isUnchanged: false };
  }
  const job = await client.status(item.job_id);
  const content =
    job.status === 'completed' ? await contentOf(client, job.content_type, job.content_id) : null;
  return { source, report: jobReport(job, content), isUnchanged: job.unchanged };
}

function reasonOf({ error }: Submitted): ReportedError {
  return error === null
    ? new AppError('internal_error')
    : { ...error, message: withFields(error.message, error.errors) };
}

/** Null when it was deleted meanwhile. */
async function contentOf(
  client: BackboneClient,
  contentType: string,
  contentId: string,
): Promise<ContentShape | null> {
  try {
    return await client.content(contentType, contentId);
  } catch (error) {
    if (error instanceof ApiFailure && error.status === 404) return null;
    throw error;
  }
}
