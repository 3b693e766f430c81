import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { budgetedLlm, mostTokens } from '../../../backbone/models/budgeted-llm.ts';
import type { Llm, LlmReply } from '../../../backbone/models/llm.ts';
import { TokenBudget, type Reservation } from '../../../backbone/models/token-budget.ts';
import type { RecordStore } from '../../../backbone/stores/records/record-store.ts';
import { openTestRecords } from '../../support/records.ts';

const NOON_MS = Date.UTC(2026, 0, 5, 12);
const LOST_AFTER_MS = 60_000;
const DAY_MS = 86_400_000;

let records: RecordStore;
let nowMs: number;
let ids: number;

beforeAll(async () => {
  records = await openTestRecords();
});

afterAll(() => records.close());

beforeEach(async () => {
  nowMs = NOON_MS;
  await clear();
});

async function clear(): Promise<void> {
  ids = 0;
  await records.query('DELETE FROM llm_days');
  await records.query('DELETE FROM llm_reservations');
}

function budgetOf(dailyTokens: number): TokenBudget {
  const newId = (): string => String((ids += 1));
  return new TokenBudget({
    records,
    dailyTokens,
    lostAfterMs: LOST_AFTER_MS,
    now: () => new Date(nowMs),
    newId,
  });
}

async function held(): Promise<{ readonly used: number; readonly reserved: number }> {
  const [row] = await records.query<{ used: number; reserved: number }>(
    `SELECT COALESCE((SELECT sum(used) FROM llm_days), 0)::int AS used,
            COALESCE((SELECT sum(tokens) FROM llm_reservations), 0)::int AS reserved`,
  );
  if (!row) throw new Error('There is none');
  return row;
}

describe('the tokens of a day', () => {
  test('are never given twice, whoever comes at once', async () => {
    const budget = budgetOf(100);
    const made = await Promise.all(Array.from({ length: 8 }, () => budget.reserve(30)));
    expect(made.filter((reservation) => reservation !== null)).toHaveLength(3);
    expect(await held()).toEqual({ used: 0, reserved: 90 });
  });

  test('come back where less was used than put aside', async () => {
    const budget = budgetOf(100);
    const first = await budget.reserve(100);
    expect(await budget.reserve(1)).toBeNull();
    await budget.settle(first as Reservation, 40);
    expect(await held()).toEqual({ used: 40, reserved: 0 });
    expect(await budget.reserve(61)).toBeNull();
    expect(await budget.reserve(60)).not.toBeNull();
  });

  test('that a killed process put aside come back in time, and what it used counts all the same', async () => {
    const budget = budgetOf(100);
    const lost = await budget.reserve(100);
    nowMs += LOST_AFTER_MS;
    expect(await budget.reserve(100)).toBeNull();
    nowMs += 1;
    expect(await budget.reserve(50)).not.toBeNull();
    await budget.settle(lost as Reservation, 70);
    expect(await held()).toEqual({ used: 70, reserved: 50 });
  });

  test('are new at midnight, and a request over midnight counts for the day before', async () => {
    const budget = budgetOf(100);
    const late = await budget.reserve(100);
    nowMs += DAY_MS / 2;
    expect(await budget.reserve(100)).not.toBeNull();
    await budget.settle(late as Reservation, 90);
    expect(
      await records.query(`SELECT to_char(day, 'DD') AS day, used::int FROM llm_days ORDER BY 1`),
    ).toEqual([
      { day: '05', used: 90 },
      { day: '06', used: 0 },
    ]);
  });

  test('hold in any order of requests, answers and kills', async () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('reserve' as const), tokens: fc.integer({ min: 1, max: 60 }) }),
      fc.record({ do: fc.constant('settle' as const), share: fc.double({ min: 0, max: 1, noNaN: true }) }),
      fc.record({ do: fc.constant('kill' as const) }),
      fc.record({ do: fc.constant('wait' as const) }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { maxLength: 8 }),
        async (rounds) => {
          await clear();
          const budget = budgetOf(100);
          const open: Reservation[] = [];
          let booked = 0;
          for (const round of rounds) {
            const working = round.map(async (one) => {
              if (one.do === 'reserve') {
                const made = await budget.reserve(one.tokens);
                if (made !== null) open.push(made);
              } else if (one.do === 'settle') {
                const reservation = open.shift();
                if (reservation === undefined) return;
                const used = Math.floor(reservation.tokens * one.share);
                booked += used;
                await budget.settle(reservation, used);
              } else if (one.do === 'kill') {
                open.shift();
              }
            });
            await Promise.all(working);
            // Only those of killed processes may be this old: what runs is quicker.
            if (round.some((one) => one.do === 'wait') && open.length === 0) nowMs += LOST_AFTER_MS + 1;
            const { used, reserved } = await held();
            expect(used).toBe(booked);
            expect(used + reserved).toBeLessThanOrEqual(100);
            expect(reserved).toBeGreaterThanOrEqual(open.reduce((sum, { tokens }) => sum + tokens, 0));
          }
          nowMs = NOON_MS;
        },
      ),
      { numRuns: 40 },
    );
  }, 60_000);
});

describe('a model within a budget', () => {
  const request = { instructions: 'ü', material: 'abc', schema: {} };

  function modelOf(reply: LlmReply | Error): Llm {
    return {
      model: 'openai:tiny',
      answerTokens: 100,
      ask: () => (reply instanceof Error ? Promise.reject(reply) : Promise.resolve(reply)),
      close: () => Promise.resolve(),
    };
  }

  const signal = new AbortController().signal;
  const most = mostTokens(request, 100);

  test('puts a token aside for each byte and for the longest answer', () => {
    expect(most).toBe(2 + 3 + 2 + 256 + 100);
  });

  test.each([
    [{ kind: 'answered', text: '{}', tokens: 7 } as const, 7],
    [{ kind: 'answered', text: '{}', tokens: null } as const, most],
    [{ kind: 'failed', reason: 'it broke', tokens: 0, restMs: 0 } as const, 0],
  ])('books what %j says', async (reply, used) => {
    const llm = budgetedLlm(modelOf(reply), budgetOf(1000));
    expect(await llm.ask(request, signal)).toEqual(reply);
    expect(await held()).toEqual({ used, reserved: 0 });
    await llm.close();
  });

  test('books all of a request that was broken off', async () => {
    const llm = budgetedLlm(modelOf(new Error('stopped')), budgetOf(1000));
    await expect(llm.ask(request, signal)).rejects.toThrow('stopped');
    expect(await held()).toEqual({ used: most, reserved: 0 });
  });

  test('is not asked when the budget is spent, nor when the job has ended', async () => {
    const never = modelOf(new Error('was asked'));
    expect(await budgetedLlm(never, budgetOf(most - 1)).ask(request, signal)).toEqual({
      kind: 'budget_spent',
    });
    const ended = AbortSignal.abort(new Error('cancelled'));
    await expect(budgetedLlm(never, budgetOf(1000)).ask(request, ended)).rejects.toThrow('cancelled');
    expect(await held()).toEqual({ used: 0, reserved: 0 });
  });
});
