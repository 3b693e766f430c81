import { AppError } from '../errors.ts';

/**
 * What a TRANSCRIBER_URL of an OpenAI-compatible service says (OpenAI, Groq, speaches, LocalAI, whisper.cpp's server):
 *
 *     openai+https://host:port/v1?model=NAME&language=en
 *
 * The prefix `openai+` may be left out. The path is the one above `/audio/transcriptions`; `/v1` when there is none. A
 * path that ends in `/inference`, as whisper.cpp's server has it, is used as it is. The key is in TRANSCRIBER_KEY.
 *
 * - `model`      required, but for `/inference`
 * - `language`   ISO 639-1; the model guesses unless given
 */
export interface TranscriberUrl {
  readonly endpoint: string;
  readonly model: string;
  readonly language: string | null;
}

const PARAMETERS: ReadonlySet<string> = new Set(['model', 'language']);
const WHISPER_CPP_MODEL = 'whisper.cpp';

/** @throws AppError config_invalid with every fault */
export function parseTranscriberUrl(value: string): TranscriberUrl {
  const bare = value.replace(/^openai\+/i, '');
  const url = URL.canParse(bare) ? new URL(bare) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) throw invalid(['it is no web address']);
  const query = url.searchParams;
  const path = url.pathname.replace(/\/+$/, '');
  const isWhole = path.endsWith('/audio/transcriptions') || path.endsWith('/inference');
  const fallback = path.endsWith('/inference') ? WHISPER_CPP_MODEL : '';
  const parsed = {
    endpoint: `${url.origin}${isWhole ? path : `${path === '' ? '/v1' : path}/audio/transcriptions`}`,
    model: query.get('model') ?? fallback,
    language: query.get('language'),
  };
  const faults = [...new Set(query.keys())]
    .filter((name) => !PARAMETERS.has(name))
    .map((name) => `it has no parameter ${name}`);
  if (url.username !== '' || url.password !== '') faults.push('the key belongs into TRANSCRIBER_KEY');
  if (parsed.model === '') faults.push('the parameter model is missing');
  if (parsed.language !== null && !/^[a-z]{2,3}$/.test(parsed.language))
    faults.push('language must be a code such as en');
  if (faults.length > 0) throw invalid(faults);
  return parsed;
}

function invalid(faults: readonly string[]): AppError {
  return new AppError('config_invalid', { params: { faults: `TRANSCRIBER_URL: ${faults.join('; ')}` } });
}
