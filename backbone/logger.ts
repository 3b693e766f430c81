import { pino, type DestinationStream } from 'pino';

export type LogFields = Readonly<Record<string, unknown>>;
type LogMethod = (fields: LogFields, message: string) => void;

/** Structured logging: fields first, then one sentence. A child adds its bindings to every line. */
export interface Logger {
  readonly fatal: LogMethod;
  readonly error: LogMethod;
  readonly warn: LogMethod;
  readonly info: LogMethod;
  readonly debug: LogMethod;
  readonly trace: LogMethod;
  readonly child: (bindings: LogFields) => Logger;
}

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';

export interface LoggerOptions {
  readonly level: LogLevel;
  /** Standard output when left out. */
  readonly destination?: DestinationStream;
}

/** JSON lines with the time in UTC. Secrets are taken out of each finished line, whichever field they came in by. */
export function createLogger({ level, destination }: LoggerOptions): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: pino.stdSerializers.err, error: pino.stdSerializers.err },
    hooks: { streamWrite: withoutSecrets },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

const REDACTED = '[redacted]';
const SECRET_NAME =
  '(?:authorization|proxy-authorization|x-api-key|api[-_]?key|access[-_]?token|refresh[-_]?token|token|client[-_]?secret|secret|password|passwd|cookie|set-cookie|signature|sig|key)';

const QUERY_SECRET = new RegExp(`([?&;]${SECRET_NAME}=)[^&#\\s"'\\\\]+`, 'gi');
/** The value of a JSON member whose name says that it is secret. */
const SECRET_MEMBER = new RegExp(`("${SECRET_NAME}":)"(?:[^"\\\\]|\\\\.)*"`, 'gi');
const OWN_KEY = /\bci_([0-9a-f]{12})_[\w-]+/g;
const BEARER = /\b(bearer|basic)[ .][\w.~+/=-]+/gi;
/** Up to the first slash, so that an address in a path is no user name; bounded against long runs. */
const USER_INFO = /:\/\/[^\s/?#"'\\@]{1,512}@/g;

/**
 * The line without API keys, credentials in headers, passwords in addresses and secret query values. No
 * replacement touches a quote or a backslash, so a JSON line stays one. Linear in the line's length.
 */
export function withoutSecrets(line: string): string {
  return line
    .replaceAll(OWN_KEY, `ci_$1_${REDACTED}`)
    .replaceAll(BEARER, `$1 ${REDACTED}`)
    .replaceAll(USER_INFO, `://${REDACTED}@`)
    .replaceAll(QUERY_SECRET, `$1${REDACTED}`)
    .replaceAll(SECRET_MEMBER, `$1"${REDACTED}"`);
}
