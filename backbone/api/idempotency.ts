import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { IdempotentRequest } from './services/submission.ts';

/** Headers of the routes that start jobs. */
export const idempotencyHeaders = z.object({
  'idempotency-key': z
    .string()
    .regex(/^[\x20-\x7e]{1,255}$/, 'must be 1 to 255 printable ASCII characters')
    .optional(),
});

export const REPLAYED_HEADER = 'idempotency-replayed';

export interface RequestIdentity {
  readonly method: string;
  readonly path: string;
  /** Everything that decides what the request does; files stand for themselves by their SHA-256. */
  readonly body: unknown;
}

/** SHA-256 in hex over method, path and canonical JSON: the order of an object's keys makes no difference. */
export function requestHash({ method, path, body }: RequestIdentity): string {
  return createHash('sha256')
    .update(`${method} ${path}\n${canonicalJson(body)}`)
    .digest('hex');
}

/** What `jobs.submit` needs to know about the key, or nothing when there is none. */
export function idempotentRequest(
  key: string | undefined,
  identity: RequestIdentity,
  answer: IdempotentRequest['answer'],
): { readonly idempotency?: IdempotentRequest } {
  if (key === undefined) return {};
  return { idempotency: { key, requestHash: requestHash(identity), answer } };
}

/** JSON with the keys of every object sorted. Its depth is bounded by `parseJson`. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );
}
