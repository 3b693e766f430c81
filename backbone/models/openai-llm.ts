import { z } from 'zod';
import { AppError } from '../errors.ts';
import type { ErrorCode } from '../error-table.ts';
import type { FetchResponse, Fetcher } from '../fetch/fetcher.ts';
import type { Llm, LlmReply, LlmRequest } from './llm.ts';
import { parseLlmUrl, type LlmUrl } from './llm-url.ts';
import { responseText } from './response-text.ts';
import { jsonOrNull, reasonOf, retryAfterMs, serviceHeaders } from './service-answer.ts';

export interface OpenaiLlmDeps {
  readonly fetcher: Fetcher;
  /** Null where the service needs none. */
  readonly apiKey: string | null;
  /** Longest time until an answer is there, in milliseconds. */
  readonly timeoutMs: number;
  /** Milliseconds since the epoch, for a Retry-After that names a date. */
  readonly now: () => number;
}

/** How a request is put: services and models differ in what they take. */
interface Dialect {
  readonly format: 'json_schema' | 'json_object';
  readonly limit: 'max_tokens' | 'max_completion_tokens';
}

interface Answer {
  readonly status: number;
  readonly headers: FetchResponse['headers'];
  readonly body: string;
}

/** An answer has some thousand tokens; models that show what they thought send much more. */
const ANSWER_BYTES = 1024 * 1024;
/** What servers answer to a parameter they do not take. */
const REFUSALS: ReadonlySet<number> = new Set([400, 415, 422]);
/** Failures before a request was sent: nothing was used. */
const UNSENT: ReadonlySet<ErrorCode> = new Set(['connection_refused', 'host_not_found', 'tls_failed']);
const DOWN: ReadonlySet<number> = new Set([502, 503, 504]);
/** Until a service that is down is asked again. */
const REST_MS = 60_000;
/** A service may say anything of what was used. */
const MOST_TOKENS = 10_000_000;

const answerSchema = z.object({
  choices: z.array(z.object({ message: z.object({ content: z.string() }) })).min(1),
  usage: z.object({ total_tokens: z.int().nonnegative() }).nullish().catch(null),
});

/**
 * An OpenAI-compatible `/v1/chat/completions` service by its LLM_URL. Asks for JSON of a schema; a service that
 * refuses that is asked for any JSON from then on, and one that wants the answer's limit by its newer name gets it so.
 * @throws AppError config_invalid
 */
export function openOpenaiLlm(url: string, deps: OpenaiLlmDeps): Llm {
  const settings = parseLlmUrl(url);
  let dialect: Dialect = { format: 'json_schema', limit: 'max_tokens' };
  const ask = async (request: LlmRequest, signal: AbortSignal): Promise<LlmReply> => {
    let tried: Dialect | null = dialect;
    let reply: LlmReply = { kind: 'failed', reason: 'it was not asked', tokens: 0, restMs: 0 };
    while (tried !== null) {
      const answer = await send(settings, deps, { request, dialect: tried, signal });
      if ('kind' in answer) return answer;
      reply = replyOf(answer, deps);
      if (reply.kind === 'answered') dialect = tried;
      tried = REFUSALS.has(answer.status) ? otherDialect(tried, answer.body) : null;
    }
    return reply;
  };
  return {
    model: `openai:${settings.model}`,
    answerTokens: settings.answerTokens,
    ask,
    close: () => Promise.resolve(),
  };
}

/** What is tried after a refusal; null: nothing is left. Ends, since each step gives up something. */
function otherDialect({ format, limit }: Dialect, body: string): Dialect | null {
  if (limit === 'max_tokens' && body.includes('max_completion_tokens'))
    return { format, limit: 'max_completion_tokens' };
  return format === 'json_schema' ? { format: 'json_object', limit } : null;
}

async function send(
  { endpoint, model, answerTokens }: LlmUrl,
  { fetcher, apiKey, timeoutMs }: OpenaiLlmDeps,
  {
    request,
    dialect,
    signal,
  }: { readonly request: LlmRequest; readonly dialect: Dialect; readonly signal: AbortSignal },
): Promise<Answer | LlmReply> {
  try {
    const response = await fetcher.fetch({
      url: endpoint,
      purpose: 'service',
      method: 'POST',
      signal,
      headers: serviceHeaders('application/json', apiKey),
      body: JSON.stringify({
        model,
        messages: [
          { role: 'system', content: request.instructions },
          { role: 'user', content: request.material },
        ],
        response_format: formatOf(dialect, request),
        [dialect.limit]: answerTokens,
      }),
      timeoutMs,
      maxBytes: ANSWER_BYTES,
      limitSetting: 'LLM_URL',
    });
    const { status, headers } = response;
    return { status, headers, body: await responseText(response) };
  } catch (cause) {
    signal.throwIfAborted();
    return faultOf(cause);
  }
}

function formatOf({ format }: Dialect, { schema }: LlmRequest): object {
  if (format === 'json_object') return { type: 'json_object' };
  return { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema } };
}

/** @throws what is no failure of the network: a defect */
function faultOf(cause: unknown): LlmReply {
  if (!(cause instanceof AppError)) throw cause;
  const { code } = cause;
  if (code === 'source_too_large') return failed('its answer is larger than 1 MB', { tokens: null });
  return failed('it cannot be reached', { tokens: UNSENT.has(code) ? 0 : null, restMs: REST_MS });
}

function replyOf(answer: Answer, deps: OpenaiLlmDeps): LlmReply {
  const { status, body } = answer;
  if (status !== 200)
    return failed(refusalOf(answer, deps.apiKey), { tokens: 0, restMs: restAfter(answer, deps.now()) });
  const parsed = answerSchema.safeParse(jsonOrNull(body));
  if (!parsed.success)
    return failed('its answer is not in the form of OpenAI’s completions', { tokens: null });
  const { choices, usage } = parsed.data;
  const tokens = usage ? Math.min(usage.total_tokens, MOST_TOKENS) : null;
  return { kind: 'answered', text: choices[0]?.message.content ?? '', tokens };
}

function failed(
  reason: string,
  { tokens, restMs = 0 }: { readonly tokens: number | null; readonly restMs?: number },
): LlmReply {
  return { kind: 'failed', reason, tokens, restMs };
}

function refusalOf({ status, body }: Answer, apiKey: string | null): string {
  if (status === 429) return 'it asks us to wait';
  if (status === 401 || status === 403) return 'it does not accept the key';
  const said = reasonOf(body, apiKey);
  return said === '' ? `it answered ${status}` : `it answered ${status}, ${said}`;
}

/** 500 may be about this one content; a proxy says the others of a service that is down. */
function restAfter({ status, headers }: Answer, now: number): number {
  const retryAfter = headers['retry-after'];
  if (status === 429 || (status === 503 && retryAfter !== undefined)) return retryAfterMs(retryAfter, now);
  return DOWN.has(status) ? REST_MS : 0;
}
