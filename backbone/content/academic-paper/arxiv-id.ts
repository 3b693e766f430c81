/** Identifiers of arXiv: `1706.03762v5` since April 2007, `hep-th/9901001` before. Pure. */

export interface ArxivId {
  /** Without version and, in old ones, without the subject class: `math.GT/0309136` is `math/0309136`. */
  readonly id: string;
  /** Null: the newest. */
  readonly version: number | null;
}

/** Archives that ever gave ids of the old form: https://arxiv.org/archive (list of archives, with subsumed ones). */
const ARCHIVES =
  'acc-phys|adap-org|alg-geom|ao-sci|astro-ph|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg|comp-gas|cond-mat|cs|dg-ga|funct-an|gr-qc|hep-ex|hep-lat|hep-ph|hep-th|math-ph|math|mtrl-th|nlin|nucl-ex|nucl-th|patt-sol|physics|plasm-ph|q-alg|q-bio|quant-ph|solv-int|supr-con';
/** YYMM, a point, and a number of 4 digits until 2014 and of 5 since. */
const NEW_FORM = String.raw`(?:0[7-9]|1[0-4])(?:0[1-9]|1[0-2])\.\d{4}|(?:1[5-9]|[2-8]\d)(?:0[1-9]|1[0-2])\.\d{5}`;
const OLD_FORM = String.raw`(?:${ARCHIVES})(?:\.[a-z]{2})?\/\d{2}(?:0[1-9]|1[0-2])\d{3}`;
const VERSION = String.raw`(?:v([1-9]\d{0,2}))?`;
const WHOLE = new RegExp(String.raw`^(${NEW_FORM}|${OLD_FORM})${VERSION}$`, 'i');
const AFTER_LABEL = new RegExp(
  String.raw`(?:arxiv\s{0,2}[:.]\s{0,2}|arxiv\.org\/(?:abs|pdf|html|format)\/|arxiv\s{1,2}(?:e-?print\s{1,2}|preprint\s{1,2})?|\babs\/)(${NEW_FORM}|${OLD_FORM})${VERSION}(?![\d/])`,
  'gi',
);
const OLD_ALONE = new RegExp(String.raw`(?<![\w./-])(${OLD_FORM})${VERSION}(?![\d/])`, 'gi');
const LABEL = /^arxiv\s{0,3}[:.]?\s{0,3}/i;
const DOI_PREFIX = '10.48550/arxiv.';

/** The id that a text consists of, with or without `arXiv:` in front, or null. */
export function parseArxivId(text: string): ArxivId | null {
  const match = WHOLE.exec(text.trim().replace(LABEL, ''));
  return match === null ? null : arxivId(match[1], match[2]);
}

/** The id of a paper whose DOI arXiv itself registered, or null. `doi` is in lower case. */
export function arxivIdOfDoi(doi: string): ArxivId | null {
  return doi.startsWith(DOI_PREFIX) ? parseArxivId(doi.slice(DOI_PREFIX.length)) : null;
}

/**
 * Ids in running text, each once. Ids of the new form look like other numbers, so they count only after `arXiv:`,
 * `arXiv preprint`, an address of arXiv or `abs/`; those of the old form stand for themselves. O(text).
 */
export function findArxivIds(text: string): readonly string[] {
  const matches = [...text.matchAll(AFTER_LABEL), ...text.matchAll(OLD_ALONE)];
  matches.sort((one, other) => one.index - other.index);
  return [...new Set(matches.map((match) => arxivId(match[1], match[2]).id))];
}

function arxivId(spelled = '', version: string | undefined): ArxivId {
  const id = spelled.toLowerCase().replace(/\.[a-z]{2}\//, '/');
  return { id, version: version === undefined ? null : Number(version) };
}
