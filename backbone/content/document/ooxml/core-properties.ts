/** What the program that saved an Office file noted about it. */
import { NO_METADATA, type ContentMetadata } from '../../model.ts';
import type { XmlElement } from '../../parsing/xml.ts';
import { authorsIn, dateOf, keywordsIn, sourced, titleOf, valueOf } from '../property-values.ts';
import type { OoxmlPackage } from './ooxml-package.ts';

export interface FileProperties {
  readonly metadata: ContentMetadata;
  readonly facts: FileFacts;
}

/** `source` names the place in the metadata: `docx-core`. Errors: as `OoxmlPackage.part`. */
export async function readProperties(file: OoxmlPackage, source: string): Promise<FileProperties> {
  const relationships = await file.relationshipsOf('');
  const partOf = (type: string): Promise<XmlElement | null> =>
    file.part(relationships.find((relationship) => relationship.type === type)?.target ?? '');
  const core = await partOf('core-properties');
  return {
    metadata: coreMetadata(core, source),
    facts: fileFacts(core, await partOf('extended-properties')),
  };
}

/** `core` is the root of the core properties; null when the file has none. */
function coreMetadata(core: XmlElement | null, source: string): ContentMetadata {
  if (core === null) return NO_METADATA;
  return {
    ...NO_METADATA,
    title: sourced(source, titleOf(core)),
    authors: sourced(source, authorsIn(valueOf(core, 'dc:creator'))),
    language: sourced(source, valueOf(core, 'dc:language')),
    publishedAt: sourced(source, dateOf(core, 'dcterms:created')),
    modifiedAt: sourced(source, dateOf(core, 'dcterms:modified')),
    description: sourced(source, valueOf(core, 'dc:description')),
  };
}

export interface FileFacts {
  readonly subject: string | null;
  readonly keywords: readonly string[];
  /** As the program counted that saved the file last. */
  readonly pages: number | null;
}

function fileFacts(core: XmlElement | null, extended: XmlElement | null): FileFacts {
  const keywords = core === null ? null : valueOf(core, 'cp:keywords');
  const pages = Number((extended === null ? null : valueOf(extended, 'ep:Pages')) ?? NaN);
  return {
    subject: core === null ? null : valueOf(core, 'dc:subject'),
    keywords: keywordsIn(keywords),
    pages: Number.isInteger(pages) && pages > 0 && pages <= 1_000_000 ? pages : null,
  };
}
