import { createHash, timingSafeEqual } from 'node:crypto';
import type { RecordStore } from '../stores/records/record-store.ts';

export const SCOPES = ['read', 'write', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

/** Who sends a request. */
export interface Caller {
  readonly keyId: string;
  /** The tenant. */
  readonly userId: string;
  readonly scopes: readonly Scope[];
}

export interface NewKey {
  readonly userId: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Made by the backbone itself at its first start. */
  readonly firstStart?: boolean;
}

/** A key as it may be shown: the secret is not kept. */
export interface KeyInfo {
  readonly keyId: string;
  readonly userId: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly firstStart: boolean;
  readonly createdAt: Date;
  readonly revokedAt: Date | null;
  readonly lastUsedAt: Date | null;
}

export interface ApiKeys {
  /** The whole key is told this once; only its hash is stored. */
  createKey(key: NewKey): Promise<{ readonly keyId: string; readonly key: string }>;
  /** False when there is no such key or it was revoked before. Other processes notice within a minute. */
  revoke(keyId: string): Promise<boolean>;
  /** Revokes all keys made at a first start. */
  revokeFirstKeys(): Promise<void>;
  list(): Promise<readonly KeyInfo[]>;
  /** Null for keys that are malformed, unknown or revoked: a caller cannot tell which. @throws AppError store_unavailable */
  verify(key: string): Promise<Caller | null>;
}

export interface ApiKeysOptions {
  readonly records: Pick<RecordStore, 'query'>;
  readonly now: () => Date;
  readonly randomBytes: (size: number) => Buffer;
}

/** How long a verified key is believed without asking the database, and so how long a revoked one may live on elsewhere. */
export const CACHE_MS = 60_000;
const CACHE_SIZE = 1000;

/** `ci_<12 hex>_<32 random bytes in base64url>`: 256 bits, so that a plain SHA-256 is a safe way to store it. */
const KEY_PATTERN = /^ci_([0-9a-f]{12})_[\w-]{43}$/;

interface KeyRecord {
  readonly user_id: string;
  readonly hash: Uint8Array;
  readonly scopes: readonly Scope[];
}

interface CachedKey {
  readonly record: KeyRecord;
  readonly until: number;
}

export function createApiKeys({ records, now, randomBytes }: ApiKeysOptions): ApiKeys {
  const cache = new Map<string, CachedKey>();
  /** Compared for unknown ids, so that they take as long as known ones. */
  const nobody: KeyRecord = { user_id: '', hash: randomBytes(32), scopes: [] };

  const lookUp = async (keyId: string): Promise<KeyRecord | null> => {
    const [record] = await records.query<KeyRecord>(
      'SELECT user_id, hash, scopes FROM api_keys WHERE key_id = $1 AND revoked_at IS NULL',
      [keyId],
    );
    return record ?? null;
  };

  /** Only keys that proved right are kept, so that guesses cannot push them out. */
  const remember = async (keyId: string, record: KeyRecord): Promise<void> => {
    const at = now();
    const [oldest] = cache.keys();
    if (cache.size >= CACHE_SIZE && oldest !== undefined) cache.delete(oldest);
    cache.set(keyId, { record, until: at.getTime() + CACHE_MS });
    await records.query(
      `UPDATE api_keys SET last_used_at = $2
       WHERE key_id = $1 AND (last_used_at IS NULL OR last_used_at <= $2::timestamptz - interval '1 minute')`,
      [keyId, at],
    );
  };

  return {
    createKey: (key) => insertKey({ records, now, randomBytes }, key),
    revoke: async (keyId) => {
      cache.delete(keyId);
      const revoked = await records.query(
        'UPDATE api_keys SET revoked_at = $2 WHERE key_id = $1 AND revoked_at IS NULL RETURNING key_id',
        [keyId, now()],
      );
      return revoked.length > 0;
    },
    revokeFirstKeys: async () => {
      cache.clear();
      await records.query('UPDATE api_keys SET revoked_at = $1 WHERE first_start AND revoked_at IS NULL', [
        now(),
      ]);
    },
    list: () => listKeys(records),
    verify: async (key) => {
      const keyId = KEY_PATTERN.exec(key)?.[1];
      if (keyId === undefined) return null;
      const cached = cache.get(keyId);
      const fresh = cached !== undefined && cached.until > now().getTime();
      if (!fresh) cache.delete(keyId);
      const record = fresh ? cached.record : await lookUp(keyId);
      const right = timingSafeEqual(hashOf(key), (record ?? nobody).hash);
      if (!right || record === null) return null;
      if (!fresh) await remember(keyId, record);
      return { keyId, userId: record.user_id, scopes: record.scopes };
    },
  };
}

async function insertKey(
  { records, now, randomBytes }: ApiKeysOptions,
  { userId, name, scopes, firstStart }: NewKey,
): Promise<{ readonly keyId: string; readonly key: string }> {
  const keyId = randomBytes(6).toString('hex');
  const key = `ci_${keyId}_${randomBytes(32).toString('base64url')}`;
  await records.query(
    `INSERT INTO api_keys (key_id, user_id, name, hash, scopes, first_start, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [keyId, userId, name, hashOf(key), scopes, firstStart ?? false, now()],
  );
  return { keyId, key };
}

interface KeyRow {
  readonly key_id: string;
  readonly user_id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly first_start: boolean;
  readonly created_at: Date;
  readonly revoked_at: Date | null;
  readonly last_used_at: Date | null;
}

async function listKeys(records: Pick<RecordStore, 'query'>): Promise<readonly KeyInfo[]> {
  const rows = await records.query<KeyRow>(
    `SELECT key_id, user_id, name, scopes, first_start, created_at, revoked_at, last_used_at
     FROM api_keys ORDER BY created_at, key_id`,
  );
  return rows.map((row) => ({
    keyId: row.key_id,
    userId: row.user_id,
    name: row.name,
    scopes: row.scopes,
    firstStart: row.first_start,
    createdAt: row.created_at,
    revokedAt: row.revoked_at,
    lastUsedAt: row.last_used_at,
  }));
}

function hashOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
