/** Single values among the properties of an office file, of whichever format. */
import type { Sourced } from '../model.ts';
import { elementAt, textOf, type XmlElement } from '../parsing/xml.ts';

const LONGEST_VALUE = 1000;
/** Titles that programs make up by themselves. */
const MADE_UP =
  /^(?:microsoft (?:word|powerpoint|excel) - .*|word document|document ?\d*|powerpoint presentation|presentation ?\d*|workbook|untitled.*|.*\.(?:docx?|rtf|dotx?|pptx?|xlsx?|od[tsp]))$/i;

/** The `dc:title`, unless a program made it up. */
export function titleOf(root: XmlElement): string | null {
  const title = valueOf(root, 'dc:title');
  return title === null || MADE_UP.test(title) ? null : title;
}

/** The text of a child element in one line; null when there is none. */
export function valueOf(root: XmlElement, name: string): string | null {
  const element = elementAt(root, name);
  const text = element === null ? '' : textOf(element).replaceAll(/\s+/g, ' ').trim().slice(0, LONGEST_VALUE);
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
