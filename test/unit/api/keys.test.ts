import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startApi, type TestApi } from '../../support/api.ts';

let api: TestApi;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

describe('keys over HTTP', () => {
  test('are made, listed without their secrets, and revoked', async () => {
    const created = await api.post('/keys', { name: 'n8n', scopes: ['read'], tenant: 'default' });
    expect(created.status).toBe(201);
    const { key_id } = (await created.json()) as { readonly key_id: string };
    const list = (await (await api.call('/keys')).json()) as { readonly items: readonly object[] };
    expect(list.items).toContainEqual(expect.objectContaining({ key_id, name: 'n8n', revoked_at: null }));
    expect((await api.call(`/keys/${key_id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await api.call(`/keys/${key_id}`, { method: 'DELETE' })).status).toBe(404);
    const revoked = { key_id, revoked_at: '2026-01-01T12:00:00.000Z' };
    expect(await (await api.call('/keys')).json()).toMatchObject({ total: 1, items: [revoked] });
  });

  test('are the business of administrators', async () => {
    const headers = { authorization: 'Bearer other' };
    expect((await api.call('/keys', { headers })).status).toBe(403);
  });
});
