import path from 'node:path';
import { AppError } from '../errors.ts';
import {
  COMMON_PARAMETERS,
  readParameters,
  unknownParameters,
  type EmbedderParameters,
} from './embedder-parameters.ts';

/**
 * What an EMBEDDER_URL of a model on this machine says:
 *
 *     local:Xenova/all-MiniLM-L6-v2?languages=en
 *     local:/models/multilingual-e5-small?dimensions=384&query_prefix=query:%20&passage_prefix=passage:%20
 *
 * A name is fetched from the model hub at the first use; a folder (absolute) is read, and nothing is fetched. It holds
 * `config.json`, `tokenizer.json`, `tokenizer_config.json` and the weights below `onnx/`.
 *
 * - `dimensions`   required unless the model is in LOCAL_DIMENSIONS
 * - `weights`      `fp32` (default, `model.onnx`), `fp16` or `q8` (`model_quantized.onnx`)
 * - `pooling`      `mean` (default) or `cls`, as the model's makers say
 * - and those of `embedder-url.ts`: `dense_weight`, `languages`, `batch`, `query_prefix`, `passage_prefix`
 */
export interface LocalModelUrl extends EmbedderParameters {
  readonly source: LocalModelSource;
  /** The name of the model, or of its folder. */
  readonly model: string;
  readonly weights: Weights;
  readonly pooling: Pooling;
}

export type LocalModelSource =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'folder'; readonly folder: string };

const WEIGHTS = ['fp32', 'fp16', 'q8'] as const;
export type Weights = (typeof WEIGHTS)[number];

const POOLINGS = ['mean', 'cls'] as const;
export type Pooling = (typeof POOLINGS)[number];

/** Lengths of the vectors of common models, by the last part of their names; from their makers' documentation. */
export const LOCAL_DIMENSIONS: Readonly<Record<string, number>> = {
  'all-MiniLM-L6-v2': 384,
  'all-MiniLM-L12-v2': 384,
  'paraphrase-multilingual-MiniLM-L12-v2': 384,
  'multilingual-e5-small': 384,
  'multilingual-e5-base': 768,
  'multilingual-e5-large': 1024,
  'bge-small-en-v1.5': 384,
  'bge-base-en-v1.5': 768,
  'bge-m3': 1024,
  'nomic-embed-text-v1.5': 768,
};

/** Small: a batch is heard to be cancelled only between batches. */
const DEFAULT_BATCH_TEXTS = 8;

/** @throws AppError config_invalid with every fault */
export function parseLocalModelUrl(value: string): LocalModelUrl {
  const [place = '', parameters = ''] = splitOnce(value.slice(value.indexOf(':') + 1), '?');
  const query = new URLSearchParams(parameters);
  const source = sourceOf(place);
  const faults = [...unknownParameters(query, ['weights', 'pooling', ...COMMON_PARAMETERS])];
  if (source === null) faults.push('it must name a model (OWNER/NAME) or an absolute folder after local:');
  const model = source?.kind === 'folder' ? path.basename(source.folder) : place;
  const dimensions = LOCAL_DIMENSIONS[path.posix.basename(model)] ?? null;
  const parsed = {
    model,
    weights: choice(query, 'weights', WEIGHTS, faults),
    pooling: choice(query, 'pooling', POOLINGS, faults),
    ...readParameters(query, { dimensions, batchTexts: DEFAULT_BATCH_TEXTS }, faults),
  };
  if (source === null || faults.length > 0)
    throw new AppError('config_invalid', { params: { faults: `EMBEDDER_URL: ${faults.join('; ')}` } });
  return { ...parsed, source };
}

function sourceOf(place: string): LocalModelSource | null {
  if (path.isAbsolute(place)) return { kind: 'folder', folder: path.normalize(place).replace(/[/\\]+$/, '') };
  const isName = /^[\w-][\w.-]{0,99}\/[\w-][\w.-]{0,99}$/.test(place);
  return isName ? { kind: 'name', name: place } : null;
}

function splitOnce(text: string, separator: string): readonly string[] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

/** The first is the default. */
function choice<const Choices extends readonly [string, ...string[]]>(
  query: URLSearchParams,
  name: string,
  choices: Choices,
  faults: string[],
): Choices[number] {
  const given = query.get(name) ?? choices[0];
  const found = choices.find((one) => one === given);
  if (found === undefined) faults.push(`${name} must be one of ${choices.join(', ')}`);
  return found ?? choices[0];
}
