import { describe, expect, test } from '@jest/globals';
import type { Llm, LlmReply } from '../../../backbone/models/llm.ts';
import { restingLlm } from '../../../backbone/models/resting-llm.ts';

const REQUEST = { instructions: '', material: '', schema: {} };
const signal = new AbortController().signal;

const answered: LlmReply = { kind: 'answered', text: '{}', tokens: 3 };
const failing = (restMs: number): LlmReply => ({
  kind: 'failed',
  reason: 'it is down',
  tokens: null,
  restMs,
});

/** A model with a script, and the clock it rests by. */
function scripted(...replies: readonly LlmReply[]): {
  llm: Llm;
  asked: () => number;
  wait: (ms: number) => void;
} {
  let asked = 0;
  let nowMs = 1_000;
  const model: Llm = {
    model: 'openai:tiny',
    answerTokens: 100,
    ask: async () => replies[asked++] ?? answered,
    close: async () => undefined,
  };
  const wait = (ms: number): void => void (nowMs += ms);
  return { llm: restingLlm(model, () => nowMs), asked: () => asked, wait };
}

describe('a language model that is down', () => {
  test('is left alone for as long as its failure says, and costs nothing meanwhile', async () => {
    const { llm, asked, wait } = scripted(failing(500), answered);
    expect(await llm.ask(REQUEST, signal)).toMatchObject({ kind: 'failed', tokens: null });
    wait(499);
    expect(await llm.ask(REQUEST, signal)).toEqual({
      kind: 'failed',
      reason: 'it is down',
      tokens: 0,
      restMs: 0,
    });
    expect(asked()).toBe(1);
    wait(1);
    expect(await llm.ask(REQUEST, signal)).toEqual(answered);
    expect(await llm.ask(REQUEST, signal)).toEqual(answered);
    expect(asked()).toBe(3);
  });

  test('is asked again at once when only one request failed', async () => {
    const { llm, asked } = scripted(failing(0), answered);
    await llm.ask(REQUEST, signal);
    expect(await llm.ask(REQUEST, signal)).toEqual(answered);
    expect(asked()).toBe(2);
  });

  test('is not asked by a job that has ended', async () => {
    const { llm, asked } = scripted();
    await expect(llm.ask(REQUEST, AbortSignal.abort(new Error('cancelled')))).rejects.toThrow('cancelled');
    expect(asked()).toBe(0);
    expect(llm).toMatchObject({ model: 'openai:tiny', answerTokens: 100 });
    await llm.close();
  });
});
