/** A message, or a part of one: its fields and its body still as bytes (RFC 2045, 2046). Pure. */
import { parseParameterField } from './field-parameters.ts';
import { readHeaderBlock, type HeaderFields } from './header-fields.ts';

export interface MimeEntity {
  readonly fields: HeaderFields;
  /** In lower case. */
  readonly mediaType: string;
  readonly parameters: ReadonlyMap<string, string>;
  /** Whether the sender meant it as a file rather than as a part of the text. */
  readonly isAttachment: boolean;
  readonly fileName: string | null;
  /** Content-Transfer-Encoding in lower case. */
  readonly encoding: string;
  readonly body: Buffer;
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
/** The standard allows 70 characters. */
const LONGEST_BOUNDARY = 250;
const LONGEST_NAME = 250;
const MEDIA_TYPE = /^[\w!#$&^.+-]{1,127}\/[\w!#$&^.+-]{1,127}$/;

/** `defaultType`: what the part is when it does not say. O(header). */
export function readEntity(bytes: Buffer, defaultType: string): MimeEntity {
  const { fields, body } = readHeaderBlock(bytes);
  const type = parseParameterField(fields.raw('content-type'));
  const disposition = parseParameterField(fields.raw('content-disposition'));
  const fileName = nameOf(disposition.parameters.get('filename') ?? type.parameters.get('name') ?? '');
  return {
    fields,
    mediaType: MEDIA_TYPE.test(type.value) ? type.value : defaultType,
    parameters: type.parameters,
    isAttachment: disposition.value === 'attachment' || (fileName !== null && disposition.value !== 'inline'),
    fileName,
    encoding: fields.raw('content-transfer-encoding').toLowerCase(),
    body,
  };
}

/** The parts of a multipart body, at most `limit`; the text around them is left out. O(body). */
export function splitParts(body: Buffer, boundary: string, limit: number): readonly Buffer[] {
  const mark = Buffer.from(`--${boundary.trimEnd().slice(0, LONGEST_BOUNDARY)}`, 'utf8');
  const parts: Buffer[] = [];
  let start = -1;
  for (let at = body.indexOf(mark); at >= 0; at = body.indexOf(mark, at + mark.length)) {
    const line = delimiterAt(body, at, mark.length);
    if (line === null) continue;
    if (start >= 0) parts.push(body.subarray(start, Math.max(start, lineEndBefore(body, at))));
    start = line.isLast ? -1 : line.next;
    if (line.isLast || parts.length >= limit) return parts;
  }
  // A message that was cut off.
  if (start >= 0) parts.push(body.subarray(start));
  return parts;
}

interface Delimiter {
  readonly isLast: boolean;
  readonly next: number;
}

/** Null unless the mark fills a line but for two dashes and white space. */
function delimiterAt(body: Buffer, at: number, length: number): Delimiter | null {
  if (at > 0 && body[at - 1] !== LINE_FEED) return null;
  const lineFeed = body.indexOf(LINE_FEED, at + length);
  const end = lineFeed < 0 ? body.length : lineFeed;
  const rest = body.toString('latin1', at + length, Math.min(end, at + length + 100)).trimEnd();
  if (rest !== '' && rest !== '--') return null;
  return { isLast: rest === '--', next: Math.min(end + 1, body.length) };
}

/** The line break in front of a delimiter belongs to it. */
function lineEndBefore(body: Buffer, at: number): number {
  return body[at - 2] === CARRIAGE_RETURN ? at - 2 : at - 1;
}

function nameOf(text: string): string | null {
  const name = text.replaceAll(/\s+/g, ' ').trim().slice(0, LONGEST_NAME).toWellFormed();
  return name === '' ? null : name;
}
