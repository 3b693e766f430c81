/** When a page was published and changed, from all its sources in order of trust. */
import type { Sourced } from '../model.ts';
import type { ReadBlock } from '../parsing/html-blocks.ts';
import { dateLines, itempropValues, linesNearHeading, timeElements } from './byline.ts';
import { dateInUrl, isoDate, visibleDate } from './dates.ts';
import { firstOf } from './first-source.ts';
import { textIn } from './json-ld.ts';
import type { PageFacts } from './page-facts.ts';

export function publishedOf(
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

export function modifiedOf({ $, mainNode, meta }: PageFacts, now: Date): Sourced<string> | null {
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
