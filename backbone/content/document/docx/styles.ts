/** What a paragraph style means, whatever its name in the user's language. */
import { elementAt, elementsOf, type XmlElement } from '../../parsing/xml.ts';

export interface NumberingReference {
  readonly numId: string;
  /** From 0. */
  readonly level: number;
}

export type ParagraphRole = 'title' | 'heading' | 'quote' | 'caption' | 'code' | 'contents' | 'text';

export interface ParagraphStyle {
  readonly role: ParagraphRole;
  /** 1-9 for headings. */
  readonly headingLevel: number | null;
  readonly numbering: NumberingReference | null;
}

export interface StyleSheet {
  /** Direct formatting of the paragraph goes before its style. */
  styleOf(paragraphProperties: XmlElement | null): ParagraphStyle;
}

/** A style that is based on itself must not hang us. */
const LONGEST_CHAIN = 20;
const BODY_LEVEL = 9;

const ROLES: readonly (readonly [pattern: RegExp, role: ParagraphRole])[] = [
  [/^title$/, 'title'],
  [/^(?:intense )?quote$|^block text$/, 'quote'],
  [/^caption$/, 'caption'],
  [/^html preformatted$|^source ?code$|^code(?: block)?$|^preformatted text$|^macro$|^verbatim/, 'code'],
  [/^toc \d$|^contents \d$|^table of figures$/, 'contents'],
];

/** `styles` is the root of the styles part; null when the file has none. */
export function readStyleSheet(styles: XmlElement | null): StyleSheet {
  const all = styles === null ? [] : elementsOf(styles, 'w:style');
  const paragraphStyles = all.filter(({ attributes }) => attributes.get('w:type') === 'paragraph');
  const byId = new Map(paragraphStyles.map((style) => [style.attributes.get('w:styleId') ?? '', style]));
  const standard = paragraphStyles.find(({ attributes }) => isOn(attributes.get('w:default')));
  return {
    styleOf(properties) {
      const id = properties === null ? undefined : elementAt(properties, 'w:pStyle')?.attributes.get('w:val');
      const style = id === undefined ? standard : byId.get(id);
      const chain = chainOf(style, byId);
      const bags = [properties, ...chain.map((entry) => elementAt(entry, 'w:pPr'))];
      return describe(bags, chain.length > 0 ? chain.map(nameOf) : [readableId(id)]);
    },
  };
}

function describe(bags: readonly (XmlElement | null)[], names: readonly string[]): ParagraphStyle {
  const numbering = numberingOf(bags);
  const outline = firstValue(bags, 'w:outlineLvl');
  const role = roleOf(names);
  if (role !== null) return { role, headingLevel: role === 'title' ? 1 : null, numbering };
  const level = outline === null ? headingByName(names) : outline < BODY_LEVEL ? outline + 1 : null;
  return { role: level === null ? 'text' : 'heading', headingLevel: level, numbering };
}

function chainOf(
  style: XmlElement | undefined,
  byId: ReadonlyMap<string, XmlElement>,
): readonly XmlElement[] {
  const chain: XmlElement[] = [];
  for (let at = style; at !== undefined && chain.length < LONGEST_CHAIN; ) {
    chain.push(at);
    at = byId.get(elementAt(at, 'w:basedOn')?.attributes.get('w:val') ?? '');
  }
  return chain;
}

/** The built-in names are English in every edition of Word. */
function nameOf(style: XmlElement): string {
  return (elementAt(style, 'w:name')?.attributes.get('w:val') ?? '').toLowerCase();
}

/** Of a style that the file uses but does not define: `Heading1` becomes `heading 1`. */
function readableId(id: string | undefined): string {
  return (id ?? '').toLowerCase().replace(/(\d)$/, ' $1');
}

/** By the names of a style and of those it is based on, in lower case; null for headings and what has no name of a role. */
export function roleOf(names: readonly string[]): ParagraphRole | null {
  for (const name of names) {
    const found = ROLES.find(([pattern]) => pattern.test(name));
    if (found !== undefined) return found[1];
    if (headingByName([name]) !== null) return null;
  }
  return null;
}

/** 1-9; null when no name is a heading's. */
export function headingByName(names: readonly string[]): number | null {
  for (const name of names) {
    const level = /^heading ([1-9])$/.exec(name)?.[1];
    if (level !== undefined) return Number(level);
  }
  return null;
}

/** Number 0 switches off what the style would bring. */
function numberingOf(bags: readonly (XmlElement | null)[]): NumberingReference | null {
  let numId: string | undefined;
  let level: number | undefined;
  for (const bag of bags) {
    const properties = bag === null ? null : elementAt(bag, 'w:numPr');
    if (properties === null) continue;
    numId ??= elementAt(properties, 'w:numId')?.attributes.get('w:val');
    level ??= numberIn(elementAt(properties, 'w:ilvl'));
  }
  if (numId === undefined || numId === '0') return null;
  return { numId, level: level ?? 0 };
}

function firstValue(bags: readonly (XmlElement | null)[], name: string): number | null {
  for (const bag of bags) {
    const value = bag === null ? undefined : numberIn(elementAt(bag, name));
    if (value !== undefined) return value;
  }
  return null;
}

function numberIn(element: XmlElement | null): number | undefined {
  const value = Number(element?.attributes.get('w:val') ?? NaN);
  return Number.isInteger(value) && value >= 0 && value <= BODY_LEVEL ? value : undefined;
}

/** Switches of OOXML: present without a value means on. */
export function isOn(value: string | undefined): boolean {
  return value === '1' || value === 'true' || value === 'on';
}
