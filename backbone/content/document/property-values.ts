/** Single values among the properties of an office file, of whichever format. */
import type { Sourced } from '../model.ts';
import { elementAt, textOf, type XmlElement } from '../parsing/xml.ts';

const LONGEST_VALUE = 1000;
/** Titles that programs make up by themselves. */
const MADE_UP =
  /^(?:microsoft (?:word|powerpoint|excel) - .*|word document|document ?\d*|powerpoint presentation|presentation ?\d*|workbook|untitled.*|.*\.(?:docx?|rtf|dotx?|pptx?|xlsx?|od[tsp]))$/i;

const MADE_UP_AUTHORS = new Set([
  'python-docx',
  'openpyxl',
  'microsoft office user',
  'unknown',
  'user',
  'admin',
  'author',
]);

/** The `dc:title`, unless a program made it up. */
export function titleOf(root: XmlElement): string | null {
  return givenTitle(valueOf(root, 'dc:title'));
}

/** Null when a program made the title up. */
export function givenTitle(title: string | null): string | null {
  return title === null || MADE_UP.test(title) ? null : title;
}

/** Names parted by semicolons, without those that programs fill in; null when none is left. */
export function authorsIn(names: string | null): readonly string[] | null {
  const authors = (names ?? '')
    .split(';')
    .map((name) => name.trim())
    .filter((name) => name !== '' && !MADE_UP_AUTHORS.has(name.toLowerCase()));
  return authors.length === 0 ? null : authors;
}

/** Terms parted by commas or semicolons. */
export function keywordsIn(keywords: string | null): readonly string[] {
  return (keywords ?? '')
    .split(/[,;]/)
    .map((term) => term.trim())
    .filter((term) => term !== '');
}

/** The text of a child element in one line; null when there is none. */
export function valueOf(root: XmlElement, name: string): string | null {
  const element = elementAt(root, name);
  return element === null ? null : shortValue(textOf(element));
}

/** In one line, 1,000 characters at most; null when nothing is in it. */
export function shortValue(value: string): string | null {
  const text = value.replaceAll(/\s+/g, ' ').trim().slice(0, LONGEST_VALUE);
  return text === '' ? null : text.toWellFormed();
}

/** Null when the child is no ISO 8601 date. */
export function dateOf(root: XmlElement, name: string): string | null {
  const text = valueOf(root, name) ?? '';
  const isDate = /^\d{4}(?:-\d\d(?:-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?)?)?$/.test(
    text,
  );
  return isDate && !Number.isNaN(Date.parse(text)) ? text : null;
}

export function sourced<T>(source: string, value: T | null): Sourced<T> | null {
  return value === null ? null : { value, source };
}
