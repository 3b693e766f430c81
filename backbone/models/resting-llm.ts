import type { Llm } from './llm.ts';

/**
 * The model, left alone for as long as its last failure says: many contents at once neither wait for a service that is
 * down, one after the other, nor ask one that asks to be left alone.
 */
export function restingLlm(llm: Llm, now: () => number): Llm {
  let rest: { readonly until: number; readonly reason: string } | null = null;
  return {
    ...llm,
    ask: async (request, signal) => {
      signal.throwIfAborted();
      if (rest !== null && now() < rest.until)
        return { kind: 'failed', reason: rest.reason, tokens: 0, restMs: 0 };
      const reply = await llm.ask(request, signal);
      const { restMs, reason } = reply.kind === 'failed' ? reply : { restMs: 0, reason: '' };
      rest = restMs > 0 ? { until: now() + restMs, reason } : null;
      return reply;
    },
  };
}
