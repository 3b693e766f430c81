/** Reads values of structured data, JSON-LD's and microdata's, as plain text and numbers. Pure; all bounded. */
import { htmlBlocks } from '../parsing/html-blocks.ts';
import { parseHtml } from '../parsing/html-tree.ts';
import { isObject, textIn, type JsonLdNode } from './json-ld.ts';

const LONGEST_TEXT = 20_000;
const LONGEST_FACT = 300;
const MOST_VALUES = 500;

/** The values of a property, whether it has one or many. */
export function valuesOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? (value as unknown[]).slice(0, MOST_VALUES) : [value];
}

/** The objects among the values of a property. */
export function nodesIn(value: unknown): readonly JsonLdNode[] {
  return valuesOf(value).filter((part): part is JsonLdNode => isObject(part) && !Array.isArray(part));
}

/** A text as lines without markup; a block of HTML is a line. */
export function linesOf(value: unknown): string[] {
  const text = textIn(value)?.slice(0, LONGEST_TEXT).toWellFormed() ?? '';
  const lines = text.includes('<') ? linesOfMarkup(text) : text.split('\n');
  return lines.map((line) => line.replaceAll(/\s+/g, ' ').trim()).filter((line) => line !== '');
}

/** A fact in one line; null when there is none. Longer ones are cut off. */
export function factIn(value: unknown): string | null {
  return linesOf(value).join(' ').slice(0, LONGEST_FACT).toWellFormed() || null;
}

/**
 * A number as shops write it: `1,299.00`, `1.299,00 €`, `49`. The last point or comma parts decimals, unless three
 * digits follow it. Null for everything else, and for what is below zero.
 */
export function decimalIn(value: unknown): number | null {
  if (typeof value === 'number') return value >= 0 && Number.isFinite(value) ? value : null;
  const digits =
    /^[^\d-]{0,5}(\d[\d.,' ]{0,20})/.exec(factIn(value) ?? '')?.[1]?.replaceAll(/[' ]/g, '') ?? '';
  const last = Math.max(digits.lastIndexOf('.'), digits.lastIndexOf(','));
  const isDecimal = last >= 0 && digits.length - last - 1 !== 3;
  const whole = (isDecimal ? digits.slice(0, last) : digits).replaceAll(/[.,]/g, '');
  const fraction = isDecimal ? digits.slice(last + 1) : '';
  return whole === '' ? null : Number(`${whole}.${fraction === '' ? '0' : fraction}`);
}

/** A number with a point or comma before its decimals, such as `4.875`. Null for everything else. */
export function ratioIn(value: unknown): number | null {
  const match = /^\d{1,9}(?:[.,]\d{1,9})?/.exec(factIn(value) ?? '');
  return match === null ? null : Number(match[0].replace(',', '.'));
}

function linesOfMarkup(text: string): string[] {
  const { blocks } = htmlBlocks(parseHtml(text).root().toArray(), { baseUrl: null });
  return blocks.map(({ block }) => block.text);
}
