/** Structured data in pages, as far as it can be read: often broken, nested in many ways, and hostile. */
import type { CheerioAPI } from 'cheerio/slim';
import { decodeReferences } from '../parsing/html-tree.ts';

export type JsonLdNode = Readonly<Record<string, unknown>>;

const MOST_SCRIPTS = 50;
const LONGEST_SCRIPT = 1_000_000;
const MOST_NODES = 5000;
const LONGEST_TEXT = 1_000_000;

/** All typed nodes of the page, outer ones first. Broken scripts are mended or skipped. */
export function readJsonLd($: CheerioAPI): JsonLdNode[] {
  const values = $('script[type*="ld+json" i]')
    .toArray()
    .slice(0, MOST_SCRIPTS)
    .map((script) => parseJsonLd($(script).text()));
  return typedNodes(values);
}

/** The value of a script; null when it cannot be mended. */
export function parseJsonLd(script: string): unknown {
  if (script.length > LONGEST_SCRIPT) return null;
  return parsed(script) ?? parsed(mended(script));
}

/** Objects with a type anywhere within the values, level by level. */
export function typedNodes(values: readonly unknown[]): JsonLdNode[] {
  const nodes: JsonLdNode[] = [];
  const queue: unknown[] = [...values];
  for (let at = 0; at < queue.length && at < MOST_NODES; at += 1) {
    const value = queue[at];
    if (!isObject(value)) continue;
    if (!Array.isArray(value) && value['@type'] !== undefined) nodes.push(value);
    for (const part of Object.values(value)) {
      if (isObject(part) && queue.length < MOST_NODES) queue.push(part);
    }
  }
  return nodes;
}

/** Types in lower case without the vocabulary's address: `newsarticle`. */
export function typesOf(node: JsonLdNode): string[] {
  const types = Array.isArray(node['@type']) ? (node['@type'] as unknown[]) : [node['@type']];
  return types
    .filter((type): type is string => typeof type === 'string')
    .map((type) =>
      type
        .slice(0, 200)
        .replace(/^.*[/#:]/, '')
        .toLowerCase(),
    );
}

export function hasType(node: JsonLdNode, types: ReadonlySet<string>): boolean {
  return typesOf(node).some((type) => types.has(type));
}

/** The first text among the values; objects give their `@value`, `name`, `url` or `@id`. */
export function textIn(value: unknown): string | null {
  if (typeof value === 'string') {
    const text = unescaped(value.slice(0, LONGEST_TEXT)).trim();
    return text === '' ? null : text;
  }
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (Array.isArray(value)) return firstText(value.slice(0, 20));
  if (!isObject(value)) return null;
  return firstText(['@value', 'name', 'url', '@id'].map((key) => value[key]).filter(isScalar));
}

/** Many systems escape for HTML what JSON needs no escaping for. */
export function unescaped(text: string): string {
  return /&(?:#\d{2,6}|#x[\da-f]{2,6}|[a-z]{2,10});/i.test(text) && !text.includes('<')
    ? decodeReferences(text)
    : text;
}

function firstText(values: readonly unknown[]): string | null {
  for (const value of values) {
    const text = Array.isArray(value) ? null : textIn(value);
    if (text !== null) return text;
  }
  return null;
}

export function isObject(value: unknown): value is JsonLdNode {
  return typeof value === 'object' && value !== null;
}

function isScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** What goes wrong most: comments, control characters in texts, commas before a bracket, a closing semicolon. */
function mended(script: string): string {
  return withoutBlocks(withoutBlocks(script, '/*', '*/'), '<!--', '-->')
    .replaceAll(/^[ \t]*(?:\/\/|<!\[CDATA\[|\]\]>).*$/gm, '')
    .replaceAll(/\p{Cc}+/gu, ' ')
    .replaceAll(/, {0,100}(?=[}\]])/g, '')
    .replace(/; {0,100}$/, '')
    .trim();
}

/** Cuts from each `open` to the next `close`, when what is cut can only be a comment: it begins a line or a gap. */
function withoutBlocks(text: string, open: string, close: string): string {
  const kept: string[] = [];
  let at = 0;
  for (;;) {
    const start = text.indexOf(open, at);
    const end = start < 0 ? -1 : text.indexOf(close, start + open.length);
    if (end < 0) return kept.join('') + text.slice(at);
    kept.push(text.slice(at, start));
    at = end + close.length;
  }
}
