import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { createApiKeys, type KeyInfo } from '../access/api-keys.ts';
import type { Config } from '../config.ts';
import { CONTENT_TYPES } from '../content/content-types.ts';
import { findRunning, lockDataFolder } from '../data-folder.ts';
import { openRecords } from '../stores/records/open-records.ts';
import { ApiFailure, createBackboneClient, type BackboneClient, type KeyShape } from './client.ts';
import { UnknownKey } from './failures.ts';
import { readKey } from './session.ts';

/** Where keys are made, shown and revoked. */
export interface KeyDesk extends Pick<BackboneClient, 'createKey' | 'listKeys' | 'revokeKey'> {
  close(): Promise<void>;
}

/**
 * The backbone that is running on the data folder, since the database is its alone; else the database itself.
 * @throws AppError data_folder_locked, data_folder_damaged, config_invalid
 */
export async function openKeyDesk(config: Config): Promise<KeyDesk> {
  const running = findRunning(config.dataDir);
  if (running === null) return openOwnDesk(config);
  const client = createBackboneClient({ url: running.url, key: await readKey(config) });
  return {
    ...client,
    revokeKey: async (keyId) => {
      try {
        await client.revokeKey(keyId);
      } catch (error) {
        throw error instanceof ApiFailure && error.status === 404 ? unknownKey(keyId) : error;
      }
    },
    close: () => Promise.resolve(),
  };
}

async function openOwnDesk(config: Config): Promise<KeyDesk> {
  const lock = lockDataFolder(config.dataDir);
  try {
    const records = await openRecords({
      url: config.RECORDS_URL,
      folder: path.join(config.dataDir, 'postgres'),
      types: CONTENT_TYPES.map((type) => type.tables),
    });
    await records.migrate();
    const keys = createApiKeys({ records, now: () => new Date(), randomBytes });
    return {
      createKey: async ({ tenant, name, scopes }) => {
        const { keyId, key } = await keys.createKey({ userId: tenant, name, scopes });
        return { key_id: keyId, key };
      },
      listKeys: async () => (await keys.list()).map(shapeOf),
      revokeKey: async (keyId) => {
        if (!(await keys.revoke(keyId))) throw unknownKey(keyId);
      },
      close: async () => {
        await records.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

function unknownKey(keyId: string): UnknownKey {
  return new UnknownKey(`There is no key ${keyId} that is in use.`);
}

function shapeOf(key: KeyInfo): KeyShape {
  return {
    key_id: key.keyId,
    tenant: key.userId,
    name: key.name,
    scopes: key.scopes,
    first_start: key.firstStart,
    created_at: key.createdAt.toISOString(),
    revoked_at: key.revokedAt?.toISOString() ?? null,
    last_used_at: key.lastUsedAt?.toISOString() ?? null,
  };
}
