/** What a paper is called, whatever address or spelling it is given by. Pure. */
import { createHash } from 'node:crypto';
import { arxivIdOfDoi, parseArxivId } from './arxiv-id.ts';
import { normalizeDoi } from './doi.ts';

export type ScholarlyId =
  | { readonly kind: 'arxiv'; readonly id: string }
  /** Lower case. */
  | { readonly kind: 'doi'; readonly id: string }
  /** Digits. */
  | { readonly kind: 'pmid'; readonly id: string }
  /** `PMC` and digits. */
  | { readonly kind: 'pmcid'; readonly id: string }
  | { readonly kind: 'openreview'; readonly id: string };

/** A page or file on one of the sites that papers are read on. */
export interface PaperAddress {
  readonly id: ScholarlyId;
  /** Where the PDF lies, by the rules of the site; null where only its page can tell. */
  readonly pdfUrl: string | null;
}

const ARXIV_HOST =
  /^(?:(?:www|export|[a-z]{2})\.)?arxiv\.org$|^xxx\.lanl\.gov$|^ar5iv(?:\.labs\.arxiv)?\.org$/;
const ARXIV_PATH = /^\/(?:abs|pdf|html|format|ps|src|e-print)\/(.{1,40}?)(?:\.pdf)?\/?$/i;
const DOI_HOST = /^(?:www\.|dx\.)?doi\.org$/;
const PMCID = /^(?:pmc\s?id\s?:?\s?)?PMC\s?(\d{1,9})(?:\.\d{1,3})?$/i;
const PMID = /^pmid\s{0,3}:?\s{0,3}(\d{1,9})$/i;
const RXIV_HOST = /^(?:www\.|connect\.)?(biorxiv|medrxiv)\.org$/;
/** Cold Spring Harbor's prefix, and openRxiv's since December 2025. */
const RXIV_PATH =
  /^\/content\/(?:(10\.(?:1101|64898)\/)|(?:biorxiv\/|medrxiv\/)?early\/\d{4}\/\d\d\/\d\d\/)(\d[\d.]{4,24}\d)(?:v(\d{1,3}))?(?:\.[a-z][a-z.-]{0,30})?\/?$/;
const RXIV_VERSION = /^(10\.(?:1101|64898)\/\d[\d.]{4,24}\d)v\d.*$/s;
const OPENREVIEW_ID = /^[\w-]{4,40}$/;

/** Segments of keys in the blob store may have 120 letters; two prefixes of ours go with it. */
const MAX_CONTENT_ID_LENGTH = 100;

/** The id that a text consists of: an address, `arXiv:`, `doi:`, `PMID:` or the bare id. Null for anything else. */
export function parseScholarlyId(text: string): ScholarlyId | null {
  const spelled = text.trim();
  const url = /^https?:\/\//i.test(spelled) ? URL.parse(spelled) : null;
  if (url !== null) return paperAddress(url)?.id ?? null;
  const arxiv = parseArxivId(spelled);
  if (arxiv !== null) return { kind: 'arxiv', id: arxiv.id };
  const doi = normalizeDoi(spelled);
  if (doi !== null) return idOfDoi(doi);
  const pmcid = PMCID.exec(spelled)?.[1];
  if (pmcid !== undefined) return { kind: 'pmcid', id: `PMC${pmcid}` };
  const pmid = PMID.exec(spelled)?.[1];
  return pmid === undefined ? null : { kind: 'pmid', id: pmid };
}

/** The paper that an address names by its looks, or null. */
export function paperAddress(url: URL): PaperAddress | null {
  if (!/^https?:$/.test(url.protocol)) return null;
  const host = url.hostname.toLowerCase().replace(/\.$/, '');
  if (ARXIV_HOST.test(host)) return onArxiv(url);
  if (DOI_HOST.test(host)) return byDoi(url);
  if (host === 'openreview.net' || host === 'www.openreview.net') return onOpenReview(url);
  const rxiv = RXIV_HOST.exec(host)?.[1];
  return rxiv === undefined ? onPubMed(host, url.pathname) : onRxiv(url.pathname, rxiv);
}

/**
 * A DOI that arXiv registered is the paper's arXiv id; addresses of bioRxiv add a version to its DOIs that is
 * none of theirs. `doi` is in lower case.
 */
export function idOfDoi(doi: string): ScholarlyId {
  const arxiv = arxivIdOfDoi(doi);
  if (arxiv !== null) return { kind: 'arxiv', id: arxiv.id };
  return { kind: 'doi', id: doi.replace(RXIV_VERSION, '$1') };
}

/**
 * The content id of a paper: its own id, in the letters that ids of contents may have. Others are written `=2f`,
 * as in `10.1000=2fabc`; ids that would be too long are hashed.
 */
export function contentIdOf({ kind, id }: ScholarlyId): string {
  const prefix = kind === 'pmid' || kind === 'openreview' ? `${kind}-` : '';
  const spelled = prefix + escaped(id);
  if (spelled.length <= MAX_CONTENT_ID_LENGTH) return spelled;
  return `${kind}-${createHash('sha256').update(id).digest('hex').slice(0, 24)}`;
}

/** Where people read of it; the one address under which other contents cite it. */
export function landingUrl({ kind, id }: ScholarlyId): string {
  switch (kind) {
    case 'arxiv':
      return `https://arxiv.org/abs/${id}`;
    case 'doi':
      return `https://doi.org/${id.split('/').map(encodeURIComponent).join('/')}`;
    case 'pmid':
      return `https://pubmed.ncbi.nlm.nih.gov/${id}/`;
    case 'pmcid':
      return `https://pmc.ncbi.nlm.nih.gov/articles/${id}/`;
    case 'openreview':
      return `https://openreview.net/forum?id=${id}`;
  }
}

function onArxiv({ pathname }: URL): PaperAddress | null {
  const spelled = ARXIV_PATH.exec(decodedPath(pathname))?.[1];
  const arxiv = spelled === undefined ? null : parseArxivId(spelled);
  if (arxiv === null) return null;
  const version = arxiv.version === null ? '' : `v${arxiv.version}`;
  return { id: { kind: 'arxiv', id: arxiv.id }, pdfUrl: `https://arxiv.org/pdf/${arxiv.id}${version}` };
}

function byDoi(url: URL): PaperAddress | null {
  const doi = normalizeDoi(url.pathname.slice(1));
  if (doi === null) return null;
  const id = idOfDoi(doi);
  return { id, pdfUrl: id.kind === 'arxiv' ? `https://arxiv.org/pdf/${id.id}` : null };
}

function onOpenReview(url: URL): PaperAddress | null {
  const id = url.searchParams.get('id') ?? '';
  if (!/^\/(?:forum|pdf)$/.test(url.pathname) || !OPENREVIEW_ID.test(id)) return null;
  return { id: { kind: 'openreview', id }, pdfUrl: `https://openreview.net/pdf?id=${id}` };
}

/** Without a version the first one is read: the only one that is sure to be there. */
function onRxiv(pathname: string, server: string): PaperAddress | null {
  const path = decodedPath(pathname);
  const match = RXIV_PATH.exec(path);
  if (match === null) return null;
  const [, prefix = '10.1101/', number = '', version = '1'] = match;
  const id = prefix + number;
  return { id: { kind: 'doi', id }, pdfUrl: `https://www.${server}.org/content/${id}v${version}.full.pdf` };
}

function onPubMed(host: string, path: string): PaperAddress | null {
  const pmcid = pmcidIn(host, path);
  if (pmcid !== undefined) {
    const id = `PMC${pmcid}`;
    return { id: { kind: 'pmcid', id }, pdfUrl: `https://europepmc.org/articles/${id}?pdf=render` };
  }
  const pmid = pmidIn(host, path);
  return pmid === undefined ? null : { id: { kind: 'pmid', id: pmid }, pdfUrl: null };
}

function pmcidIn(host: string, path: string): string | undefined {
  switch (host) {
    case 'pmc.ncbi.nlm.nih.gov':
      return /^\/articles\/PMC(\d{1,9})(?:[./]|$)/i.exec(path)?.[1];
    case 'ncbi.nlm.nih.gov':
    case 'www.ncbi.nlm.nih.gov':
      return /^\/pmc\/articles\/PMC(\d{1,9})(?:[./]|$)/i.exec(path)?.[1];
    case 'europepmc.org':
    case 'www.europepmc.org':
      return /^\/(?:articles|article\/PMC|abstract\/PMC)\/PMC(\d{1,9})(?:[./]|$)/i.exec(path)?.[1];
    default:
      return undefined;
  }
}

function pmidIn(host: string, path: string): string | undefined {
  switch (host) {
    case 'pubmed.ncbi.nlm.nih.gov':
      return /^\/(\d{1,9})\/?$/.exec(path)?.[1];
    case 'ncbi.nlm.nih.gov':
    case 'www.ncbi.nlm.nih.gov':
      return /^\/pubmed\/(\d{1,9})\/?$/.exec(path)?.[1];
    case 'europepmc.org':
    case 'www.europepmc.org':
      return /^\/(?:article|abstract)\/MED\/(\d{1,9})\/?$/i.exec(path)?.[1];
    default:
      return undefined;
  }
}

function decodedPath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function escaped(id: string): string {
  return id.replaceAll(/[^\w.-]/gu, (character) =>
    [...Buffer.from(character, 'utf8')].map((byte) => `=${byte.toString(16).padStart(2, '0')}`).join(''),
  );
}
