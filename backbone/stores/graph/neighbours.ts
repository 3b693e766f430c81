import { storableText } from '../postgres-text.ts';
import type { ContentGraph, RelationReason } from './graph-store.ts';

/** A node that contents share, and how strongly one content is tied to it. */
export interface Neighbour {
  readonly kind: Exclude<RelationReason['kind'], 'link' | 'citation'>;
  /** The same for all spellings that differ in case and spaces alone. */
  readonly key: string;
  readonly name: string;
  /** Greater than 0; the lesser one of two contents counts for what they share. */
  readonly weight: number;
}

/** What sharing an author, a subject, or only a site says about two contents. A link or citation is said outright. */
export const RELATION_WEIGHTS = {
  link: 3,
  citation: 3,
  author: 2,
  entity: 1,
  keyword: 1,
  reference: 1,
  topic: 0.5,
  venue: 0.5,
  site: 0.5,
} as const satisfies Record<RelationReason['kind'], number>;

/** An index row of PostgreSQL holds 2,704 bytes; names of honest sources are far shorter. */
const MAX_NAME_LENGTH = 200;

/** Every neighbour once, in the order of kind and key. */
export function neighboursOf(
  graph: Pick<ContentGraph, 'authors' | 'siteName' | 'entities' | 'keywords' | 'paper'>,
): Neighbour[] {
  const found = new Map<string, Neighbour>();
  const add = (kind: Neighbour['kind'], name: string, strength: number, scope = '', id = name): void => {
    const shown = storableText(name.trim().slice(0, MAX_NAME_LENGTH));
    const key = scope + workKey(id);
    const weight = RELATION_WEIGHTS[kind] * strength;
    if (key === scope || !(weight > 0)) return;
    const before = found.get(`${kind} ${key}`);
    found.set(`${kind} ${key}`, {
      kind,
      key,
      name: before?.name ?? shown,
      weight: Math.max(weight, before?.weight ?? 0),
    });
  };

  for (const author of graph.authors) add('author', author, 1);
  if (graph.siteName !== null) add('site', graph.siteName, 1);
  // One mention counts half of what many do.
  for (const { name, type, count } of graph.entities) add('entity', name, count / (count + 1), `${type}:`);
  for (const { term, score } of graph.keywords) add('keyword', term, Math.min(score, 1));
  const { cites = [], venue = null, topics = [] } = graph.paper ?? {};
  // A work that is cited by two ids counts once.
  for (const { keys, name } of cites)
    for (const key of keys) add('reference', name, 1 / keys.length, '', key);
  if (venue !== null) add('venue', venue, 1);
  for (const topic of topics) add('topic', topic, 1);
  return [...found.values()].sort(
    (one, other) => compare(one.kind, other.kind) || compare(one.key, other.key),
  );
}

/** How names and the keys of works are compared. */
export function workKey(name: string): string {
  return normalised(storableText(name.trim().slice(0, MAX_NAME_LENGTH)));
}

function normalised(name: string): string {
  const folded = name.normalize('NFKC').replaceAll(/\s+/g, ' ').trim().toLowerCase();
  return folded.slice(0, MAX_NAME_LENGTH).toWellFormed();
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
