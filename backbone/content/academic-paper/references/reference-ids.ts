/** Finds the DOI and the arXiv id of each reference. Pure. */
import type { ContentLink } from '../../model.ts';
import { findArxivIds } from '../arxiv-id.ts';
import { findDois, normalizeDoi } from '../doi.ts';
import { idOfDoi } from '../scholarly-ids.ts';

export interface ReferenceIds {
  /** Lower case. */
  readonly doi: string | null;
  readonly arxivId: string | null;
}

/** An address that a line's end tore: after `/ - _` and before a word with a digit it goes on. */
const TORN = /(10\.\d{4,9}\/(?:[^\s]{0,255}?[/_-])?)\s(?=\w[^\s]{0,60}\d|\d)/g;
/** After a point only a long number or arXiv's goes on: four digits are a year. */
const TORN_AFTER_POINT = /(10\.\d{4,9}\/[^\s]{0,255}?\.)\s(?=\d{5,12}(?:\D|$)|\d{4}\.\d{4})/g;
/** Its very first point. */
const TORN_PREFIX = /(?<![\d.])10\.\s(?=\d{4,9}\/)/g;
const ESCAPE = /%[2-7][0-9a-f]/gi;
const BEGINNING = /10\.\d{4,9}(?:\.\d{1,9}){0,3}\//g;
/** A reference has one or two; more are looked up in the text alone. */
const MAX_BEGINNINGS = 8;
const MAX_DOI_LENGTH = 255;

/**
 * DOIs that the file's own links lead to, to be asked for the one that a torn spelling stands for. They are whole,
 * where those printed may have lost a hyphen or be cut at the end of a line.
 */
export class LinkedDois {
  readonly #dois: ReadonlySet<string>;

  constructor(links: readonly ContentLink[]) {
    this.#dois = new Set(
      links.flatMap(({ url }) => (/doi\.org\//i.test(url) ? (normalizeDoi(url) ?? []) : [])),
    );
  }

  /** Those printed in a text, apart from white space, each as long as it can be. */
  printedIn(text: string): readonly string[] {
    const printed = text.replaceAll(/\s/g, '').replaceAll(ESCAPE, decodeURIComponent).toLowerCase();
    const found: string[] = [];
    for (const { index } of [...printed.matchAll(BEGINNING)].slice(0, MAX_BEGINNINGS)) {
      const doi = this.#longest(printed.slice(index, index + MAX_DOI_LENGTH));
      if (doi !== null) found.push(doi);
    }
    return found;
  }

  #longest(text: string): string | null {
    for (let length = text.length; length > 0; length--) {
      const doi = text.slice(0, length);
      if (this.#dois.has(doi)) return doi;
    }
    return null;
  }
}

/** A reference has one DOI: the first, unless it is arXiv's own. O(text). */
export function referenceIds(text: string, linked: LinkedDois): ReferenceIds {
  const dois = doisIn(text, linked).map(idOfDoi);
  const doi = dois.find(({ kind }) => kind === 'doi')?.id ?? null;
  const arxivId = dois.find(({ kind }) => kind === 'arxiv')?.id ?? findArxivIds(text)[0] ?? null;
  return { doi, arxivId };
}

function doisIn(text: string, linked: LinkedDois): readonly string[] {
  const whole = linked.printedIn(text);
  if (whole.length > 0) return whole;
  const mended = text
    .replaceAll(TORN_PREFIX, '10.')
    .replaceAll(TORN, '$1')
    .replaceAll(TORN_AFTER_POINT, '$1');
  return findDois(mended);
}
