import type { IncomingHttpHeaders } from 'node:http';
import type { ApiKeys, Caller, Scope } from '../../access/api-keys.ts';
import { AppError } from '../../errors.ts';

/** The key a request carries: `Authorization: Bearer KEY`, or `X-API-Key`. */
export function keyIn(headers: IncomingHttpHeaders): string | null {
  const bearer = /^bearer +(\S{1,200})$/i.exec(headers.authorization ?? '')?.[1];
  const plain = headers['x-api-key'];
  return bearer ?? (typeof plain === 'string' && plain !== '' ? plain : null);
}

/** @throws AppError unauthorized, forbidden, store_unavailable */
export async function authenticate(
  keys: Pick<ApiKeys, 'verify'>,
  key: string | null,
  scope: Scope,
): Promise<Caller> {
  const caller = key === null ? null : await keys.verify(key);
  if (caller === null) throw new AppError('unauthorized');
  if (!caller.scopes.includes(scope)) throw new AppError('forbidden', { params: { scope } });
  return caller;
}
