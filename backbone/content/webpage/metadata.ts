/**
 * Metadata of a page, merged: JSON-LD > OpenGraph > meta > microdata > time elements > visible byline >
 * address. Each value keeps its source.
 */
import type { ContentMetadata, Sourced } from '../model.ts';
import type { ReadBlock } from '../parsing/html-blocks.ts';
import { webUrl } from '../parsing/html-references.ts';
import { attributeOf, labelOf } from '../parsing/html-tree.ts';
import { authorNames, jsonLdAuthors } from './authors.ts';
import {
  dateLines,
  itempropValues,
  linesNearHeading,
  microdataAuthors,
  timeElements,
  visibleAuthors,
  writtenByLines,
} from './byline.ts';
import { dateInUrl, isoDate, visibleDate } from './dates.ts';
import { hasType, isObject, textIn } from './json-ld.ts';
import type { PageFacts } from './page-facts.ts';
import { titleOf } from './title.ts';

const MOST_H1 = 20;
const LONGEST_DESCRIPTION = 2000;

/** A source and how to ask it, so that later sources are not even looked at. */
type Source<T> = readonly [source: string, read: () => T | null];

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

function firstOf<T>(sources: readonly Source<T>[]): Sourced<T> | null {
  for (const [source, read] of sources) {
    const value = read();
    if (value !== null) return { value, source };
  }
  return null;
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

function authorsOf(
  { $, mainNode, jsonLd, meta }: PageFacts,
  blocks: readonly ReadBlock[],
  siteName: string | null,
): Sourced<readonly string[]> | null {
  const some = (texts: readonly string[]): readonly string[] | null => {
    const names = authorNames(texts, siteName);
    return names.length === 0 ? null : names;
  };
  return firstOf<readonly string[]>([
    ['jsonld', () => (mainNode === null ? null : some(jsonLdAuthors(mainNode, jsonLd)))],
    ['meta', () => some(meta.all('citation_author'))],
    ['og', () => some([...meta.all('article:author'), ...meta.all('og:article:author')])],
    [
      'meta',
      () => {
        const names = [
          'author',
          'dc.creator',
          'dcterms.creator',
          'dc.creator.personalname',
          'parsely-author',
          'sailthru.author',
          'byl',
          'twitter:data1-author',
        ];
        return some(names.flatMap((name) => (meta.all(name).length > 0 ? meta.all(name) : [])).slice(0, 3));
      },
    ],
    ['microdata', () => some(microdataAuthors($))],
    ['meta', () => some(labelledAuthors(meta))],
    [
      'byline',
      () =>
        visibleAuthors($)
          .map((text) => some([text]))
          .find((names) => names !== null) ?? null,
    ],
    ['byline', () => some(writtenByLines(blocks).slice(0, 1))],
    ['jsonld', () => some(onlyPerson(jsonLd))],
  ]);
}

/** Twitter cards pair a label such as "Written by" with a value. */
function labelledAuthors(meta: PageFacts['meta']): string[] {
  return ['1', '2', '3'].flatMap((number) => {
    const label = meta.first(`twitter:label${number}`)?.value ?? '';
    const value = meta.first(`twitter:data${number}`)?.value;
    const isAuthor =
      /^(?:written by|author|by|verfasst von|geschrieben von|écrit par|escrito por|scritto da|napisane przez|geschreven door)/i;
    return value !== undefined && isAuthor.test(label) ? [value] : [];
  });
}

/** A page that describes one person alone describes its author. */
function onlyPerson(nodes: PageFacts['jsonLd']): string[] {
  const people = nodes.filter((node) => hasType(node, new Set(['person'])));
  const names = new Set(people.flatMap((node) => textIn(node['name']) ?? []));
  return names.size === 1 ? [...names] : [];
}

function publishedOf(
  { $, mainNode, meta, pageUrl }: PageFacts,
  blocks: readonly ReadBlock[],
  now: Date,
): Sourced<string> | null {
  const one = (text: string | null | undefined): string | null => (text ? isoDate(text, now) : null);
  return firstOf([
    [
      'jsonld',
      () =>
        one(
          textIn(mainNode?.['datePublished']) ??
            textIn(mainNode?.['dateCreated']) ??
            textIn(mainNode?.['uploadDate']),
        ),
    ],
    [
      'og',
      () =>
        one(
          meta.first(
            'article:published_time',
            'article:published',
            'og:article:published_time',
            'og:published_time',
          )?.value,
        ),
    ],
    [
      'meta',
      () =>
        firstDate(
          PUBLISHED_NAMES.flatMap((name) => meta.all(name)),
          now,
        ),
    ],
    [
      'microdata',
      () => firstDate([...itempropValues($, 'datePublished'), ...itempropValues($, 'dateCreated')], now),
    ],
    ['time', () => firstDate(timeElements($), now)],
    ['url', () => (pageUrl === null ? null : dateInUrl(pageUrl, now))],
    ['byline', () => firstVisible(dateLines($), now)],
    ['byline', () => firstVisible(linesNearHeading(blocks), now)],
  ]);
}

const PUBLISHED_NAMES = [
  'citation_publication_date',
  'citation_date',
  'date',
  'dc.date',
  'dc.date.issued',
  'dcterms.date',
  'dcterms.issued',
  'dcterms.created',
  'dc.date.created',
  'pubdate',
  'publishdate',
  'publish_date',
  'publish-date',
  'published_time',
  'publication_date',
  'parsely-pub-date',
  'sailthru.date',
  'originalpublicationdate',
  'article_date_original',
  'cxenseparse:recs:publishtime',
  'date_published',
  'created',
  'article.published',
];

function modifiedOf({ $, mainNode, meta }: PageFacts, now: Date): Sourced<string> | null {
  const one = (text: string | null | undefined): string | null => (text ? isoDate(text, now) : null);
  return firstOf([
    ['jsonld', () => one(textIn(mainNode?.['dateModified']))],
    ['og', () => one(meta.first('article:modified_time', 'og:updated_time', 'article:modified')?.value)],
    [
      'meta',
      () =>
        one(meta.first('last-modified', 'dcterms.modified', 'dc.date.modified', 'revised', 'lastmod')?.value),
    ],
    ['microdata', () => firstDate(itempropValues($, 'dateModified'), now)],
  ]);
}

function firstDate(texts: readonly string[], now: Date): string | null {
  for (const text of texts) {
    const date = isoDate(text, now);
    if (date !== null) return date;
  }
  return null;
}

function firstVisible(lines: readonly string[], now: Date): string | null {
  for (const line of lines) {
    const date = visibleDate(line, now);
    if (date !== null) return date;
  }
  return null;
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
