import { z } from 'zod';
import { SCOPES } from '../../access/api-keys.ts';
import { count, named, nullableTime, shortText, time } from './common.ts';

/* In */

/** A tenant is part of the keys of stored files: letters, digits, `-` and `_` alone. */
const tenant = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, 'lower-case letters, digits, - and _ only');
const scopes = z.array(z.enum(SCOPES)).min(1).max(SCOPES.length);

export const keyInput = z.strictObject({ name: shortText, scopes, tenant });

/* Out */

export const key = named(
  'ApiKey',
  z.object({
    key_id: z.string(),
    tenant: z.string(),
    name: z.string(),
    scopes: z.array(z.string()),
    first_start: z.boolean(),
    created_at: time,
    revoked_at: nullableTime,
    last_used_at: nullableTime,
  }),
);
export const keyList = named('ApiKeyList', z.object({ total: count, items: z.array(key) }));
/** The key itself is told in this answer alone. */
export const keyCreated = named('ApiKeyCreated', z.object({ key_id: z.string(), key: z.string() }));
