import { createHash } from 'node:crypto';
import { canonicalUrl } from '../fetch/canonical-url.ts';
import type { IdentitySource } from './content-type.ts';

const ID_LENGTH = 24;

/**
 * Content id where the source has no native one: 24 hex digits of the SHA-256 of the canonical address, or
 * the first 24 of the file's own.
 */
export function hashedIdentity(source: IdentitySource): string {
  if (source.kind === 'upload') return source.sha256.slice(0, ID_LENGTH);
  return createHash('sha256').update(canonicalUrl(source.url.href)).digest('hex').slice(0, ID_LENGTH);
}
