/** Header fields (RFC 5322) of a message or of a part of it. Pure; O(bytes). */
import { decodeText } from '../../parsing/charset.ts';
import { decodeWords } from './encoded-words.ts';

export interface HeaderBlock {
  readonly fields: HeaderFields;
  /** What follows the blank line. */
  readonly body: Buffer;
}

/** Longer fields are cut off and further ones left out: real headers have some ten KB. */
const LONGEST_FIELD = 64 * 1024;
const MOST_FIELDS = 1000;

const LINE_FEED = 0x0a;
const FIELD = /^([!-9;-~]{1,200})[ \t]{0,20}:/;

/** Fields by name; of a repeated one the first counts, as mail programs do it. */
export class HeaderFields {
  readonly #values = new Map<string, string>();

  get size(): number {
    return this.#values.size;
  }

  add(name: string, value: string): void {
    const key = name.toLowerCase();
    if (!this.#values.has(key)) this.#values.set(key, value);
  }

  /** Unfolded, with encoded words as they are; empty when there is no such field. */
  raw(name: string): string {
    return this.#values.get(name) ?? '';
  }

  /** For people: encoded words decoded, white space runs as one space; null when nothing is left. */
  text(name: string): string | null {
    const text = decodeWords(this.raw(name)).replaceAll(/\s+/g, ' ').trim().toWellFormed();
    return text === '' ? null : text;
  }
}

/** Fields up to the first blank line, or up to a line that cannot be one of a header. */
export function readHeaderBlock(bytes: Buffer): HeaderBlock {
  const fields = new HeaderFields();
  let open: OpenField | null = null;
  let at = 0;
  while (at < bytes.length) {
    const lineFeed = bytes.indexOf(LINE_FEED, at);
    const end = lineFeed < 0 ? bytes.length : lineFeed;
    const line = bytes.toString('latin1', at, Math.min(end, at + LONGEST_FIELD)).trimEnd();
    const next = Math.min(end + 1, bytes.length);
    if (line === '') {
      close(fields, open);
      return { fields, body: bytes.subarray(next) };
    }
    const started = /^[ \t]/.test(line) ? null : FIELD.exec(line);
    if (started !== null) {
      close(fields, open);
      const value = line.slice(started[0].length);
      open = { name: started[1] ?? '', parts: [value], length: value.length };
    } else if (/^[ \t]/.test(line) && open !== null) {
      fold(open, line);
    } else if (!isEnvelope(line) || open !== null || at > 0) {
      break;
    }
    at = next;
  }
  close(fields, open);
  return { fields, body: bytes.subarray(at) };
}

interface OpenField {
  readonly name: string;
  readonly parts: string[];
  length: number;
}

function close(fields: HeaderFields, field: OpenField | null): void {
  if (field !== null && fields.size < MOST_FIELDS)
    fields.add(field.name, readableValue(field.parts.join('')));
}

function fold(field: OpenField, line: string): void {
  if (field.length + line.length > LONGEST_FIELD) return;
  field.parts.push(line);
  field.length += line.length;
}

/** The line a mailbox file puts in front of each message. */
function isEnvelope(line: string): boolean {
  return /^>?From /.test(line);
}

/** Raw bytes beyond ASCII are UTF-8 (RFC 6532) or whatever the sender's machine used. */
function readableValue(latin1: string): string {
  const value = latin1.slice(0, LONGEST_FIELD).trim();
  if (!/[^\0-\x7f]/.test(value)) return value.replaceAll('\0', '');
  return decodeText(Buffer.from(value, 'latin1'), { declared: null, kind: 'text' }).text;
}
