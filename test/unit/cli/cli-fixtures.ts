import type {
  BatchAnswer,
  ContentShape,
  JobStatusShape,
  StreamMessage,
} from '../../../backbone/cli/client.ts';
import type { Outcome } from '../../../backbone/cli/ingestion.ts';
import type { JobReport } from '../../../backbone/cli/job-report.ts';
import type { Source } from '../../../backbone/cli/sources.ts';

export const AT = '2026-01-02T03:04:05.000Z';

export function jobShape(fields: Partial<JobStatusShape> = {}): JobStatusShape {
  return {
    job_id: 'document_1',
    batch_id: 'batch_1',
    content_id: 'c1',
    content_type: 'document',
    url: null,
    status: 'completed',
    progress: 100,
    current_stage: null,
    error: null,
    retry_count: 0,
    max_retries: 3,
    next_retry_at: null,
    priority: 5,
    unchanged: false,
    created_at: AT,
    started_at: AT,
    completed_at: '2026-01-02T03:04:07.500Z',
    metadata: {},
    warnings: [],
    expansion: null,
    stages: [
      { stage: 'download', status: 'done', attempts: 1, started_at: AT, seconds: 0.25 },
      { stage: 'extract', status: 'done', attempts: 2, started_at: AT, seconds: 12.5 },
      { stage: 'store', status: 'waiting', attempts: 0, started_at: null, seconds: null },
    ],
    queue_position: null,
    eta_seconds: null,
    ...fields,
  };
}

export function contentShape(fields: Partial<ContentShape> = {}): ContentShape {
  return {
    content_id: 'c1',
    content_type: 'document',
    url: null,
    canonical_url: null,
    title: 'Tide tables',
    authors: [],
    language: 'en',
    published_at: null,
    description: null,
    site_name: null,
    image_url: null,
    summary: null,
    keywords: [],
    entities: [],
    tags: [],
    text_length: 9000,
    word_count: 1500,
    chunk_count: 7,
    page_count: 3,
    version: 1,
    metadata: {},
    type_metadata: {},
    metadata_sources: {},
    files: { original: null },
    warnings: [],
    created_at: AT,
    updated_at: AT,
    deleted_at: null,
    job_id: 'document_1',
    ...fields,
  };
}

export function streamMessage(seq: number, fields: Partial<StreamMessage> = {}): StreamMessage {
  return {
    seq,
    type: 'claimed',
    job_id: 'document_1',
    status: 'extracting',
    progress: 30,
    current_stage: 'extract',
    error: null,
    at: AT,
    detail: {},
    ...fields,
  } as StreamMessage;
}

export function acceptedItem(
  index: number,
  fields: Partial<BatchAnswer['items'][number]> = {},
): BatchAnswer['items'][number] {
  return {
    index,
    job_id: `document_${index + 1}`,
    content_id: `c${index + 1}`,
    content_type: 'document',
    status: 'queued',
    deduplicated: false,
    skipped: false,
    message: null,
    error: null,
    ...fields,
  };
}

export const fileSource = (name = 'tides.pdf'): Source => ({
  kind: 'file',
  contentType: null,
  file: `/files/${name}`,
  sizeBytes: 10,
  name,
});

export const urlSource = (url = 'https://example.org/tides'): Source => ({ kind: 'url', url, name: url });

export function outcome(fields: Partial<JobReport> = {}, source: Source = fileSource()): Outcome {
  return {
    source,
    isUnchanged: false,
    report: {
      job_id: 'document_1',
      content_id: 'c1',
      content_type: 'document',
      url: null,
      status: 'completed',
      error: null,
      title: 'Tide tables',
      pages: 3,
      words: 1500,
      chunks: 7,
      seconds: 2.5,
      stages: [
        { stage: 'download', status: 'done', attempts: 1, seconds: 0.25 },
        { stage: 'extract', status: 'done', attempts: 1, seconds: 12.5 },
      ],
      ...fields,
    },
  };
}

export const failure = { code: 'source_gone', message: 'The page was removed.', hint: 'Look for a copy.' };
