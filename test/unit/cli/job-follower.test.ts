import { describe, expect, test } from '@jest/globals';
import { ApiFailure, ConnectionFailure, type StreamMessage } from '../../../backbone/cli/client.ts';
import { followJob } from '../../../backbone/cli/job-follower.ts';
import { jobShape, streamMessage } from './cli-fixtures.ts';

type Step = StreamMessage | Error;

const refused = (status: number): ApiFailure =>
  new ApiFailure({ status, code: 'x', detail: 'No.', hint: '', errors: [] });
const lost = new ConnectionFailure('lost');

/** Plays one list of steps for each connection; the last one for ever. */
async function follow(
  connections: readonly (readonly Step[])[],
  options: { readonly status?: 'completed' | 'queued'; readonly signal?: AbortSignal } = {},
): Promise<{ positions: (number | null)[]; seen: number[]; pauses: number[]; error: unknown }> {
  const positions: (number | null)[] = [];
  const seen: number[] = [];
  const pauses: number[] = [];
  const client = {
    status: async () => jobShape({ status: options.status ?? 'queued' }),
    async *follow(_jobId: string, after: number | null): AsyncGenerator<StreamMessage> {
      positions.push(after);
      for (const step of connections[positions.length - 1] ?? connections.at(-1) ?? []) {
        if (step instanceof Error) throw step;
        yield step;
      }
    },
  };
  const error: unknown = await followJob('document_1', {
    client,
    signal: options.signal ?? new AbortController().signal,
    onUpdate: ({ seq }) => void seen.push(seq),
    pause: async (ms) => void pauses.push(ms),
  }).catch((reason: unknown) => reason);
  return { positions, seen, pauses, error };
}

const done = (seq: number): StreamMessage => streamMessage(seq, { status: 'completed' });

describe('following a job', () => {
  test('ends with its last event', async () => {
    const { seen, error, pauses } = await follow([[streamMessage(1), done(2)]]);
    expect({ seen, error, pauses }).toEqual({ seen: [1, 2], error: undefined, pauses: [] });
  });

  test('goes on where a connection broke off', async () => {
    const { positions, seen } = await follow([[streamMessage(4), lost], [lost], [done(5)]]);
    expect(positions).toEqual([null, 4, 4]);
    expect(seen).toEqual([4, 5]);
  });

  test('waits ever longer, and from the beginning again after a success', async () => {
    const { pauses } = await follow([[lost], [lost], [streamMessage(1), lost], [lost], [done(2)]]);
    expect(pauses).toEqual([250, 500, 250, 500]);
  });

  test('gives up in the end', async () => {
    const { error, pauses } = await follow([[lost]]);
    expect(error).toBe(lost);
    expect(pauses).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000, 5000]);
  });

  test('ends when the job had ended before', async () => {
    expect((await follow([[]], { status: 'completed' })).error).toBeUndefined();
  });

  test('asks again when a stream ends before its job', async () => {
    expect((await follow([[streamMessage(1)], [done(2)]])).positions).toEqual([null, 1]);
  });

  test.each([429, 503])('waits for room when the answer is %d', async (status) => {
    expect((await follow([[refused(status)], [done(1)]])).seen).toEqual([1]);
  });

  test.each([401, 404])('does not insist when the answer is %d', async (status) => {
    const { error, pauses } = await follow([[refused(status)]]);
    expect(error).toHaveProperty('status', status);
    expect(pauses).toEqual([]);
  });

  test('ends with the signal', async () => {
    const signal = AbortSignal.abort('enough');
    expect((await follow([[lost]], { signal })).error).toBe('enough');
    expect((await follow([[]], { signal })).error).toBe('enough');
  });
});
