import { describe, expect, test } from '@jest/globals';
import type { IngestCommand } from '../../../backbone/cli/arguments.ts';
import {
  ApiFailure,
  ConnectionFailure,
  type BackboneClient,
  type BatchAnswer,
  type BatchRequest,
} from '../../../backbone/cli/client.ts';
import { ingestSources, requestsOf, type Outcome } from '../../../backbone/cli/ingestion.ts';
import type { JobProgress } from '../../../backbone/cli/progress.ts';
import type { Source } from '../../../backbone/cli/sources.ts';
import {
  acceptedItem,
  contentShape,
  failure,
  fileSource,
  jobShape,
  streamMessage,
  urlSource,
} from './cli-fixtures.ts';

const PLAIN: IngestCommand = {
  sources: [],
  json: false,
  priority: null,
  contentType: null,
  force: false,
  metadata: {},
};

const apiFailure = (status: number): ApiFailure =>
  new ApiFailure({ status, code: failure.code, detail: failure.message, hint: failure.hint, errors: [] });

const notUsed = (): never => {
  throw new Error('not expected');
};

/** A backbone that takes everything and completes it; the parts given are its own. */
function fakeClient(
  parts: Partial<BackboneClient> = {},
): BackboneClient & { readonly batches: BatchRequest[] } {
  const batches: BatchRequest[] = [];
  let jobs = 0;
  return {
    batches,
    upload: async ({ name }) => ({
      upload_id: `upload of ${name}`,
      sha256: '',
      size_bytes: 1,
      media_type: '',
      file_name: name,
      expires_at: '',
    }),
    submit: async (batch) => {
      batches.push(batch);
      const items = batch.items.map((_, index) => ({ ...acceptedItem(jobs++), index }));
      return { batch_id: 'batch_1', open: batch.open, accepted: items.length, rejected: 0, items };
    },
    status: async (job_id) => jobShape({ job_id }),
    async *follow(job_id) {
      yield streamMessage(1, { job_id });
      yield streamMessage(2, { job_id, status: 'completed', progress: 100 });
    },
    content: async () => contentShape(),
    search: notUsed,
    createKey: notUsed,
    listKeys: notUsed,
    revokeKey: notUsed,
    readiness: notUsed,
    ...parts,
  };
}

const answering = (items: BatchAnswer['items']): Partial<BackboneClient> => ({
  submit: async () => ({ batch_id: 'b', open: false, accepted: 0, rejected: 0, items }),
});

async function ingest(
  sources: readonly Source[],
  client: BackboneClient,
  options: { readonly command?: Partial<IngestCommand>; readonly signal?: AbortSignal } = {},
): Promise<{ outcomes: readonly Outcome[]; said: string[]; shown: string[]; begun: number }> {
  const said: string[] = [];
  const shown: string[] = [];
  let begun = 0;
  const outcomes = await ingestSources({
    client,
    sources,
    command: { ...PLAIN, ...options.command },
    say: (line) => void said.push(line),
    pause: async () => undefined,
    signal: options.signal ?? new AbortController().signal,
    progress: {
      begin: (names) => void (begun = names.length),
      update: (at: number, { status, reason }: JobProgress) =>
        void shown.push(`${at} ${status} ${reason ?? ''}`.trim()),
      end: () => void shown.push('end'),
    },
  });
  return { outcomes, said, shown, begun };
}

describe('ingesting', () => {
  test('uploads files, submits one batch and follows every job', async () => {
    const client = fakeClient();
    const { outcomes, said, shown, begun } = await ingest([urlSource(), fileSource('a.pdf')], client);
    expect(client.batches).toEqual([
      {
        open: false,
        items: [
          { url: 'https://example.org/tides', metadata: {} },
          { upload_id: 'upload of a.pdf', metadata: {} },
        ],
      },
    ]);
    expect(said).toEqual(['Uploading a.pdf ...']);
    expect(begun).toBe(2);
    expect([...shown].sort()).toEqual(['0 completed', '0 extracting', '1 completed', '1 extracting', 'end']);
    expect(outcomes.map(({ report }) => [report.job_id, report.title, report.status])).toEqual([
      ['document_1', 'Tide tables', 'completed'],
      ['document_2', 'Tide tables', 'completed'],
    ]);
  });

  test('passes the options of the command line on', async () => {
    const client = fakeClient();
    const command = { priority: 1, contentType: 'webpage', force: true, metadata: { team: 'sea' } };
    await ingest([urlSource('https://a.example')], client, { command });
    expect(client.batches[0]?.items).toEqual([
      {
        url: 'https://a.example',
        priority: 1,
        content_type: 'webpage',
        if_exists: 'force',
        metadata: { team: 'sea' },
      },
    ]);
  });

  test('needs several requests of one batch for more than a thousand sources', async () => {
    const client = fakeClient();
    const sources = Array.from({ length: 2001 }, (_, index) => urlSource(`https://example.org/${index}`));
    const { outcomes } = await ingest(sources, client);
    expect(client.batches.map(({ items, open, batch_id }) => [items.length, open, batch_id])).toEqual([
      [1000, true, undefined],
      [1000, true, 'batch_1'],
      [1, false, 'batch_1'],
    ]);
    expect(outcomes[2000]?.report.job_id).toBe('document_2001');
  });

  test('keeps the requests small', () => {
    const item = { url: `https://example.org/${'x'.repeat(1_100_000)}` };
    expect(requestsOf([item, item, { url: 'https://a.example' }]).map(({ length }) => length)).toEqual([
      1, 2,
    ]);
  });

  test('notices content that is the same', async () => {
    const status = async (): Promise<ReturnType<typeof jobShape>> => jobShape({ unchanged: true });
    expect((await ingest([urlSource()], fakeClient({ status }))).outcomes[0]?.isUnchanged).toBe(true);
  });

  test('follows a job once that two sources share', async () => {
    const followed: string[] = [];
    const client = fakeClient({
      ...answering([acceptedItem(0), { ...acceptedItem(1), job_id: 'document_1', deduplicated: true }]),
      async *follow(job_id) {
        followed.push(job_id);
        yield streamMessage(1, { status: 'completed' });
      },
    });
    const { outcomes, shown } = await ingest([urlSource(), urlSource('https://b.example')], client);
    expect(followed).toEqual(['document_1']);
    expect(shown).toEqual(['0 completed', '1 completed', 'end']);
    expect(outcomes.map(({ report }) => report.job_id)).toEqual(['document_1', 'document_1']);
  });

  test('tells why a job is tried again', async () => {
    const error = { ...failure, retryable: true };
    const client = fakeClient({
      async *follow() {
        yield streamMessage(1, { status: 'retrying', error });
        yield streamMessage(2, { status: 'retrying' });
        yield streamMessage(3, { status: 'failed', error });
      },
      status: async () => jobShape({ status: 'failed', error }),
      content: notUsed,
    });
    const { outcomes, shown } = await ingest([urlSource()], client);
    expect(shown).toEqual(['0 retrying The page was removed.', '0 retrying', '0 failed', 'end']);
    expect(outcomes[0]?.report).toMatchObject({ status: 'failed', error: failure, title: null });
  });
});

describe('sources that are refused', () => {
  test('stand at their place, with the fields', async () => {
    const error = { ...failure, errors: [{ field: 'priority', message: 'is too high' }] };
    const client = fakeClient(
      answering([{ ...acceptedItem(0), job_id: null, status: null, error }, acceptedItem(1)]),
    );
    const { outcomes, shown } = await ingest([urlSource(), fileSource()], client);
    expect(outcomes[0]?.report).toMatchObject({
      job_id: null,
      url: 'https://example.org/tides',
      status: 'failed',
      error: { ...failure, message: 'The page was removed. priority: is too high.' },
    });
    expect(outcomes[1]?.report.status).toBe('completed');
    expect(shown[0]).toBe('0 failed');
  });

  test('without a reason are a fault of the backbone', async () => {
    const client = fakeClient(answering([{ ...acceptedItem(0), job_id: null }]));
    const { outcomes } = await ingest([urlSource()], client);
    expect(outcomes[0]?.report.error?.code).toBe('internal_error');
  });

  test.each([413, 422])('at the upload (%d) do not keep the others from going on', async (status) => {
    const client = fakeClient({
      upload: async () => {
        throw apiFailure(status);
      },
    });
    const { outcomes } = await ingest([fileSource(), urlSource()], client);
    expect(outcomes.map(({ report }) => [report.status, report.error])).toEqual([
      ['failed', failure],
      ['completed', null],
    ]);
    expect(client.batches[0]?.items).toHaveLength(1);
  });

  test('at every upload need no request at all', async () => {
    const client = fakeClient({ upload: () => Promise.reject(apiFailure(413)), submit: notUsed });
    expect((await ingest([fileSource()], client)).outcomes).toHaveLength(1);
  });
});

describe('what breaks an ingestion off', () => {
  test('an upload that fails for a reason of the backbone', async () => {
    const client = fakeClient({ upload: () => Promise.reject(apiFailure(401)) });
    await expect(ingest([fileSource()], client)).rejects.toHaveProperty('status', 401);
  });

  test('an answer that does not fit the request', async () => {
    await expect(ingest([urlSource()], fakeClient(answering([])))).rejects.toHaveProperty(
      'code',
      'internal_error',
    );
  });

  test('a backbone that is lost: then no other job is waited for', async () => {
    const client = fakeClient({
      async *follow(job_id, _after, signal) {
        if (job_id === 'document_1') throw new ConnectionFailure('lost');
        yield streamMessage(1, { job_id });
        await new Promise((_, reject) =>
          signal.addEventListener('abort', () => reject(new Error('aborted'))),
        );
      },
    });
    await expect(ingest([urlSource(), urlSource('https://b.example')], client)).rejects.toThrow('lost');
  });

  test('a failure to read what was stored, unless it was deleted meanwhile', async () => {
    const reading = (status: number): BackboneClient =>
      fakeClient({ content: () => Promise.reject(apiFailure(status)) });
    await expect(ingest([urlSource()], reading(500))).rejects.toHaveProperty('status', 500);
    expect((await ingest([urlSource()], reading(404))).outcomes[0]?.report.title).toBeNull();
  });

  test('a person who has waited enough: jobs are reported as they stand', async () => {
    const interrupt = new AbortController();
    const client = fakeClient({
      async *follow(job_id) {
        yield streamMessage(1, { job_id });
        interrupt.abort(new Error('enough'));
        throw new ConnectionFailure('gone');
      },
      status: async (job_id) => jobShape({ job_id, status: 'extracting', completed_at: null }),
    });
    const sources = Array.from({ length: 40 }, (_, index) => urlSource(`https://example.org/${index}`));
    const { outcomes } = await ingest(sources, client, { signal: interrupt.signal });
    expect(outcomes).toHaveLength(40);
    expect(outcomes[39]?.report).toMatchObject({ status: 'extracting', seconds: null });
  });

  test('a person who has waited enough before anything was submitted', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(ingest([urlSource()], fakeClient({ submit: notUsed }), { signal })).rejects.toThrow(
      'enough',
    );
  });
});
