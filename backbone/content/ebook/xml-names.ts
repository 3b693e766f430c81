/** Elements by their local names: packages in the wild bind the namespaces of EPUB to any prefix, or to none. */
import { readXml, textOf, type XmlElement } from '../parsing/xml.ts';
import { AppError } from '../../errors.ts';

const LONGEST_LABEL = 1000;
/** Names of chapters are repeated in the locator of each block below them. */
const LONGEST_NAME = 200;

/** The root element; null when the bytes hold none. Errors: `file_unsafe`. */
export function rootOf(bytes: Uint8Array | null): XmlElement | null {
  if (bytes === null) return null;
  try {
    return readXml(bytes, { namespaces: {} });
  } catch (error) {
    if (error instanceof AppError && error.code === 'file_damaged') return null;
    throw error;
  }
}

export function localName(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1);
}

export function allChildren(element: XmlElement | null): readonly XmlElement[] {
  return (element?.children ?? []).filter((node): node is XmlElement => typeof node !== 'string');
}

export function childrenOf(element: XmlElement | null, local: string): readonly XmlElement[] {
  return allChildren(element).filter(({ name }) => localName(name) === local);
}

export function childOf(element: XmlElement | null, local: string): XmlElement | null {
  return childrenOf(element, local)[0] ?? null;
}

/** Trimmed; the empty string when it is missing. */
export function attribute(element: XmlElement | null, local: string): string {
  for (const [name, value] of element?.attributes ?? []) if (localName(name) === local) return value.trim();
  return '';
}

/** All text inside, white space collapsed, at most 1,000 characters. */
export function labelIn(element: XmlElement | null): string {
  return element === null ? '' : tidy(textOf(element));
}

/** White space collapsed, at most 1,000 characters. */
export function tidy(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim().slice(0, LONGEST_LABEL).toWellFormed();
}

/** A label as the name of a chapter: at most 200 characters. */
export function chapterName(label: string): string {
  return label.slice(0, LONGEST_NAME).toWellFormed();
}

/** The words of an attribute that holds a list of them, in lower case. */
export function tokensOf(value: string): ReadonlySet<string> {
  return new Set(value.toLowerCase().split(/\s+/).slice(0, 50));
}
