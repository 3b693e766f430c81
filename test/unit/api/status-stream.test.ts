import { setImmediate } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from '@jest/globals';
import {
  HEARTBEAT_MS,
  REREAD_MS,
  streamStatus,
  type StatusStreamOptions,
  type StreamEnd,
  type StreamMessage,
  type Ticker,
} from '../../../backbone/api/status-stream.ts';
import { createFakeJobs, NOON, type FakeJobs } from '../../support/fake-jobs.ts';

const JOB = 'webpage_000000000001';

/** Ticks when a test says so. */
function manualTicker(): Ticker & {
  readonly tick: (intervalMs: number) => void;
  readonly running: () => number;
} {
  const ticks = new Set<{ intervalMs: number; run: () => void }>();
  return {
    every: (intervalMs, run) => {
      const entry = { intervalMs, run };
      ticks.add(entry);
      return () => ticks.delete(entry);
    },
    tick: (intervalMs) =>
      [...ticks].filter((one) => one.intervalMs === intervalMs).forEach((one) => one.run()),
    running: () => ticks.size,
  };
}

let jobs: FakeJobs;
let ticker: ReturnType<typeof manualTicker>;
let sent: StreamMessage[];
let beats: number;
let leave: AbortController;
let arrived: { count: number; resolve: () => void }[];

beforeEach(async () => {
  jobs = createFakeJobs();
  ticker = manualTicker();
  sent = [];
  beats = 0;
  leave = new AbortController();
  arrived = [];
  const submission = {
    url: 'https://example.org/',
    uploadId: null,
    contentType: null,
    priority: 5,
    metadata: {},
    options: {},
    ifExists: 'refresh',
    callbackUrl: null,
  } as const;
  await jobs.submit(submission, { userId: 'ada', traceparent: null });
});

async function start(
  after: number | null = null,
  change: Partial<StatusStreamOptions> = {},
): Promise<{ readonly end: Promise<StreamEnd> }> {
  const detail = await jobs.get('ada', JOB);
  const end = streamStatus({
    jobs,
    userId: 'ada',
    detail,
    after,
    ticker,
    now: () => NOON,
    signal: leave.signal,
    sink: {
      send: async (message) => {
        sent.push(message);
        arrived.filter(({ count }) => sent.length >= count).forEach(({ resolve }) => resolve());
      },
      heartbeat: async () => {
        beats += 1;
      },
    },
    ...change,
  });
  return { end };
}

const messages = (count: number): Promise<void> =>
  new Promise((resolve) => {
    if (sent.length >= count) resolve();
    else arrived.push({ count, resolve });
  });
const seqs = (): number[] => sent.map(({ seq }) => seq);

describe('a status stream', () => {
  test('begins with a snapshot and ends with the terminal event', async () => {
    const { end } = await start();
    await messages(1);
    jobs.advance(JOB, 'queued', { type: 'published' });
    jobs.advance(JOB, 'downloading', { type: 'claimed', stage: 'download', progress: 10 });
    await messages(3);
    jobs.advance(JOB, 'completed');
    expect(await end).toBe('ended');
    expect(sent[0]).toMatchObject({
      type: 'snapshot',
      seq: 1,
      status: 'pending',
      stages: [{}, {}],
      at: NOON.toISOString(),
    });
    expect(sent[2]).toMatchObject({ type: 'claimed', current_stage: 'download', progress: 10 });
    expect(seqs()).toEqual([1, 2, 3, 4]);
  });

  test('leaves nothing behind', async () => {
    const { end } = await start();
    jobs.advance(JOB, 'failed');
    await end;
    expect(ticker.running()).toBe(0);
    expect(jobs.watcherCount()).toBe(0);
  });

  test('of a job that had ended is its snapshot', async () => {
    jobs.advance(JOB, 'completed');
    expect(await (await start()).end).toBe('ended');
    expect(sent).toMatchObject([{ type: 'snapshot', status: 'completed', seq: 2 }]);
  });

  test('loses nothing that happens between the snapshot and the first hint', async () => {
    const detail = await jobs.get('ada', JOB);
    jobs.advance(JOB, 'queued');
    jobs.advance(JOB, 'cancelled');
    expect(await (await start(null, { detail })).end).toBe('ended');
    expect(seqs()).toEqual([1, 2, 3]);
  });

  test('loses nothing when hints are lost', async () => {
    const { end } = await start();
    await jobs.nextRead();
    jobs.advanceSilently(JOB, 'completed');
    ticker.tick(REREAD_MS);
    expect(await end).toBe('ended');
    expect(seqs()).toEqual([1, 2]);
  });

  test('sends nothing twice when hints are doubled', async () => {
    const { end } = await start();
    await jobs.nextRead();
    for (let round = 0; round < 3; round += 1) ticker.tick(REREAD_MS);
    jobs.advance(JOB, 'queued');
    ticker.tick(REREAD_MS);
    await messages(2);
    jobs.advance(JOB, 'completed');
    await end;
    expect(seqs()).toEqual([1, 2, 3]);
  });

  test('goes on after the last message a client has, without a snapshot', async () => {
    jobs.advance(JOB, 'queued');
    jobs.advance(JOB, 'completed');
    expect(await (await start(1)).end).toBe('ended');
    expect(sent).toMatchObject([
      { type: 'progressed', seq: 2 },
      { type: 'completed', seq: 3 },
    ]);
  });

  test('has nothing more for a client that has everything', async () => {
    jobs.advance(JOB, 'completed');
    expect(await (await start(2)).end).toBe('ended');
    expect(sent).toEqual([]);
  });

  test('begins anew for a client that claims to be ahead', async () => {
    jobs.advance(JOB, 'completed');
    expect(await (await start(99)).end).toBe('ended');
    expect(sent).toMatchObject([{ type: 'snapshot' }]);
  });

  test('goes past an earlier end of a job that was retried', async () => {
    jobs.advance(JOB, 'failed');
    jobs.advance(JOB, 'pending', { type: 'retried' });
    const { end } = await start(1);
    await messages(2);
    jobs.advance(JOB, 'completed');
    expect(await end).toBe('ended');
    expect(seqs()).toEqual([2, 3, 4]);
  });

  test('reads page after page of a long history', async () => {
    for (let count = 0; count < 2499; count += 1) jobs.advance(JOB, 'downloading');
    jobs.advance(JOB, 'completed');
    expect(await (await start(0)).end).toBe('ended');
    expect(seqs()).toEqual(Array.from({ length: 2501 }, (_, index) => index + 1));
  });

  test('beats while nothing happens', async () => {
    const { end } = await start();
    await jobs.nextRead();
    ticker.tick(HEARTBEAT_MS);
    ticker.tick(HEARTBEAT_MS);
    await setImmediate();
    ticker.tick(HEARTBEAT_MS);
    expect(beats).toBe(2);
    leave.abort();
    expect(await end).toBe('left');
  });

  test('gives up a client that reads nothing for two beats, holding one message for it', async () => {
    let held = 0;
    const sink = {
      send: () => {
        held += 1;
        return new Promise<void>(() => undefined);
      },
      heartbeat: () => Promise.resolve(),
    };
    const { end } = await start(null, { sink });
    for (let count = 0; count < 100; count += 1) jobs.advance(JOB, 'downloading');
    ticker.tick(HEARTBEAT_MS);
    ticker.tick(HEARTBEAT_MS);
    expect(await end).toBe('slow');
    expect(held).toBe(1);
    expect(jobs.watcherCount()).toBe(0);
  });

  test('ends when the client leaves, whatever it waits for', async () => {
    const { end } = await start();
    await jobs.nextRead();
    leave.abort();
    expect(await end).toBe('left');
  });

  test('does not begin for a client that has left already', async () => {
    leave.abort();
    expect(await (await start()).end).toBe('left');
    expect(sent).toEqual([]);
  });

  test.each(['send', 'heartbeat'] as const)('ends when %s finds the connection gone', async (broken) => {
    const sink = { send: async () => undefined, heartbeat: async () => undefined };
    const { end } = await start(null, {
      sink: { ...sink, [broken]: () => Promise.reject(new Error('EPIPE')) },
    });
    if (broken === 'heartbeat') {
      await jobs.nextRead();
      ticker.tick(HEARTBEAT_MS);
    }
    expect(await end).toBe('left');
  });

  test('fails when the events cannot be read', async () => {
    const failing = { ...jobs, events: () => Promise.reject(new Error('down')) };
    await expect((await start(null, { jobs: failing })).end).rejects.toThrow('down');
    expect(jobs.watcherCount()).toBe(0);
  });
});
