/** What a page says about itself in its head and attributes, gathered once for all who merge metadata. */
import type { CheerioAPI } from 'cheerio/slim';
import { webUrl } from '../parsing/html-references.ts';
import { attributeOf } from '../parsing/html-tree.ts';
import { readJsonLd, type JsonLdNode } from './json-ld.ts';
import { readMicrodata } from './microdata.ts';
import { mainNodeOf } from './main-node.ts';

export interface PageFacts {
  readonly $: CheerioAPI;
  /** Address of the page itself, null for uploads. */
  readonly pageUrl: string | null;
  /** What relative links are relative to. */
  readonly baseUrl: string | null;
  readonly jsonLd: readonly JsonLdNode[];
  /** Typed items in the attributes of elements, in the shape of JSON-LD. */
  readonly microdata: readonly JsonLdNode[];
  /** The node that describes the page's content, if any. */
  readonly mainNode: JsonLdNode | null;
  readonly meta: MetaTags;
}

export interface MetaTags {
  /** First non-empty content of the first of these names that there is, with that name. */
  first(...names: readonly string[]): { readonly name: string; readonly value: string } | null;
  all(name: string): readonly string[];
}

const MOST_TAGS = 1000;
const LONGEST_CONTENT = 5000;

export function pageFacts($: CheerioAPI, pageUrl: string | null): PageFacts {
  const jsonLd = readJsonLd($);
  const base = $('base[href]').first().attr('href') ?? '';
  return {
    $,
    pageUrl,
    baseUrl: webUrl(base, pageUrl) ?? pageUrl,
    jsonLd,
    microdata: readMicrodata($),
    mainNode: mainNodeOf(jsonLd, pageUrl),
    meta: metaTags($),
  };
}

function metaTags($: CheerioAPI): MetaTags {
  const tags = new Map<string, string[]>();
  for (const element of $('meta[content]').toArray().slice(0, MOST_TAGS)) {
    const value = attributeOf(element, 'content').replaceAll(/\s+/g, ' ');
    if (value === '') continue;
    const names = ['property', 'name', 'itemprop'].map((key) => attributeOf(element, key).toLowerCase());
    for (const name of new Set(names)) {
      if (name === '') continue;
      const values = tags.get(name) ?? [];
      values.push(value.slice(0, LONGEST_CONTENT).toWellFormed());
      tags.set(name, values);
    }
  }
  const all = (name: string): readonly string[] => tags.get(name) ?? [];
  return {
    all,
    first: (...names) => {
      for (const name of names) {
        const value = all(name)[0];
        if (value !== undefined) return { name, value };
      }
      return null;
    },
  };
}
