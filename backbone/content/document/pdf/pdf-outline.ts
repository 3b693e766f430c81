import type { JsonValue } from '../../model.ts';
import type { OutlineTarget } from './layout/headings.ts';

export interface OutlineEntry {
  readonly title: string;
  /** 1-based; null when the entry leads nowhere in this file. */
  readonly page: number | null;
  readonly items: readonly OutlineEntry[];
}

/** The parts of pdf.js's document that an outline is read with. */
export interface OutlineDocument {
  getOutline(): Promise<readonly RawOutlineNode[] | null>;
  getDestination(name: string): Promise<readonly unknown[] | null>;
  getPageIndex(reference: { num: number; gen: number }): Promise<number>;
}

export interface RawOutlineNode {
  readonly title: string;
  readonly dest: string | readonly unknown[] | null;
  readonly items: readonly RawOutlineNode[];
}

const MAX_ENTRIES = 1000;
const MAX_DEPTH = 12;
const MAX_TITLE_LETTERS = 500;

/** Reads at most 1,000 entries, twelve deep. An outline that cannot be read is no outline. */
export async function readOutline(document: OutlineDocument): Promise<readonly OutlineEntry[]> {
  const nodes = await document.getOutline().catch(() => null);
  return nodes === null ? [] : entriesOf(document, nodes, 1, { left: MAX_ENTRIES });
}

/** The entries that lead to a page, flat, with their depth from 1. */
export function outlineTargets(entries: readonly OutlineEntry[], depth = 1): readonly OutlineTarget[] {
  return entries.flatMap(({ title, page, items }) => [
    ...(page === null ? [] : [{ title, page, depth }]),
    ...outlineTargets(items, depth + 1),
  ]);
}

export function outlineJson(entries: readonly OutlineEntry[]): readonly JsonValue[] {
  return entries.map(({ title, page, items }) => ({
    title,
    page,
    ...(items.length === 0 ? {} : { items: outlineJson(items) }),
  }));
}

async function entriesOf(
  document: OutlineDocument,
  nodes: readonly RawOutlineNode[],
  depth: number,
  budget: { left: number },
): Promise<readonly OutlineEntry[]> {
  const entries: OutlineEntry[] = [];
  for (const node of nodes) {
    if (budget.left <= 0) break;
    budget.left--;
    entries.push({
      title: cleanTitle(node.title),
      page: await pageOf(document, node.dest),
      items: depth < MAX_DEPTH ? await entriesOf(document, node.items, depth + 1, budget) : [],
    });
  }
  return entries;
}

function cleanTitle(title: string): string {
  return title
    .slice(0, MAX_TITLE_LETTERS)
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim();
}

async function pageOf(document: OutlineDocument, dest: RawOutlineNode['dest']): Promise<number | null> {
  try {
    const explicit = typeof dest === 'string' ? await document.getDestination(dest) : dest;
    const target = explicit?.[0];
    if (typeof target === 'number') return Number.isInteger(target) && target >= 0 ? target + 1 : null;
    return isReference(target) ? (await document.getPageIndex(target)) + 1 : null;
  } catch {
    // The entry leads to a page that is not there; its title is still worth having.
    return null;
  }
}

function isReference(target: unknown): target is { num: number; gen: number } {
  return (
    typeof target === 'object' &&
    target !== null &&
    'num' in target &&
    'gen' in target &&
    typeof target.num === 'number' &&
    typeof target.gen === 'number'
  );
}
