/** All parts of a Word document that hold text or rules for it, read and indexed. */
import { elementAt, elementsOf, type XmlElement } from '../../parsing/xml.ts';
import { readNumbering, type Numbering } from './numbering.ts';
import type { OoxmlPackage, Relationship } from '../ooxml/ooxml-package.ts';
import { readStyleSheet, type StyleSheet } from './styles.ts';

/** Elements with text and the targets of the links in them. */
export interface Story {
  readonly element: XmlElement;
  /** Address by relationship id. */
  readonly links: ReadonlyMap<string, string>;
}

export interface WordParts {
  readonly body: Story;
  readonly styles: StyleSheet;
  readonly numbering: Numbering;
  /** By id. */
  readonly footnotes: ReadonlyMap<string, Story>;
  readonly endnotes: ReadonlyMap<string, Story>;
  readonly comments: ReadonlyMap<string, Story>;
  /** Headers, then footers, of all sections, each once. */
  readonly margins: readonly Story[];
}

/** Headers and footers of a file with more sections than this are left out beyond it. */
const MAX_MARGINS = 100;

/** Null when the main document has no body. Errors: as `OoxmlPackage.part`. */
export async function readWordParts(file: OoxmlPackage): Promise<WordParts | null> {
  const document = await file.part(file.mainPart);
  const body = document === null ? null : elementAt(document, 'w:body');
  if (body === null) return null;
  const relationships = await file.relationshipsOf(file.mainPart);
  const targetOf = (type: string): string =>
    relationships.find((relationship) => relationship.type === type && !relationship.external)?.target ?? '';
  return {
    body: { element: body, links: linksOf(relationships) },
    styles: readStyleSheet(await file.part(targetOf('styles'))),
    numbering: readNumbering(await file.part(targetOf('numbering'))),
    footnotes: await readNotes(file, targetOf('footnotes'), 'w:footnote'),
    endnotes: await readNotes(file, targetOf('endnotes'), 'w:endnote'),
    comments: await readNotes(file, targetOf('comments'), 'w:comment'),
    margins: await readMargins(file, body, relationships),
  };
}

async function readNotes(
  file: OoxmlPackage,
  part: string,
  name: string,
): Promise<ReadonlyMap<string, Story>> {
  const root = await file.part(part);
  if (root === null) return new Map();
  const links = linksOf(await file.relationshipsOf(part));
  const notes = elementsOf(root, name).filter(({ attributes }) => !isSeparator(attributes.get('w:type')));
  return new Map(notes.map((element) => [element.attributes.get('w:id') ?? '', { element, links }]));
}

function isSeparator(type: string | undefined): boolean {
  return type !== undefined && type !== 'normal';
}

async function readMargins(
  file: OoxmlPackage,
  body: XmlElement,
  relationships: readonly Relationship[],
): Promise<readonly Story[]> {
  const sections = elementsOf(body).flatMap((element) =>
    element.name === 'w:sectPr'
      ? [element]
      : [elementAt(element, 'w:pPr', 'w:sectPr')].filter((at) => at !== null),
  );
  const parts = ['w:headerReference', 'w:footerReference'].flatMap((name) =>
    sections
      .flatMap((section) => elementsOf(section, name))
      .map((reference) => {
        const id = reference.attributes.get('r:id');
        return relationships.find((relationship) => relationship.id === id)?.target ?? '';
      }),
  );
  const stories: Story[] = [];
  for (const part of [...new Set(parts)].slice(0, MAX_MARGINS)) {
    const element = await file.part(part);
    if (element !== null) stories.push({ element, links: linksOf(await file.relationshipsOf(part)) });
  }
  return stories;
}

function linksOf(relationships: readonly Relationship[]): ReadonlyMap<string, string> {
  const links = relationships.filter(({ type, external }) => type === 'hyperlink' && external);
  return new Map(links.map(({ id, target }) => [id, target]));
}
