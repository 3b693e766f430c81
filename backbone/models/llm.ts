import type { JsonObject } from '../content/model.ts';

/**
 * A language model that answers one request at a time. Implementation: `openai-llm.ts`; `open-llm.ts` picks one by URL,
 * `resting-llm.ts` leaves it alone while it is
 * down, `budgeted-llm.ts` keeps it within the tokens of a day.
 */
export interface Llm {
  /** Name of provider and model: what a stored answer came from. */
  readonly model: string;
  /** Most tokens of one answer. */
  readonly answerTokens: number;
  /**
   * A failure is an answer as well, since nobody's work may end with it.
   * @throws the signal's reason, and nothing else
   */
  ask(request: LlmRequest, signal: AbortSignal): Promise<LlmReply>;
  close(): Promise<void>;
}

export interface LlmRequest {
  /** What the model is to do. Ours alone. */
  readonly instructions: string;
  /** What it is to work on. May come from strangers. */
  readonly material: string;
  /** JSON Schema of the answer, for models that keep to one. The answer has to be checked all the same. */
  readonly schema: JsonObject;
}

/** `tokens`: what was used, request and answer together; null where nobody knows. */
export type LlmReply =
  | { readonly kind: 'answered'; readonly text: string; readonly tokens: number | null }
  | {
      readonly kind: 'failed';
      /** The end of a sentence that begins with the model. */
      readonly reason: string;
      readonly tokens: number | null;
      /** How long the service should be left alone; 0 where the failure may be about this one request. */
      readonly restMs: number;
    };

/** A model whose use is limited. */
export interface LimitedLlm {
  readonly model: string;
  /**
   * @throws AppError store_unavailable (the account of the tokens cannot be reached); the signal's reason
   */
  ask(request: LlmRequest, signal: AbortSignal): Promise<LlmReply | { readonly kind: 'budget_spent' }>;
  close(): Promise<void>;
}
