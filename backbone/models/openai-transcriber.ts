import { AppError } from '../errors.ts';
import type { FetchResponse, Fetcher } from '../fetch/fetcher.ts';
import { readHeard } from './heard-answer.ts';
import { responseText } from './response-text.ts';
import { jsonOrNull, reasonOf, retryAfterMs, serviceHeaders } from './service-answer.ts';
import type { AudioSlice, Heard, Transcriber } from './transcriber.ts';
import { parseTranscriberUrl, type TranscriberUrl } from './transcriber-url.ts';

export interface OpenaiTranscriberDeps {
  readonly fetcher: Fetcher;
  /** Null where the service needs none. */
  readonly apiKey: string | null;
  /** Longest time until an answer is there, in milliseconds. */
  readonly timeoutMs: number;
  /** Milliseconds since the epoch, for a Retry-After that names a date. */
  readonly now: () => number;
}

type Format = 'verbose_json' | 'json';

interface Answer {
  readonly response: FetchResponse;
  readonly body: string;
}

/** Half an hour of speech with the times of its segments takes some 300 KB. */
const ANSWER_BYTES = 8 * 1024 * 1024;
/** What servers answer to a format they do not have. */
const FORMAT_REFUSALS: ReadonlySet<number> = new Set([400, 415, 422]);
/** A proxy says so of a service that is down; 500 may as well be about this one recording. */
const DOWN: ReadonlySet<number> = new Set([502, 503, 504]);

/**
 * An OpenAI-compatible `/v1/audio/transcriptions` service by its TRANSCRIBER_URL. Asks for times; a service or model
 * that refuses `verbose_json` is asked for plain text from then on.
 * @throws AppError config_invalid
 */
export function openOpenaiTranscriber(url: string, deps: OpenaiTranscriberDeps): Transcriber {
  const settings = parseTranscriberUrl(url);
  let format: Format = 'verbose_json';
  const hear = async (slice: AudioSlice, signal: AbortSignal): Promise<Heard> => {
    const first = await ask(settings, deps, { slice, signal, format });
    if (format !== 'verbose_json' || !FORMAT_REFUSALS.has(first.response.status))
      return heardOf(first, slice, deps);
    const plain = await ask(settings, deps, { slice, signal, format: 'json' });
    const heard = heardOf(plain, slice, deps);
    format = 'json';
    return heard;
  };
  return { engine: `openai:${settings.model}`, quality: 'normal', hear, close: () => Promise.resolve() };
}

async function ask(
  { endpoint, model, language }: TranscriberUrl,
  { fetcher, apiKey, timeoutMs }: OpenaiTranscriberDeps,
  {
    slice,
    signal,
    format,
  }: { readonly slice: AudioSlice; readonly signal: AbortSignal; readonly format: Format },
): Promise<Answer> {
  const form = new FormData();
  form.set('file', new Blob([Buffer.from(slice.bytes)], { type: slice.mediaType }), slice.fileName);
  form.set('model', model);
  form.set('response_format', format);
  form.set('temperature', '0');
  if (language !== null) form.set('language', language);
  const packed = new Response(form);
  try {
    const response = await fetcher.fetch({
      url: endpoint,
      purpose: 'service',
      method: 'POST',
      signal,
      headers: serviceHeaders(packed.headers.get('content-type') ?? '', apiKey),
      body: new Uint8Array(await packed.arrayBuffer()),
      timeoutMs,
      maxBytes: ANSWER_BYTES,
      limitSetting: 'TRANSCRIBER_URL',
    });
    return { response, body: await responseText(response) };
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof AppError && cause.code === 'source_too_large')
      throw refused('its answer is larger than 8 MB');
    throw new AppError('transcriber_unavailable', { cause });
  }
}

function heardOf({ response, body }: Answer, slice: AudioSlice, deps: OpenaiTranscriberDeps): Heard {
  if (response.status !== 200) throw statusError(response, body, deps);
  const heard = readHeard(jsonOrNull(body), slice.durationSeconds);
  if (heard === null) throw refused('its answer is not in the form of OpenAI’s transcriptions');
  return heard;
}

function statusError(
  { status, headers }: FetchResponse,
  body: string,
  { apiKey, now }: OpenaiTranscriberDeps,
): AppError {
  const retryAfter = headers['retry-after'];
  if (status === 429 || (status === 503 && retryAfter !== undefined))
    return new AppError('transcriber_throttled', { retryAfterMs: retryAfterMs(retryAfter, now()) });
  if (status === 401 || status === 403) return new AppError('transcriber_unauthorized');
  const said = reasonOf(body, apiKey);
  const reason = said === '' ? `it answered ${status}` : `it answered ${status}, ${said}`;
  if (DOWN.has(status)) return new AppError('transcriber_unavailable', { cause: new Error(reason) });
  return status >= 500 ? new AppError('transcriber_failed', { params: { reason } }) : refused(reason);
}

function refused(reason: string): AppError {
  return new AppError('transcriber_refused', { params: { reason } });
}
