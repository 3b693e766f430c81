import type { Cache } from '../stores/cache/cache.ts';
import type { ContentRow } from '../stores/records/entities.ts';

const LIFETIME_MS = 60 * 60 * 1000;
const TIMES = new Set(['created_at', 'updated_at', 'deleted_at']);

/** Contents by id, for an hour. Purged at every change, so that it never answers what was changed or deleted. */
export class ContentCache {
  readonly #cache: Cache;

  constructor(cache: Cache) {
    this.#cache = cache;
  }

  async read(userId: string, contentId: string): Promise<ContentRow | null> {
    const cached = await this.#cache.get(keyOf(userId, contentId));
    return cached === null ? null : (JSON.parse(cached, reviveTimes) as ContentRow);
  }

  async write(row: ContentRow): Promise<void> {
    await this.#cache.set(keyOf(row.user_id, row.content_id), JSON.stringify(row), LIFETIME_MS);
  }

  /** How many entries there were. */
  async purge(userId: string, contentId: string): Promise<number> {
    return this.#cache.delete([keyOf(userId, contentId)]);
  }
}

function keyOf(userId: string, contentId: string): string {
  return `content:${userId}:${contentId}`;
}

function reviveTimes(this: unknown, key: string, value: unknown): unknown {
  return TIMES.has(key) && typeof value === 'string' ? new Date(value) : value;
}
