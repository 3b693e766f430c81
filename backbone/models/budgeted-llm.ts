import type { LimitedLlm, Llm, LlmRequest } from './llm.ts';
import type { TokenBudget } from './token-budget.ts';

/** Beside the texts: roles, marks between messages, the name of the schema. */
const ENVELOPE_TOKENS = 256;

/** The model within a budget: nothing is sent that the day could not pay for. */
export function budgetedLlm(llm: Llm, budget: Pick<TokenBudget, 'reserve' | 'settle'>): LimitedLlm {
  return {
    model: llm.model,
    ask: async (request, signal) => {
      signal.throwIfAborted();
      const reservation = await budget.reserve(mostTokens(request, llm.answerTokens));
      if (reservation === null) return { kind: 'budget_spent' };
      let used = reservation.tokens;
      try {
        const reply = await llm.ask(request, signal);
        // Where nobody knows what was used, it may have been all of it.
        used = reply.tokens ?? used;
        return reply;
      } finally {
        await budget.settle(reservation, used);
      }
    },
    close: () => llm.close(),
  };
}

/** What a request uses at most, its answer included: tokenisers make no more tokens of a text than it has bytes. */
export function mostTokens({ instructions, material, schema }: LlmRequest, answerTokens: number): number {
  const bytes = [instructions, material, JSON.stringify(schema)].map((text) => Buffer.byteLength(text));
  return bytes.reduce((sum, each) => sum + each, ENVELOPE_TOKENS + answerTokens);
}
