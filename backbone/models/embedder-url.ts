import { AppError } from '../errors.ts';
import {
  COMMON_PARAMETERS,
  readParameters,
  unknownParameters,
  type EmbedderParameters,
} from './embedder-parameters.ts';

/**
 * What an EMBEDDER_URL of an OpenAI-compatible service says. Its form:
 *
 *     openai+https://KEY@host:port/v1?model=NAME&dimensions=1536&dense_weight=.5
 *
 * The prefix `openai+` may be left out, and so may the key (local servers need none; characters such
 * as `/` in it are percent-encoded). The path is the one above `/embeddings`; `/v1` when there is none.
 *
 * - `model`           required
 * - `dimensions`      required unless the model is in KNOWN_DIMENSIONS; asks a known model for fewer
 * - `dense_weight`    0-1, .5 unless given: weight of the vectors against words in search
 * - `languages`       those the model knows, such as `en,de`; for others the weight is 0. All unless given
 * - `batch`           texts a request, 1-2048, 64 unless given
 * - `query_prefix`, `passage_prefix`   put before each text, as E5 (`query: `) and nomic models want it
 */
export interface EmbedderUrl extends EmbedderParameters {
  /** Where the requests go, without key and parameters. */
  readonly endpoint: string;
  readonly apiKey: string | null;
  readonly model: string;
  /** True when fewer dimensions are wanted than the model gives, which has to be asked for. */
  readonly shortened: boolean;
}

/** Lengths of the vectors of common models, from their makers' documentation. */
export const KNOWN_DIMENSIONS: Readonly<Record<string, number>> = {
  'text-embedding-3-small': 1536,
  'text-embedding-3-large': 3072,
  'text-embedding-ada-002': 1536,
  'nomic-embed-text': 768,
  'mxbai-embed-large': 1024,
  'bge-m3': 1024,
  'BAAI/bge-m3': 1024,
  'all-minilm': 384,
  'intfloat/multilingual-e5-small': 384,
  'intfloat/multilingual-e5-base': 768,
  'intfloat/multilingual-e5-large': 1024,
};

const DEFAULT_BATCH_TEXTS = 64;

/** @throws AppError config_invalid with every fault, and never the key */
export function parseEmbedderUrl(value: string): EmbedderUrl {
  const bare = value.replace(/^openai\+/i, '');
  const url = URL.canParse(bare) ? new URL(bare) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) throw invalid(['it is no web address']);
  const faults: string[] = [];
  const query = url.searchParams;
  faults.push(...unknownParameters(query, ['model', ...COMMON_PARAMETERS]));
  const model = query.get('model') ?? '';
  if (model === '') faults.push('the parameter model is missing');
  const native = KNOWN_DIMENSIONS[model.replace(/:latest$/, '')];
  const parsed: EmbedderUrl = {
    endpoint: endpointOf(url),
    apiKey: decodeKey(url.username || url.password, faults),
    model,
    shortened: native !== undefined && query.has('dimensions') && Number(query.get('dimensions')) !== native,
    ...readParameters(query, { dimensions: native ?? null, batchTexts: DEFAULT_BATCH_TEXTS }, faults),
  };
  if (faults.length > 0) throw invalid(faults);
  return parsed;
}

function endpointOf(url: URL): string {
  const path = url.pathname.replace(/\/+$/, '');
  if (path.endsWith('/embeddings')) return `${url.origin}${path}`;
  return `${url.origin}${path === '' ? '/v1' : path}/embeddings`;
}

function decodeKey(key: string, faults: string[]): string | null {
  if (key === '') return null;
  try {
    const decoded = decodeURIComponent(key);
    if (/^[\x21-\x7e]+$/.test(decoded)) return decoded;
  } catch {
    // Falls through: a stray percent sign is reported like any other character that cannot be sent.
  }
  faults.push('the key has characters that cannot be sent');
  return null;
}

function invalid(faults: readonly string[]): AppError {
  return new AppError('config_invalid', { params: { faults: `EMBEDDER_URL: ${faults.join('; ')}` } });
}
