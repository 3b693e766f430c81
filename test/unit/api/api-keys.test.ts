import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { CACHE_MS, createApiKeys, type ApiKeys } from '../../../backbone/access/api-keys.ts';
import { ensureFirstKey } from '../../../backbone/access/first-key.ts';
import type { RecordStore } from '../../../backbone/stores/records/record-store.ts';
import { openTestRecords } from '../../support/records.ts';

let records: RecordStore;
let keys: ApiKeys;
let now: Date;
let queries: string[];

beforeAll(async () => {
  records = await openTestRecords();
});
afterAll(() => records.close());
beforeEach(async () => {
  await records.query('DELETE FROM api_keys');
  now = new Date('2026-01-01T00:00:00Z');
  queries = [];
  const counted: Pick<RecordStore, 'query'> = {
    query: (sql, params) => {
      queries.push(sql);
      return records.query(sql, params);
    },
  };
  keys = createApiKeys({ records: counted, now: () => now, randomBytes });
});

const READER = { userId: 'ada', name: 'reader', scopes: ['read'] } as const;

describe('API keys', () => {
  test('tell who calls, with what scopes', async () => {
    const { key, keyId } = await keys.createKey(READER);
    expect(key).toMatch(/^ci_[0-9a-f]{12}_[\w-]{43}$/);
    expect(await keys.verify(key)).toEqual({ keyId, userId: 'ada', scopes: ['read'] });
  });

  test('are stored as hashes alone', async () => {
    const { key } = await keys.createKey(READER);
    const rows = await records.query('SELECT * FROM api_keys');
    expect(JSON.stringify(rows)).not.toContain(key.slice('ci_000000000000_'.length));
  });

  test.each([
    '',
    'nonsense',
    'ci_000000000000_',
    `ci_000000000000_${'a'.repeat(43)}`,
    `ci_${'0'.repeat(500)}`,
  ])('that are malformed or unknown are refused: %s', async (key) => {
    expect(await keys.verify(key)).toBeNull();
  });

  test('with another secret under a known id are refused, also when the right one is cached', async () => {
    const { key, keyId } = await keys.createKey(READER);
    await keys.verify(key);
    expect(await keys.verify(`ci_${keyId}_${'a'.repeat(43)}`)).toBeNull();
  });

  test('are looked up once a minute', async () => {
    const { key } = await keys.createKey(READER);
    await keys.verify(key);
    queries = [];
    now = new Date(now.getTime() + CACHE_MS - 1);
    await keys.verify(key);
    expect(queries).toHaveLength(0);
    now = new Date(now.getTime() + 1);
    await keys.verify(key);
    expect(queries).not.toHaveLength(0);
  });

  test('remember when they were used last', async () => {
    const { key } = await keys.createKey(READER);
    await keys.verify(key);
    expect((await keys.list())[0]?.lastUsedAt).toEqual(now);
  });

  test('that are revoked stop working at once, and can be revoked only once', async () => {
    const { key, keyId } = await keys.createKey(READER);
    await keys.verify(key);
    expect(await keys.revoke(keyId)).toBe(true);
    expect(await keys.verify(key)).toBeNull();
    expect(await keys.revoke(keyId)).toBe(false);
    expect(await keys.revoke('nobody')).toBe(false);
  });

  test('that were revoked by another process stop working within a minute', async () => {
    const { key, keyId } = await keys.createKey(READER);
    await keys.verify(key);
    await createApiKeys({ records, now: () => now, randomBytes }).revoke(keyId);
    now = new Date(now.getTime() + CACHE_MS);
    expect(await keys.verify(key)).toBeNull();
  });

  test('beyond a thousand push the oldest out of the cache, not out of service', async () => {
    const stored = new Map<unknown, object>();
    let lookUps = 0;
    const memory: Pick<RecordStore, 'query'> = {
      query: async <T extends object>(sql: string, params: readonly unknown[] = []) => {
        const [id, user_id, , hash, scopes] = params;
        if (sql.startsWith('INSERT')) stored.set(id, { user_id, hash, scopes });
        if (!sql.startsWith('SELECT')) return [];
        lookUps += 1;
        return [stored.get(id)] as T[];
      },
    };
    keys = createApiKeys({ records: memory, now: () => now, randomBytes });
    const made = await Promise.all(Array.from({ length: 1001 }, () => keys.createKey(READER)));
    for (const { key } of made) await keys.verify(key);
    lookUps = 0;
    for (const { key } of made.slice(1)) expect(await keys.verify(key)).not.toBeNull();
    expect(lookUps).toBe(0);
    expect(await keys.verify(made[0]?.key ?? '')).not.toBeNull();
    expect(lookUps).toBe(1);
  });

  test('are listed without their secrets', async () => {
    const { keyId } = await keys.createKey(READER);
    const expected = { keyId, userId: 'ada', name: 'reader', scopes: ['read'], firstStart: false };
    expect(await keys.list()).toEqual([{ ...expected, createdAt: now, revokedAt: null, lastUsedAt: null }]);
  });
});

describe('the first key', () => {
  let dataDir: string;
  beforeEach(async () => {
    dataDir = await mkdtemp(path.join(tmpdir(), 'api-key-'));
  });
  afterEach(() => rm(dataDir, { recursive: true }));

  const ensure = (): ReturnType<typeof ensureFirstKey> =>
    ensureFirstKey(keys, { dataDir, userId: 'default' });

  test('is made once, with every scope, and only its owner can read it', async () => {
    const first = await ensure();
    expect(first).toMatchObject({ created: true, file: path.join(dataDir, 'api-key') });
    expect(await keys.verify(first.key)).toMatchObject({
      userId: 'default',
      scopes: ['read', 'write', 'admin'],
    });
    expect((await stat(first.file)).mode & 0o777).toBe(0o600);
    expect(await readFile(first.file, 'utf8')).toBe(`${first.key}\n`);
    expect(await ensure()).toEqual({ ...first, created: false });
    expect(await readdir(dataDir)).toEqual(['api-key']);
  });

  test('is replaced when its file is missing, and the old one stops working', async () => {
    const old = await ensure();
    await rm(old.file);
    const fresh = await ensure();
    expect(fresh.created).toBe(true);
    expect(await keys.verify(old.key)).toBeNull();
    const active = (await keys.list()).filter(({ revokedAt }) => revokedAt === null);
    expect(active).toHaveLength(1);
    expect(fresh.key).toContain(active[0]?.keyId);
  });

  test('is replaced when the file holds something else', async () => {
    await writeFile(path.join(dataDir, 'api-key'), 'x'.repeat(1000));
    expect((await ensure()).created).toBe(true);
  });

  test('leaves other keys alone when it is replaced', async () => {
    const { key } = await keys.createKey(READER);
    await ensure();
    expect(await keys.verify(key)).not.toBeNull();
  });

  test('fails when the folder cannot be read for another reason', async () => {
    const { file } = await ensure();
    await rm(file);
    await mkdir(file);
    await expect(ensure()).rejects.toMatchObject({ code: 'EISDIR' });
  });
});
