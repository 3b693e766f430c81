import type { Llm } from './llm.ts';
import { openOpenaiLlm, type OpenaiLlmDeps } from './openai-llm.ts';
import { openNamedService } from './named-service.ts';

/**
 * The language model an LLM_URL names: null for `none`, or an OpenAI-compatible service by `http(s)://` or
 * `openai+http(s)://` (see `llm-url.ts`). Nothing is connected to yet.
 * @throws AppError config_invalid
 */
export function openLlm(url: string, deps: OpenaiLlmDeps): Llm | null {
  return openNamedService('LLM_URL', url, (service) => openOpenaiLlm(service, deps));
}
