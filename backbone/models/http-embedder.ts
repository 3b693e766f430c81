import { z } from 'zod';
import { AppError } from '../errors.ts';
import type { FetchResponse, Fetcher } from '../fetch/fetcher.ts';
import type { EmbedOptions, Embedder } from './embedder.ts';
import { denseWeightFor } from './embedder-parameters.ts';
import { parseEmbedderUrl, type EmbedderUrl } from './embedder-url.ts';
import { responseText } from './response-text.ts';
import { jsonOrNull, reasonOf, retryAfterMs, serviceHeaders } from './service-answer.ts';
import { refuseBlanks, unitVector } from './vectors.ts';

export interface HttpEmbedderDeps {
  readonly fetcher: Fetcher;
  /** Of the service, when its URL holds none. */
  readonly key?: string | undefined;
  /** Milliseconds since the epoch, for a Retry-After that names a date. */
  readonly now: () => number;
}

/** Most UTF-16 units of text a request: OpenAI takes 300,000 tokens, and a token may be one unit. */
const REQUEST_SIZE = 250_000;

/** Longer texts are cut; models take 8,191 tokens or fewer and many servers cut without a word. In UTF-16 units. */
const TEXT_LIMIT = 8_000;

/** A number in JSON takes some 12-25 bytes. */
const BYTES_PER_NUMBER = 40;
const ANSWER_OVERHEAD_BYTES = 65_536;

const PROBE_TIMEOUT_MS = 30_000;

const answerSchema = z.object({
  data: z.array(z.object({ index: z.int().nonnegative().optional(), embedding: z.array(z.number()) })),
});

/**
 * An OpenAI-compatible `/v1/embeddings` service (OpenAI, Ollama, LM Studio, TEI, vLLM ...) by its
 * EMBEDDER_URL; see `embedder-url.ts` for the form.
 * @throws AppError config_invalid
 */
export function openHttpEmbedder(url: string, deps: HttpEmbedderDeps): Embedder {
  const given = parseEmbedderUrl(url);
  const settings = { ...given, apiKey: given.apiKey ?? deps.key ?? null };
  const embed = (texts: readonly string[], options: EmbedOptions): Promise<Float32Array[]> =>
    embedAll(settings, deps, texts, options);
  return {
    model: `${settings.model}/${settings.dimensions}`,
    dimensions: settings.dimensions,
    denseWeight: (language) => denseWeightFor(settings, language),
    embed,
    probe: async () => {
      const startedAt = performance.now();
      await embed(['probe'], { kind: 'query', signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
      return performance.now() - startedAt;
    },
    close: () => Promise.resolve(),
  };
}

async function embedAll(
  settings: EmbedderUrl,
  deps: HttpEmbedderDeps,
  texts: readonly string[],
  { kind, signal, onProgress }: EmbedOptions,
): Promise<Float32Array[]> {
  refuseBlanks(texts);
  const prefix = kind === 'query' ? settings.queryPrefix : settings.passagePrefix;
  const inputs = texts.map((text) => prefix + text.slice(0, TEXT_LIMIT).toWellFormed());
  const vectors: Float32Array[] = [];
  for (const batch of batchesOf(inputs, settings.batchTexts)) {
    signal.throwIfAborted();
    vectors.push(...(await embedBatch(settings, deps, batch, signal)));
    onProgress?.(vectors.length);
  }
  return vectors;
}

function batchesOf(texts: readonly string[], batchTexts: number): string[][] {
  const batches: string[][] = [];
  let size = 0;
  for (const text of texts) {
    const open = batches.at(-1);
    if (open !== undefined && open.length < batchTexts && size + text.length <= REQUEST_SIZE) {
      open.push(text);
      size += text.length;
    } else {
      batches.push([text]);
      size = text.length;
    }
  }
  return batches;
}

async function embedBatch(
  settings: EmbedderUrl,
  deps: HttpEmbedderDeps,
  input: readonly string[],
  signal: AbortSignal,
): Promise<Float32Array[]> {
  let response: FetchResponse;
  let body: string;
  try {
    response = await deps.fetcher.fetch({
      url: settings.endpoint,
      purpose: 'service',
      method: 'POST',
      signal,
      headers: serviceHeaders('application/json', settings.apiKey),
      body: JSON.stringify({
        model: settings.model,
        input,
        encoding_format: 'float',
        ...(settings.shortened ? { dimensions: settings.dimensions } : {}),
      }),
      maxBytes: input.length * settings.dimensions * BYTES_PER_NUMBER + ANSWER_OVERHEAD_BYTES,
      limitSetting: 'EMBEDDER_URL',
    });
    body = await responseText(response);
  } catch (cause) {
    signal.throwIfAborted();
    throw new AppError('embedder_unavailable', { cause });
  }
  if (response.status !== 200) throw statusError(response, body, settings, deps.now());
  return vectorsOf(body, input.length, settings.dimensions);
}

function statusError(response: FetchResponse, body: string, settings: EmbedderUrl, now: number): AppError {
  const { status } = response;
  const retryAfter = response.headers['retry-after'];
  if (status === 429 || (status === 503 && retryAfter !== undefined)) {
    return new AppError('embedder_throttled', { retryAfterMs: retryAfterMs(retryAfter, now) });
  }
  const said = reasonOf(body, settings.apiKey);
  const reason = said === '' ? `it answered ${status}` : `it answered ${status}, ${said}`;
  if (status >= 500) return new AppError('embedder_unavailable', { cause: new Error(reason) });
  return refused(reason);
}

function vectorsOf(body: string, count: number, dimensions: number): Float32Array[] {
  const parsed = answerSchema.safeParse(jsonOrNull(body));
  if (!parsed.success) throw refused('its answer is not in the form of OpenAI’s embeddings');
  const { data } = parsed.data;
  const byIndex = new Map(data.map(({ index, embedding }, place) => [index ?? place, embedding]));
  if (data.length !== count || byIndex.size !== count) {
    throw refused(`it gave ${data.length} vectors for ${count} texts`);
  }
  return Array.from({ length: count }, (_, index) => vectorOf(byIndex.get(index), dimensions));
}

function vectorOf(embedding: readonly number[] | undefined, dimensions: number): Float32Array {
  if (embedding?.length !== dimensions) {
    throw refused(`it gave ${embedding?.length ?? 0} numbers a vector where ${dimensions} are expected`);
  }
  const vector = unitVector(embedding);
  if (vector === null) throw refused('it gave a vector without length');
  return vector;
}

function refused(reason: string): AppError {
  return new AppError('embedder_refused', { params: { reason } });
}
