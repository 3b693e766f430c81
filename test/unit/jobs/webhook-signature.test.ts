import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { newWebhookSecret, signedHeaders } from '../../../backbone/jobs/webhook-signature.ts';

describe('the signature of a delivery', () => {
  test('covers id, whole seconds and body with the bytes of the secret', () => {
    const secret = `whsec_${Buffer.from('a key of twenty-four byt').toString('base64')}`;
    const at = new Date('2026-01-02T03:04:05.678Z');
    const headers = signedHeaders({ id: 'msg_1', at, body: '{"a":1}', secret });
    const expected = createHmac('sha256', 'a key of twenty-four byt')
      .update('msg_1.1767323045.{"a":1}')
      .digest('base64');
    expect(headers).toEqual({
      'webhook-id': 'msg_1',
      'webhook-timestamp': '1767323045',
      'webhook-signature': `v1,${expected}`,
    });
  });

  test('has a secret of 32 random bytes', () => {
    const secrets = Array.from({ length: 20 }, newWebhookSecret);
    expect(new Set(secrets)).toHaveProperty('size', 20);
    for (const secret of secrets) {
      expect(secret).toMatch(/^whsec_/);
      expect(Buffer.from(secret.slice(6), 'base64')).toHaveLength(32);
    }
  });
});
