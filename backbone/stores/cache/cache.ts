/**
 * Short-lived copies and messages between processes. Losing all of it loses nothing: PostgreSQL is the
 * truth. Values are strings (JSON by the caller). Methods may throw `store_unavailable` (systemic).
 */
export interface Cache {
  get(key: string): Promise<string | null>;
  set(key: string, value: string, ttlMs: number): Promise<void>;
  /** How many of the keys were there. */
  delete(keys: readonly string[]): Promise<number>;
  deletePrefix(prefix: string): Promise<number>;
  /** At most once, in order for one publisher and channel. */
  publish(channel: string, message: string): Promise<void>;
  /** Resolves once messages will arrive. The listener must not throw. */
  subscribe(channel: string, listener: (message: string) => void): Promise<CacheSubscription>;
  probe(): Promise<number>;
  close(): Promise<void>;
}

export interface CacheSubscription {
  unsubscribe(): Promise<void>;
}
