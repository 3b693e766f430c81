import { describe, expect, test } from '@jest/globals';
import type { KeyShape } from '../../../backbone/cli/client.ts';
import { UnknownKey } from '../../../backbone/cli/failures.ts';
import type { KeyDesk } from '../../../backbone/cli/key-desk.ts';
import { manageKeys, renderKeys } from '../../../backbone/cli/keys.ts';
import { readConfig } from '../../../backbone/config.ts';

const KEY: KeyShape = {
  key_id: 'abc',
  tenant: 'acme',
  name: 'n8n\u0007',
  scopes: ['read', 'write'],
  first_start: false,
  created_at: '2026-01-02T03:04:05.000Z',
  revoked_at: null,
  last_used_at: '2026-01-03T03:04:05.000Z',
};

async function run(
  argv: readonly string[],
  parts: Partial<KeyDesk> = {},
): Promise<{ code: number; out: string[]; err: string[]; calls: unknown[] }> {
  const [out, err, calls]: [string[], string[], unknown[]] = [[], [], []];
  const desk: KeyDesk = {
    createKey: async (key) => {
      calls.push(key);
      return { key_id: 'abc', key: 'ci_abc_secret' };
    },
    listKeys: async () => [KEY],
    revokeKey: async (keyId) => void calls.push(keyId),
    close: async () => void calls.push('closed'),
    ...parts,
  };
  const code = await manageKeys(argv, {
    terminal: { out: (line) => void out.push(line), err: (line) => void err.push(line) },
    readConfig: () => readConfig({}),
    openKeyDesk: async () => desk,
  });
  return { code, out, err, calls };
}

describe('keys', () => {
  test('a new key stands alone on standard output', async () => {
    const { code, out, err, calls } = await run(['create', '--name', 'n8n', '--tenant', 'acme']);
    expect({ code, out }).toEqual({ code: 0, out: ['ci_abc_secret'] });
    expect(err).toEqual(['The key abc of acme may read, write. It is shown this once:']);
    expect(calls).toEqual([expect.objectContaining({ name: 'n8n', tenant: 'acme' }), 'closed']);
  });

  test('are listed as a table', async () => {
    expect((await run(['list'])).out).toEqual([
      'Key id  Name  Tenant  Scopes      Created           Last used         Revoked',
      'abc     n8n   acme    read,write  2026-01-02 03:04  2026-01-03 03:04  -',
    ]);
    expect(renderKeys([])).toHaveLength(1);
  });

  test('are revoked', async () => {
    const { code, out, calls } = await run(['revoke', 'abc']);
    expect({ code, calls }).toEqual({ code: 0, calls: ['abc', 'closed'] });
    expect(out[0]).toContain('abc is revoked');
  });

  test('that are unknown are told apart in a sentence', async () => {
    const revokeKey = (): Promise<void> =>
      Promise.reject(new UnknownKey('There is no key x that is in use.'));
    const { code, err, calls } = await run(['revoke', 'x'], { revokeKey });
    expect({ code, err, calls }).toEqual({
      code: 1,
      err: ['There is no key x that is in use.', 'npm run keys -- list shows all keys.'],
      calls: ['closed'],
    });
  });

  test('help and wrong arguments open nothing', async () => {
    expect(await run(['--help'])).toMatchObject({ code: 0, calls: [] });
    expect(await run(['nope'])).toMatchObject({ code: 2, out: [], calls: [] });
  });
});
