import type { ContentShape, JobStatusShape } from './client.ts';

export interface ReportedError {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

export interface StageReport {
  readonly stage: string;
  readonly status: string;
  readonly attempts: number;
  /** Of all attempts; null before the first. */
  readonly seconds: number | null;
}

/** What became of one source; `--json` prints exactly this. Null where it is not known or does not apply. */
export interface JobReport {
  readonly job_id: string | null;
  readonly content_id: string | null;
  readonly content_type: string | null;
  readonly url: string | null;
  readonly status: string;
  readonly error: ReportedError | null;
  readonly title: string | null;
  readonly pages: number | null;
  readonly words: number | null;
  readonly chunks: number | null;
  /** From the start of the work to its end. */
  readonly seconds: number | null;
  readonly stages: readonly StageReport[];
}

/** A source that the backbone refused: there is no job. */
export function refusedReport(url: string | null, { code, message, hint }: ReportedError): JobReport {
  return {
    job_id: null,
    content_id: null,
    content_type: null,
    url,
    status: 'failed',
    error: { code, message, hint },
    title: null,
    pages: null,
    words: null,
    chunks: null,
    seconds: null,
    stages: [],
  };
}

/** Content is null unless the job has completed and its content still exists. */
export function jobReport(job: JobStatusShape, content: ContentShape | null): JobReport {
  return {
    job_id: job.job_id,
    content_id: job.content_id,
    content_type: job.content_type,
    url: job.url,
    status: job.status,
    error: job.error === null ? null : errorOf(job.error),
    title: content?.title ?? null,
    pages: content?.page_count ?? null,
    words: content?.word_count ?? null,
    chunks: content?.chunk_count ?? null,
    seconds: secondsBetween(job.started_at, job.completed_at),
    stages: job.stages.map(({ stage, status, attempts, seconds }) => ({ stage, status, attempts, seconds })),
  };
}

function errorOf({ code, message, hint }: ReportedError): ReportedError {
  return { code, message, hint };
}

function secondsBetween(from: string | null, to: string | null): number | null {
  return from === null || to === null ? null : (Date.parse(to) - Date.parse(from)) / 1000;
}
