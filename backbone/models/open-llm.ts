import { AppError } from '../errors.ts';
import type { Llm } from './llm.ts';
import { openOpenaiLlm, type OpenaiLlmDeps } from './openai-llm.ts';

/**
 * The language model an LLM_URL names: null for `none`, or an OpenAI-compatible service by `http(s)://` or
 * `openai+http(s)://` (see `llm-url.ts`). Nothing is connected to yet.
 * @throws AppError config_invalid
 */
export function openLlm(url: string, deps: OpenaiLlmDeps): Llm | null {
  if (url === 'none') return null;
  const scheme = url.slice(0, url.indexOf(':') + 1).toLowerCase();
  switch (scheme) {
    case 'http:':
    case 'https:':
    case 'openai+http:':
    case 'openai+https:':
      return openOpenaiLlm(url, deps);
    default:
      throw new AppError('config_invalid', {
        params: { faults: 'LLM_URL: it must be none, or begin with http:// or https://' },
      });
  }
}
