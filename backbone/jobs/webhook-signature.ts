import { createHmac, randomBytes } from 'node:crypto';

/** Secrets as Standard Webhooks writes them: `whsec_` and base64 of 24 random bytes or more. */
export function newWebhookSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}

/** Headers of Standard Webhooks: HMAC-SHA256 over `id.timestamp.body`. */
export function signedHeaders(message: {
  readonly id: string;
  readonly at: Date;
  readonly body: string;
  readonly secret: string;
}): Record<string, string> {
  const timestamp = Math.floor(message.at.getTime() / 1000).toString();
  const key = Buffer.from(message.secret.replace(/^whsec_/, ''), 'base64');
  const signature = createHmac('sha256', key)
    .update(`${message.id}.${timestamp}.${message.body}`)
    .digest('base64');
  return { 'webhook-id': message.id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}
