import { AppError } from '../../errors.ts';
import { roundTripMs } from '../round-trip.ts';
import type { Cache, CacheSubscription } from './cache.ts';

export interface MemoryCacheOptions {
  /** Milliseconds of any steady clock. */
  readonly now: () => number;
  readonly maxEntries?: number;
  /** Of keys and values together, as UTF-16. A larger value is not kept at all. */
  readonly maxBytes?: number;
  readonly onListenerError: (error: unknown, channel: string) => void;
}

const DEFAULT_MAX_ENTRIES = 50_000;
const DEFAULT_MAX_BYTES = 64 * 1024 * 1024;

/** A cache within the process: what was used longest ago goes first when there is no room. */
export function openMemoryCache(options: MemoryCacheOptions): Cache {
  const entries = expiringEntries(options);
  const channels = inProcessChannels(options.onListenerError);
  let isClosed = false;

  const whileOpen = async <T>(run: () => T): Promise<T> => {
    if (isClosed) throw new AppError('store_unavailable', { params: { store: 'cache' } });
    return Promise.resolve(run());
  };

  return {
    get: (key) => whileOpen(() => entries.get(key)),
    set: (key, value, ttlMs) => whileOpen(() => entries.set(key, value, ttlMs)),
    delete: (keys) => whileOpen(() => keys.filter((key) => entries.delete(key)).length),
    deletePrefix: (prefix) =>
      whileOpen(() => entries.keys().filter((key) => key.startsWith(prefix) && entries.delete(key)).length),
    publish: (channel, message) => whileOpen(() => channels.publish(channel, message)),
    subscribe: (channel, listener) => whileOpen(() => channels.subscribe(channel, listener)),
    probe: () => roundTripMs(() => whileOpen(() => entries.get(''))),
    close() {
      isClosed = true;
      entries.clear();
      channels.clear();
      return Promise.resolve();
    },
  };
}

interface Entry {
  readonly value: string;
  readonly expiresAt: number;
}

interface Entries {
  get(key: string): string | null;
  set(key: string, value: string, ttlMs: number): void;
  /** False also for what has expired. */
  delete(key: string): boolean;
  keys(): string[];
  clear(): void;
}

/** All O(1) but `keys`. What has expired leaves when it is asked for, or as the oldest. */
function expiringEntries({
  now,
  maxEntries = DEFAULT_MAX_ENTRIES,
  maxBytes = DEFAULT_MAX_BYTES,
}: MemoryCacheOptions): Entries {
  // A Map keeps the order of insertion, so its first key is the one used longest ago.
  const entries = new Map<string, Entry>();
  let bytes = 0;

  const take = (key: string): Entry | null => {
    const entry = entries.get(key);
    if (!entry) return null;
    entries.delete(key);
    bytes -= sizeOf(key, entry.value);
    return entry.expiresAt > now() ? entry : null;
  };
  const add = (key: string, entry: Entry): void => {
    entries.set(key, entry);
    bytes += sizeOf(key, entry.value);
  };

  return {
    get(key) {
      const entry = take(key);
      if (entry) add(key, entry);
      return entry?.value ?? null;
    },
    set(key, value, ttlMs) {
      take(key);
      if (!(ttlMs > 0)) return;
      add(key, { value, expiresAt: now() + ttlMs });
      for (const oldest of entries.keys()) {
        if (entries.size <= maxEntries && bytes <= maxBytes) break;
        take(oldest);
      }
    },
    delete: (key) => take(key) !== null,
    keys: () => [...entries.keys()],
    clear() {
      entries.clear();
      bytes = 0;
    },
  };
}

interface Channels {
  publish(channel: string, message: string): void;
  subscribe(channel: string, listener: (message: string) => void): CacheSubscription;
  clear(): void;
}

interface Subscription {
  readonly listener: (message: string) => void;
}

function inProcessChannels(onListenerError: MemoryCacheOptions['onListenerError']): Channels {
  const channels = new Map<string, Set<Subscription>>();

  const deliver = (channel: string, subscription: Subscription, message: string): void => {
    if (!channels.get(channel)?.has(subscription)) return;
    try {
      subscription.listener(message);
    } catch (error) {
      onListenerError(error, channel);
    }
  };

  return {
    publish(channel, message) {
      // As over a network: who publishes goes on before anybody hears of it.
      for (const subscription of channels.get(channel) ?? []) {
        queueMicrotask(() => deliver(channel, subscription, message));
      }
    },
    subscribe(channel, listener) {
      const subscription = { listener };
      channels.set(channel, (channels.get(channel) ?? new Set<Subscription>()).add(subscription));
      return {
        unsubscribe() {
          const subscriptions = channels.get(channel);
          subscriptions?.delete(subscription);
          if (subscriptions?.size === 0) channels.delete(channel);
          return Promise.resolve();
        },
      };
    },
    clear: () => channels.clear(),
  };
}

function sizeOf(key: string, value: string): number {
  return 2 * (key.length + value.length);
}
