/** How text is to be recognised, from the untyped object that a parse worker gets. */
import type { JsonObject, JsonValue } from '../../model.ts';

/** `auto`: pages without usable text; `always`: all pages; `never`: none. */
export const OCR_MODES = ['auto', 'always', 'never'] as const;
export type OcrMode = (typeof OCR_MODES)[number];

export interface OcrSettings {
  readonly mode: OcrMode;
  /** Codes of Tesseract, such as `eng` and `chi_sim`. Setting OCR_LANGUAGES. */
  readonly languages: readonly string[];
  /** Folder with `<language>.traineddata`; null when there is only the model inside. Setting OCR_DATA. */
  readonly dataFolder: string | null;
  /** Of one document. Setting OCR_MAX_PAGES. */
  readonly maxPages: number;
  /** Setting OCR_PAGE_SECONDS. */
  readonly pageTimeoutMs: number;
  /** For all pages of a document. Setting OCR_SECONDS. */
  readonly totalTimeoutMs: number;
}

/** Nothing is recognised unless a setting says so: parsers may be used without the backbone's settings. */
const DEFAULTS: OcrSettings = {
  mode: 'never',
  languages: ['eng'],
  dataFolder: null,
  maxPages: 200,
  pageTimeoutMs: 60_000,
  totalTimeoutMs: 1_800_000,
};

/** `ocr`: the mode of this job, which goes before the one in `ocrSettings`. What cannot be used counts as absent. */
export function ocrSettings(options: JsonObject): OcrSettings {
  const given = options['ocrSettings'];
  const settings = isObject(given) ? given : {};
  const { languages, dataFolder } = settings;
  const codes = Array.isArray(languages) ? languages.filter((code) => typeof code === 'string') : [];
  return {
    mode: modeOf(options['ocr']) ?? modeOf(settings['mode']) ?? DEFAULTS.mode,
    languages: codes.length === 0 ? DEFAULTS.languages : codes,
    dataFolder: typeof dataFolder === 'string' ? dataFolder : DEFAULTS.dataFolder,
    maxPages: positive(settings['maxPages']) ?? DEFAULTS.maxPages,
    pageTimeoutMs: positive(settings['pageTimeoutMs']) ?? DEFAULTS.pageTimeoutMs,
    totalTimeoutMs: positive(settings['totalTimeoutMs']) ?? DEFAULTS.totalTimeoutMs,
  };
}

function modeOf(value: JsonValue | undefined): OcrMode | null {
  return OCR_MODES.find((mode) => mode === value) ?? null;
}

function positive(value: JsonValue | undefined): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : null;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
