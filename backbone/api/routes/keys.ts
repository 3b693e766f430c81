import { z } from 'zod';
import type { KeyInfo } from '../../access/api-keys.ts';
import { AppError } from '../../errors.ts';
import { jsonBody, NO_INPUT, route, type Route } from '../route.ts';
import { pathId } from '../schemas/common.ts';
import { keyCreated, keyInput, keyList } from '../schemas/keys.ts';

const tag = 'Keys';

/** API keys of every tenant: the scope `admin` is the operator's. */
export const keyRoutes: readonly Route[] = [
  route({
    ...NO_INPUT,
    id: 'createKey',
    method: 'POST',
    path: '/keys',
    tag,
    summary: 'Make an API key; the answer alone tells it',
    scope: 'admin',
    body: jsonBody(keyInput),
    responses: { 201: { description: 'The key', schema: keyCreated } },
    errors: [],
    handler: async ({ body: { name, scopes, tenant } }, { services }) => {
      const { keyId, key } = await services.keys.createKey({ name, scopes, userId: tenant });
      return { status: 201, body: { key_id: keyId, key } };
    },
  }),
  route({
    ...NO_INPUT,
    id: 'listKeys',
    method: 'GET',
    path: '/keys',
    tag,
    summary: 'All API keys, without their secrets',
    scope: 'admin',
    responses: { 200: { description: 'The keys', schema: keyList } },
    errors: [],
    handler: async (_input, { services }) => {
      const keys = await services.keys.list();
      return { status: 200, body: { total: keys.length, items: keys.map(presentKey) } };
    },
  }),
  route({
    ...NO_INPUT,
    id: 'revokeKey',
    method: 'DELETE',
    path: '/keys/{key_id}',
    tag,
    summary: 'Revoke an API key',
    scope: 'admin',
    params: z.object({ key_id: pathId }),
    responses: { 204: { description: 'The key is revoked' } },
    errors: ['not_found'],
    handler: async ({ params: { key_id } }, { services }) => {
      if (!(await services.keys.revoke(key_id))) throw new AppError('not_found');
      return { status: 204 };
    },
  }),
];

function presentKey(key: KeyInfo): z.output<typeof keyList>['items'][number] {
  return {
    key_id: key.keyId,
    tenant: key.userId,
    name: key.name,
    scopes: [...key.scopes],
    first_start: key.firstStart,
    created_at: key.createdAt.toISOString(),
    revoked_at: key.revokedAt?.toISOString() ?? null,
    last_used_at: key.lastUsedAt?.toISOString() ?? null,
  };
}
