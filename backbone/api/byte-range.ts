import { createHash } from 'node:crypto';
import type { StoredFile } from '../stores/records/entities.ts';

/** Both ends inclusive, as in HTTP. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * What a `Range` header asks of a file. `whole` also for what may be ignored: other units, several ranges,
 * and anything malformed (RFC 9110, 14.2).
 */
export function rangeOf(
  header: string | undefined,
  sizeBytes: number,
): ByteRange | 'whole' | 'unsatisfiable' {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '');
  if (match === null) return 'whole';
  const [, first = '', last = ''] = match;
  if (first === '') return suffixRange(last, sizeBytes);
  const start = Number(first);
  const end = last === '' ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1);
  if (last !== '' && Number(last) < start) return 'whole';
  return start >= sizeBytes ? 'unsatisfiable' : { start, end };
}

function suffixRange(last: string, sizeBytes: number): ByteRange | 'whole' | 'unsatisfiable' {
  if (last === '') return 'whole';
  const length = Math.min(Number(last), sizeBytes);
  return length === 0 ? 'unsatisfiable' : { start: sizeBytes - length, end: sizeBytes - 1 };
}

/** Strong: a stored file never changes under its key. */
export function etagOf({ sha256, key }: Pick<StoredFile, 'sha256' | 'key'>): string {
  return `"${sha256 ?? createHash('sha256').update(key).digest('hex')}"`;
}

/** Whether an `If-None-Match` names this entity; weak comparison, as the RFC asks for. */
export function etagMatches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === etag);
}

const FALLBACK_NAME = 'file';

/** Always a download: what strangers sent is never shown under our own origin. */
export function attachment(fileName: string | null): string {
  const name = (fileName ?? FALLBACK_NAME)
    .toWellFormed()
    .replaceAll(/[\p{Cc}/\\]/gu, '_')
    .slice(0, 200);
  const ascii = name.replaceAll(/[^\x20-\x7e]|["%]/g, '_');
  const encoded = encodeURIComponent(name.toWellFormed()).replaceAll(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}

/** The stored media type when it is one, without anything that could end the header. */
export function safeMediaType(mediaType: string): string {
  return /^[\w.+-]{1,100}\/[\w.+-]{1,100}$/.test(mediaType) ? mediaType : 'application/octet-stream';
}
