/** Makes a paper of what the reader of PDFs found in its file. Pure; O(text). */
import type { Block, ContentMetadata, Extraction, Sourced } from '../model.ts';
import { affiliationsOf, bylineAuthors, ownId } from './front-matter.ts';
import { citedLinks, paperDetails, type PaperFacts, type Reference } from './paper.ts';
import { paperParts, type PaperParts } from './paper-structure.ts';
import { referenceFields } from './references/reference-fields.ts';
import { LinkedDois, referenceIds } from './references/reference-ids.ts';
import { referenceItems } from './references/reference-items.ts';
import type { ScholarlyId } from './scholarly-ids.ts';

const MAX_ABSTRACT_LENGTH = 20_000;

export interface PaperReading {
  readonly parts: PaperParts;
  readonly facts: PaperFacts;
  readonly extraction: Extraction;
}

/**
 * The text is abstract, body and appendix; front matter and references become metadata. A paper whose
 * parts cannot be told apart is all text. `known`: the id by which the paper was asked for, or null.
 */
export function readPaper(pdf: Extraction, known: ScholarlyId | null): PaperReading {
  const parts = paperParts(pdf.blocks, pdf.metadata.title?.value ?? null);
  const references = referencesOf(parts.references, pdf);
  const firstPage = pdf.blocks.filter(({ locator }) => locator.page === 1);
  const facts: PaperFacts = {
    id: known ?? ownId(parts.front, firstPage),
    affiliations: affiliationsOf(parts.front),
    abstract: textOf(parts.abstract),
    venue: null,
    year: null,
    authors: [],
    keywords: [],
    sections: parts.sections,
    references,
  };
  const text = [...parts.abstract, ...parts.body, ...parts.appendix];
  const extraction: Extraction = {
    ...pdf,
    blocks: text.length === 0 ? pdf.blocks : text,
    metadata: metadataOf(pdf.metadata, parts),
    typeMetadata: { ...pdf.typeMetadata, ...paperDetails(facts) },
    // The papers that are cited come first: there is a limit to how many links are followed up.
    links: [...citedLinks(references), ...pdf.links],
  };
  return { parts, facts, extraction };
}

function referencesOf(blocks: readonly Block[], { links }: Extraction): readonly Reference[] {
  const linked = new LinkedDois(links);
  return referenceItems(blocks).map(({ label, text }) => ({
    label,
    text,
    ...referenceFields(text),
    ...referenceIds(text, linked),
  }));
}

function metadataOf(stated: ContentMetadata, { front, abstract }: PaperParts): ContentMetadata {
  return {
    ...stated,
    authors: stated.authors ?? sourced(bylineAuthors(front)),
    description: stated.description ?? asDescription(textOf(abstract)),
  };
}

function sourced(names: readonly string[]): Sourced<readonly string[]> | null {
  return names.length === 0 ? null : { value: names, source: 'pdf-byline' };
}

function asDescription(abstract: string | null): Sourced<string> | null {
  return abstract === null ? null : { value: abstract, source: 'pdf-abstract' };
}

function textOf(blocks: readonly Block[]): string | null {
  const text = blocks
    .map((block) => block.text)
    .join('\n\n')
    .slice(0, MAX_ABSTRACT_LENGTH)
    .toWellFormed();
  return text === '' ? null : text;
}
