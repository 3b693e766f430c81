import { AppError } from '../errors.ts';
import { ACCEPT_ENCODING } from './content-decoding.ts';

type Headers = Readonly<Record<string, string>>;

/** Set by the connection itself; a caller who sets them could smuggle a second request. */
const CONNECTION_HEADERS = new Set([
  ...['host', 'connection', 'content-length', 'transfer-encoding', 'upgrade', 'te', 'trailer', 'expect'],
  ...['keep-alive', 'proxy-authorization', 'proxy-connection', 'accept-encoding'],
]);

/** What another site may see after a redirect; all else, above all keys and cookies, was meant for the first one. */
const HARMLESS_HEADERS = new Set([
  ...['accept', 'accept-language', 'user-agent', 'range', 'if-none-match', 'if-modified-since'],
  ...['content-type'],
]);

/**
 * The caller's fields with ours, names in lower case.
 * @throws AppError invalid_request for a name or value that is no header field, and for fields the connection sets
 */
export function prepareHeaders(headers: Headers, userAgent: string): Headers {
  const prepared: Record<string, string> = { accept: '*/*', 'user-agent': userAgent };
  for (const [given, value] of Object.entries(headers)) {
    const name = given.toLowerCase();
    // RFC 9110, 5.1 and 5.5. Line breaks above all: they would end the field and begin another.
    if (!/^[\w!#$%&'*+.^`|~-]{1,200}$/.test(name) || /[^\t\x20-\x7e\x80-\xff]/.test(value))
      throw refused(given);
    if (CONNECTION_HEADERS.has(name)) throw refused(given);
    prepared[name] = value;
  }
  return { ...prepared, 'accept-encoding': ACCEPT_ENCODING };
}

/** What may go along to another origin. */
export function harmlessHeaders(headers: Headers): Headers {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => HARMLESS_HEADERS.has(name) || name === 'accept-encoding'),
  );
}

function refused(name: string): AppError {
  return new AppError('invalid_request', {
    fields: [{ field: `headers.${name}`, message: 'This header field cannot be sent.' }],
  });
}
