import { AppError } from '../errors.ts';

/**
 * What an LLM_URL of an OpenAI-compatible service says (OpenAI, Ollama, LM Studio, vLLM, llama.cpp's server ...):
 *
 *     openai+https://host:port/v1?model=NAME&answer_tokens=2000
 *
 * The prefix `openai+` may be left out. The path is the one above `/chat/completions`; `/v1` when there is none. The
 * key is in LLM_KEY.
 *
 * - `model`           required
 * - `answer_tokens`   most tokens of an answer, 200-32000, 2000 unless given; models that think first need more
 */
export interface LlmUrl {
  readonly endpoint: string;
  readonly model: string;
  readonly answerTokens: number;
}

const PARAMETERS: ReadonlySet<string> = new Set(['model', 'answer_tokens']);
const DEFAULT_ANSWER_TOKENS = 2_000;
const LEAST_ANSWER_TOKENS = 200;
const MOST_ANSWER_TOKENS = 32_000;

/** @throws AppError config_invalid with every fault */
export function parseLlmUrl(value: string): LlmUrl {
  const bare = value.replace(/^openai\+/i, '');
  const url = URL.canParse(bare) ? new URL(bare) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) throw invalid(['it is no web address']);
  const query = url.searchParams;
  const path = url.pathname.replace(/\/+$/, '');
  const parsed = {
    endpoint: `${url.origin}${path.endsWith('/chat/completions') ? path : `${path === '' ? '/v1' : path}/chat/completions`}`,
    model: query.get('model') ?? '',
    answerTokens: Number(query.get('answer_tokens') ?? DEFAULT_ANSWER_TOKENS),
  };
  const faults = [...new Set(query.keys())]
    .filter((name) => !PARAMETERS.has(name))
    .map((name) => `it has no parameter ${name}`);
  if (url.username !== '' || url.password !== '') faults.push('the key belongs into LLM_KEY');
  if (parsed.model === '') faults.push('the parameter model is missing');
  const { answerTokens: most } = parsed;
  if (!Number.isInteger(most) || most < LEAST_ANSWER_TOKENS || most > MOST_ANSWER_TOKENS)
    faults.push(`answer_tokens must be a whole number from ${LEAST_ANSWER_TOKENS} to ${MOST_ANSWER_TOKENS}`);
  if (faults.length > 0) throw invalid(faults);
  return parsed;
}

function invalid(faults: readonly string[]): AppError {
  return new AppError('config_invalid', { params: { faults: `LLM_URL: ${faults.join('; ')}` } });
}
