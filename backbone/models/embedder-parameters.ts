/** The parameters that EMBEDDER_URLs of every kind have. Pure. */

export interface EmbedderParameters {
  readonly dimensions: number;
  readonly denseWeight: number;
  /** ISO 639-1; null: all. */
  readonly languages: readonly string[] | null;
  readonly batchTexts: number;
  readonly queryPrefix: string;
  readonly passagePrefix: string;
}

export const COMMON_PARAMETERS = [
  'dimensions',
  'dense_weight',
  'languages',
  'batch',
  'query_prefix',
  'passage_prefix',
] as const;

export interface ParameterDefaults {
  /** Null: has to be given. */
  readonly dimensions: number | null;
  readonly batchTexts: number;
}

const DEFAULT_DENSE_WEIGHT = 0.5;
const MAX_BATCH_TEXTS = 2_048;
const MAX_DIMENSIONS = 16_000;

/** Faults are added to `faults`, as ends of a sentence about the URL. */
export function readParameters(
  query: URLSearchParams,
  defaults: ParameterDefaults,
  faults: string[],
): EmbedderParameters {
  const number = numberReader(query, faults);
  return {
    dimensions: number('dimensions', defaults.dimensions, { least: 1, most: MAX_DIMENSIONS, whole: true }),
    denseWeight: number('dense_weight', DEFAULT_DENSE_WEIGHT, { least: 0, most: 1, whole: false }),
    languages:
      query
        .get('languages')
        ?.split(',')
        .map((code) => code.trim().toLowerCase()) ?? null,
    batchTexts: number('batch', defaults.batchTexts, { least: 1, most: MAX_BATCH_TEXTS, whole: true }),
    queryPrefix: query.get('query_prefix') ?? '',
    passagePrefix: query.get('passage_prefix') ?? '',
  };
}

export function unknownParameters(query: URLSearchParams, known: readonly string[]): readonly string[] {
  return [...new Set(query.keys())]
    .filter((name) => !known.includes(name))
    .map((name) => `it has no parameter ${name}`);
}

/** 0 where the model does not know the language. */
export function denseWeightFor(
  { denseWeight, languages }: EmbedderParameters,
  language: string | null,
): number {
  return languages === null || language === null || languages.includes(language) ? denseWeight : 0;
}

interface NumberRange {
  readonly least: number;
  readonly most: number;
  readonly whole: boolean;
}

function numberReader(
  query: URLSearchParams,
  faults: string[],
): (name: string, fallback: number | null, range: NumberRange) => number {
  return (name, fallback, { least, most, whole }) => {
    const given = query.get(name);
    if (given === null && fallback !== null) return fallback;
    if (given === null) faults.push(`the parameter ${name} is missing`);
    const value = Number(given);
    const fits = given !== '' && value >= least && value <= most && (!whole || Number.isInteger(value));
    if (given !== null && !fits)
      faults.push(`${name} must be ${whole ? 'a whole number' : 'a number'} from ${least} to ${most}`);
    return value;
  };
}
