import { randomUUID } from 'node:crypto';
import type { Cache } from '../stores/cache/cache.ts';
import type { ContentRow } from '../stores/records/entities.ts';

const LIFETIME_MS = 60 * 60 * 1000;
const TIMES = new Set(['created_at', 'updated_at', 'deleted_at']);

/** What the cache knew of a content, and where what is read instead may be kept. */
export interface CacheLookup {
  readonly row: ContentRow | null;
  /** Keeps a row that was read after the look-up. */
  readonly keep: (row: ContentRow) => Promise<void>;
}

/**
 * Contents by id, for an hour. Entries belong to a generation, and every change starts a new one: what a slow
 * reader keeps of the state before is under a generation that nobody asks for any more.
 */
export class ContentCache {
  readonly #cache: Cache;
  readonly #newGeneration: () => string;

  constructor(cache: Cache, newGeneration: () => string = randomUUID) {
    this.#cache = cache;
    this.#newGeneration = newGeneration;
  }

  async lookUp(userId: string, contentId: string): Promise<CacheLookup> {
    const generation = await this.#generation(userId, contentId);
    const key = entryKey(userId, contentId, generation);
    const cached = await this.#cache.get(key);
    return {
      row: cached === null ? null : (JSON.parse(cached, reviveTimes) as ContentRow),
      keep: (row) => this.#cache.set(key, JSON.stringify(row), LIFETIME_MS),
    };
  }

  /** How many entries there were. */
  async purge(userId: string, contentId: string): Promise<number> {
    const former = await this.#cache.get(generationKey(userId, contentId));
    await this.#cache.set(generationKey(userId, contentId), this.#newGeneration(), LIFETIME_MS);
    return former === null ? 0 : this.#cache.delete([entryKey(userId, contentId, former)]);
  }

  async #generation(userId: string, contentId: string): Promise<string> {
    const key = generationKey(userId, contentId);
    const present = await this.#cache.get(key);
    if (present !== null) return present;
    const generation = this.#newGeneration();
    await this.#cache.set(key, generation, LIFETIME_MS);
    return generation;
  }
}

function generationKey(userId: string, contentId: string): string {
  return `content-generation:${userId}:${contentId}`;
}

function entryKey(userId: string, contentId: string, generation: string): string {
  return `content:${userId}:${contentId}:${generation}`;
}

function reviveTimes(this: unknown, key: string, value: unknown): unknown {
  return TIMES.has(key) && typeof value === 'string' ? new Date(value) : value;
}
