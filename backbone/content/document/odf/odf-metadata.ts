/** What the program that saved an OpenDocument file noted about it. */
import { NO_METADATA, type ContentMetadata } from '../../model.ts';
import { elementAt, elementsOf, textOf, type XmlElement } from '../../parsing/xml.ts';
import { dateOf, sourced, titleOf, valueOf } from '../property-values.ts';

const SOURCE = 'odf-meta';
const MAX_KEYWORDS = 100;
const LONGEST_KEYWORD = 200;

export interface OdfProperties {
  readonly metadata: ContentMetadata;
  readonly subject: string | null;
  readonly keywords: readonly string[];
  /** As the program counted that saved the file last. */
  readonly pages: number | null;
}

/** `meta` is the inside of `office:meta`; null when the file has none. */
export function odfProperties(meta: XmlElement | null): OdfProperties {
  if (meta === null) return { metadata: NO_METADATA, subject: null, keywords: [], pages: null };
  const author = valueOf(meta, 'meta:initial-creator') ?? valueOf(meta, 'dc:creator');
  const pages = Number(elementAt(meta, 'meta:document-statistic')?.attributes.get('meta:page-count'));
  return {
    metadata: {
      ...NO_METADATA,
      title: sourced(SOURCE, titleOf(meta)),
      authors: sourced(SOURCE, author === null ? null : [author]),
      language: sourced(SOURCE, valueOf(meta, 'dc:language')),
      publishedAt: sourced(SOURCE, dateOf(meta, 'meta:creation-date')),
      modifiedAt: sourced(SOURCE, dateOf(meta, 'dc:date')),
      description: sourced(SOURCE, valueOf(meta, 'dc:description')),
    },
    subject: valueOf(meta, 'dc:subject'),
    keywords: elementsOf(meta, 'meta:keyword')
      .slice(0, MAX_KEYWORDS)
      .map((keyword) => textOf(keyword).trim().slice(0, LONGEST_KEYWORD).toWellFormed())
      .filter((keyword) => keyword !== ''),
    pages: Number.isInteger(pages) && pages > 0 && pages <= 1_000_000 ? pages : null,
  };
}
