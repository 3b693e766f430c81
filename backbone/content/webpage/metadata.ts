/**
 * Metadata of a page, merged: JSON-LD > OpenGraph > meta > microdata > time elements > visible byline >
 * address. Each value keeps its source.
 */
import type { ContentMetadata, Sourced } from '../model.ts';
import type { ReadBlock } from '../parsing/html-blocks.ts';
import { webUrl } from '../parsing/html-references.ts';
import { attributeOf, labelOf } from '../parsing/html-tree.ts';
import { firstOf } from './first-source.ts';
import { hasType, isObject, textIn } from './json-ld.ts';
import { authorsOf } from './page-authors.ts';
import { modifiedOf, publishedOf } from './page-dates.ts';
import type { PageFacts } from './page-facts.ts';
import { titleOf } from './title.ts';

const MOST_H1 = 20;
const LONGEST_DESCRIPTION = 2000;

/** All that the page says about itself. Dates after `now` are not believed. */
export function pageMetadata(facts: PageFacts, blocks: readonly ReadBlock[], now: Date): ContentMetadata {
  const siteName = siteNameOf(facts);
  return {
    title: pageTitle(facts, siteName?.value ?? null),
    authors: authorsOf(facts, blocks, siteName?.value ?? null),
    language: languageOf(facts),
    publishedAt: publishedOf(facts, blocks, now),
    modifiedAt: modifiedOf(facts, now),
    description: descriptionOf(facts),
    siteName,
    canonicalUrl: canonicalOf(facts),
    imageUrl: imageOf(facts),
  };
}

function pageTitle(
  { $, mainNode, meta, pageUrl }: PageFacts,
  siteName: string | null,
): Sourced<string> | null {
  return titleOf({
    headline: textIn(mainNode?.['headline']),
    ogTitle: meta.first('og:title', 'twitter:title')?.value ?? null,
    metaTitle: meta.first('citation_title', 'dc.title', 'dcterms.title', 'title')?.value ?? null,
    h1s: $('h1')
      .toArray()
      .slice(0, MOST_H1)
      .map((h1) => labelOf(h1)),
    titleElement: $('head title').first().text().slice(0, 1000),
    siteName,
    host: pageUrl === null ? null : (URL.parse(pageUrl)?.hostname ?? null),
  });
}

function siteNameOf({ jsonLd, mainNode, meta }: PageFacts): Sourced<string> | null {
  const publisher = mainNode?.['publisher'];
  const site = jsonLd.find((node) => hasType(node, new Set(['website'])));
  return firstOf([
    ['og', () => meta.first('og:site_name')?.value ?? null],
    ['jsonld', () => (isObject(publisher) ? textIn(publisher['name']) : null) ?? textIn(site?.['name'])],
    [
      'meta',
      () =>
        meta.first('application-name', 'apple-mobile-web-app-title', 'publisher', 'dc.publisher')?.value ??
        null,
    ],
  ]);
}

function languageOf({ $, mainNode, meta }: PageFacts): Sourced<string> | null {
  const tag = (text: string | null | undefined): string | null => {
    const match = /^([a-z]{2,3})(?:[-_]([a-z0-9]{2,8}))?(?:$|[-_,;\s])/i.exec(text?.trim() ?? '');
    return match === null ? null : [match[1]?.toLowerCase(), match[2]].filter(Boolean).join('-');
  };
  return firstOf([
    ['html', () => tag($('html').attr('lang')) ?? tag($('html').attr('xml:lang'))],
    ['jsonld', () => tag(textIn(mainNode?.['inLanguage']))],
    ['og', () => tag(meta.first('og:locale')?.value)],
    ['meta', () => tag(meta.first('content-language', 'dc.language', 'dcterms.language', 'language')?.value)],
  ]);
}

function descriptionOf({ mainNode, meta }: PageFacts): Sourced<string> | null {
  const short = (text: string | null | undefined): string | null =>
    text ? text.replaceAll(/\s+/g, ' ').trim().slice(0, LONGEST_DESCRIPTION).toWellFormed() || null : null;
  return firstOf([
    ['og', () => short(meta.first('og:description', 'twitter:description')?.value)],
    ['meta', () => short(meta.first('description', 'dc.description', 'dcterms.description')?.value)],
    ['jsonld', () => short(textIn(mainNode?.['description']))],
  ]);
}

/** Only within the site: anybody may claim that their page is a copy of another's. */
function canonicalOf({ $, baseUrl, pageUrl, meta }: PageFacts): Sourced<string> | null {
  if (pageUrl === null) return null;
  const within = (reference: string | undefined): string | null => {
    const url = webUrl(reference?.trim() ?? '', baseUrl);
    return url !== null && siteOf(url) === siteOf(pageUrl) ? url : null;
  };
  const links = $('link[rel~="canonical" i]').toArray().slice(0, 5);
  return firstOf([
    [
      'link',
      () => links.map((link) => within(attributeOf(link, 'href'))).find((url) => url !== null) ?? null,
    ],
    ['og', () => within(meta.first('og:url')?.value)],
  ]);
}

function siteOf(url: string): string {
  return (URL.parse(url)?.hostname ?? '').replace(/^(?:www|m|mobile|amp)\./, '');
}

function imageOf({ mainNode, meta, baseUrl }: PageFacts): Sourced<string> | null {
  const image = mainNode?.['image'];
  const first: unknown = Array.isArray(image) ? (image as unknown[])[0] : image;
  return firstOf([
    [
      'og',
      () =>
        webUrl(
          meta.first('og:image:secure_url', 'og:image', 'og:image:url', 'twitter:image', 'twitter:image:src')
            ?.value ?? '',
          baseUrl,
        ),
    ],
    [
      'jsonld',
      () =>
        webUrl(
          (isObject(first) ? textIn(first['url'] ?? first['contentUrl']) : textIn(first)) ?? '',
          baseUrl,
        ),
    ],
  ]);
}
