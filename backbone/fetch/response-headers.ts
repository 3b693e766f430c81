import { MIMEType } from 'node:util';
import type { FetchResponse } from './fetcher.ts';

/** Longest file name kept, in characters: what common file systems take. */
const MAX_FILE_NAME_LENGTH = 255;

export type RawHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** What the header fields say about the body: everything of a response but status, address and body. */
export function describeHeaders(
  raw: RawHeaders,
  url: URL,
): Pick<FetchResponse, 'headers' | 'mediaType' | 'charset' | 'fileName' | 'sizeBytes'> {
  const headers = joinHeaders(raw);
  const type = parseMediaType(headers['content-type']);
  return {
    headers,
    mediaType: type?.essence ?? null,
    charset: type?.params.get('charset')?.toLowerCase() ?? null,
    fileName: dispositionName(headers['content-disposition'] ?? '') ?? pathName(url),
    sizeBytes: contentLength(headers),
  };
}

/** The codings of Content-Encoding in the order they were applied, without `identity`. */
export function contentCodings(headers: Readonly<Record<string, string>>): readonly string[] {
  const codings = (headers['content-encoding'] ?? '').split(',').map((coding) => coding.trim().toLowerCase());
  return codings.filter((coding) => coding !== '' && coding !== 'identity');
}

function joinHeaders(raw: RawHeaders): Readonly<Record<string, string>> {
  const entries = Object.entries(raw).flatMap(([name, value]) =>
    value === undefined
      ? []
      : [[name.toLowerCase(), Array.isArray(value) ? value.join(', ') : value] as const],
  );
  // No prototype: a header called __proto__ or constructor is only a name.
  return Object.assign(Object.create(null) as Record<string, string>, Object.fromEntries(entries));
}

function parseMediaType(value: string | undefined): MIMEType | null {
  try {
    return value === undefined ? null : new MIMEType(value);
  } catch {
    // A malformed Content-Type says nothing; the bytes decide (as in the MIME Sniffing standard).
    return null;
  }
}

function contentLength(headers: Readonly<Record<string, string>>): number | null {
  const text = headers['content-length'] ?? '';
  if (contentCodings(headers).length > 0 || !/^\d{1,15}$/.test(text)) return null;
  return Number(text);
}

/** Content-Disposition (RFC 6266): `filename*` before `filename`. */
function dispositionName(value: string): string | null {
  const extended = /(?:^|;)\s*filename\*\s*=\s*([\w-]{1,40})'[\w-]{0,40}'([^;\s]{1,2000})/i.exec(value);
  const decoded = extended?.[1] && extended[2] ? decodeExtended(extended[1], extended[2]) : null;
  if (decoded !== null) return safeName(decoded);
  const plain = /(?:^|;)\s*filename\s*=\s*(?:"((?:[^"\\]|\\.){0,2000})"|([^;"\s]{1,2000}))/i.exec(value);
  const name = plain?.[1]?.replaceAll(/\\(.)/g, '$1') ?? plain?.[2];
  return name === undefined ? null : safeName(fromLatin1(name));
}

/** RFC 8187 allows UTF-8 only; ISO-8859-1 is met in answers of older servers. */
function decodeExtended(charset: string, text: string): string | null {
  const utf8 = charset.toLowerCase() === 'utf-8' ? unescapeUtf8(text) : null;
  if (utf8 !== null || charset.toLowerCase() !== 'iso-8859-1') return utf8;
  return text.replaceAll(/%([0-9a-f]{2})/gi, (_whole, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

function pathName(url: URL): string | null {
  const last = url.pathname.slice(url.pathname.lastIndexOf('/') + 1);
  return safeName(unescapeUtf8(last) ?? last);
}

function unescapeUtf8(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** Header bytes reach us one byte a character; many servers put raw UTF-8 there. */
function fromLatin1(text: string): string {
  if (/[^\0-\xff]/.test(text)) return text;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(text, 'latin1'));
  } catch {
    return text;
  }
}

/** The last part of a path of either kind, without control characters: never a way out of a folder. */
function safeName(text: string): string | null {
  const last = text.split(/[/\\]/).at(-1) ?? '';
  const name = last.replaceAll(/\p{C}/gu, '').trim().slice(0, MAX_FILE_NAME_LENGTH);
  return name === '' || name === '.' || name === '..' ? null : name;
}
