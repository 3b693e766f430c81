import { schemeOf, unknownScheme } from '../store-url.ts';
import type { Cache } from './cache.ts';
import { openMemoryCache, type MemoryCacheOptions } from './memory-cache.ts';

export interface CacheOptions extends MemoryCacheOptions {
  /** `memory:`. */
  readonly url: string;
}

/** @throws AppError config_invalid */
export function openCache({ url, ...options }: CacheOptions): Promise<Cache> {
  if (schemeOf(url) === 'memory:') return Promise.resolve(openMemoryCache(options));
  return Promise.reject(unknownScheme('CACHE_URL', url, ['memory:']));
}
