/** JATS, the XML in which journals keep their articles, as an extraction. https://jats.nlm.nih.gov */
import { AppError } from '../../../errors.ts';
import { NO_METADATA, type ContentMetadata, type Sourced } from '../../model.ts';
import { withFileTitle } from '../../parsing/file-title.ts';
import { inOneGo } from '../../parsing/parser.ts';
import { textLimitOf, textTooLarge } from '../../parsing/text-limit.ts';
import { elementAt, elementsOf, readXml, type XmlElement } from '../../parsing/xml.ts';
import { citedLinks, paperDetails, type PaperFacts } from '../paper.ts';
import { yearOf } from '../paper-enrichment.ts';
import { linksOf, readText } from './jats-body.ts';
import { readFront, type JatsFront } from './jats-front.ts';
import { readReferences } from './jats-references.ts';
import { JATS_NAMESPACES } from './jats-text.ts';

const SOURCE = 'jats';
const MAX_ABSTRACT_LENGTH = 20_000;
/** The recursion of readers is as deep; articles nest some twenty elements. */
const MAX_DEPTH = 200;

/**
 * Text is abstract, body, appendices and notes; the rest is metadata. Option `maxTextBytes` (setting MAX_TEXT_MB).
 * Errors: `source_too_large`, `file_damaged`, `file_unsafe`.
 */
export const parseJats = inOneGo((input) => {
  const maxBytes = textLimitOf(input);
  if (input.bytes.length > maxBytes) throw textTooLarge(maxBytes);
  const article = articleIn(readXml(input.bytes, { namespaces: JATS_NAMESPACES, maxDepth: MAX_DEPTH }));
  const front = readFront(article);
  const abstract =
    front.abstract === null ? [] : readText([front.abstract]).blocks.filter(isNoHeadOfAbstract);
  const roots = textRoots(article);
  const { blocks, sections } = readText(roots);
  const references = readReferences(article);
  const facts: PaperFacts = {
    ...front,
    abstract: textOrNull(abstract.map(({ text }) => text).join('\n\n')),
    year: yearOf(front.publishedAt),
    sections,
    references,
  };
  const extraction = {
    blocks: [...abstract, ...blocks],
    metadata: metadataOf(article, front, facts.abstract),
    typeMetadata: { ...paperDetails(facts), hasFullText: blocks.length > 0 },
    links: [...citedLinks(references), ...linksOf(roots)],
    pageCount: null,
    warnings: [],
  };
  return withFileTitle(extraction, input.fileName);
});

/** Europe PMC and others wrap articles into sets of one. */
function articleIn(root: XmlElement): XmlElement {
  const article = root.name === 'article' ? root : elementsOf(root, 'article')[0];
  if (article === undefined) throw new AppError('file_damaged', { cause: new Error('no article element') });
  return article;
}

/** Without the list of references, which is metadata. */
function textRoots(article: XmlElement): readonly XmlElement[] {
  const back = elementAt(article, 'back');
  const parts = back === null ? [] : elementsOf(back).filter(({ name }) => name !== 'ref-list');
  const floats = elementsOf(article, 'floats-group');
  return [
    ...elementsOf(article, 'body'),
    ...(back === null ? [] : [{ ...back, children: parts }]),
    ...floats,
  ];
}

function isNoHeadOfAbstract({ kind, text }: { readonly kind: string; readonly text: string }): boolean {
  return kind !== 'heading' || !/^(?:abstract|summary)$/i.test(text);
}

function metadataOf(article: XmlElement, front: JatsFront, abstract: string | null): ContentMetadata {
  const sourced = <T>(value: T | null): Sourced<T> | null =>
    value === null ? null : { value, source: SOURCE };
  const names = front.authors.map(({ name }) => name);
  return {
    ...NO_METADATA,
    title: sourced(front.title),
    authors: sourced(names.length === 0 ? null : names),
    language: sourced(article.attributes.get('xml:lang') ?? null),
    publishedAt: sourced(front.publishedAt),
    description: sourced(abstract),
    siteName: null,
  };
}

function textOrNull(text: string): string | null {
  return text === '' ? null : text.slice(0, MAX_ABSTRACT_LENGTH).toWellFormed();
}
