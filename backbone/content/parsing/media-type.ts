/**
 * What a file is, by its bytes. The transport's declaration and the file's name only decide between
 * kinds of text that look alike (Markdown and plain text, say), or where the bytes seen do not reach far
 * enough (an Office file whose telling entries stand at its end).
 */
import { fileTypeFromBuffer } from 'file-type';
import { decodeText } from './charset.ts';
import { describeMediaType } from './media-type-descriptions.ts';
import {
  FB2_ZIP_TYPE,
  bareMediaType,
  extensionOf,
  isHintedFb2,
  type MediaTypeHints,
} from './media-type-hints.ts';
import { sniffText } from './text-media-type.ts';

export interface DetectedMediaType {
  /** Without parameters, in lower case. `application/octet-stream` when nothing fits. */
  readonly mediaType: string;
  /** For a sentence to a person: "a PDF document", "a web page". */
  readonly description: string;
}

export const DOCX_TYPE = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
export const PPTX_TYPE = 'application/vnd.openxmlformats-officedocument.presentationml.presentation';
/** A presentation that opens as a show: the same parts inside. */
export const PPSX_TYPE = 'application/vnd.openxmlformats-officedocument.presentationml.slideshow';
export const XLSX_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
export const ODT_TYPE = 'application/vnd.oasis.opendocument.text';
export const ODS_TYPE = 'application/vnd.oasis.opendocument.spreadsheet';
export const ODP_TYPE = 'application/vnd.oasis.opendocument.presentation';
export const RTF_TYPE = 'application/rtf';
/** A message as Outlook saves it. */
export const MSG_TYPE = 'application/vnd.ms-outlook';
/** An OOXML file that is locked by a password: an OLE compound file outside, so its real kind is hidden. */
export const ENCRYPTED_OFFICE_TYPE = 'application/x-encrypted-office';

const UNKNOWN = 'application/octet-stream';
const TEXT_SAMPLE_BYTES = 64 * 1024;
/** Readers of PDF accept the header anywhere in the first KiB. */
const PDF_HEADER_BYTES = 1024;
/** Beyond this share of control characters the bytes are no text. */
const MAX_CONTROL_SHARE = 0.02;

/** Formats whose files may consist of readable characters alone; any other match on readable text is chance. */
const READABLE_FORMATS = new Set(['application/pdf', RTF_TYPE, 'application/postscript', 'application/eps']);

const ZIP_MARKS: readonly (readonly [entry: string, mediaType: string])[] = [
  ['word/document', DOCX_TYPE],
  ['xl/workbook', XLSX_TYPE],
  ['ppt/presentation', PPTX_TYPE],
  ['META-INF/container.xml', 'application/epub+zip'],
];
/** Names of streams in an OLE compound file; they stand there in UTF-16. */
const OLE_MARKS: readonly (readonly [stream: string, mediaType: string])[] = [
  // First, since a message may carry files of all the others.
  ['__properties_version1.0', MSG_TYPE],
  ['EncryptedPackage', ENCRYPTED_OFFICE_TYPE],
  ['WordDocument', 'application/msword'],
  ['PowerPoint Document', 'application/vnd.ms-powerpoint'],
  ['Workbook', 'application/vnd.ms-excel'],
  ['Book', 'application/vnd.ms-excel'],
];
/** Of an entry in a ZIP archive, and where in it the name and its length stand. */
const LOCAL_HEADER = 'PK\x03\x04';
const LOCAL_NAME = 30;
const LOCAL_NAME_LENGTH = 26;
const BY_EXTENSION: Readonly<Record<string, string>> = {
  docx: DOCX_TYPE,
  xlsx: XLSX_TYPE,
  pptx: PPTX_TYPE,
  epub: 'application/epub+zip',
  doc: 'application/msword',
  xls: 'application/vnd.ms-excel',
  ppt: 'application/vnd.ms-powerpoint',
  msg: MSG_TYPE,
};

/**
 * The media type of a file from its first bytes: 64 KiB at least, or the whole file when it is shorter;
 * more helps with archives. Never throws for bad bytes.
 */
export async function detectMediaType(head: Uint8Array, hints: MediaTypeHints): Promise<DetectedMediaType> {
  if (head.length === 0) return { mediaType: UNKNOWN, description: 'an empty file' };
  const mediaType = await mediaTypeOf(head, hints);
  return { mediaType, description: describeMediaType(mediaType) };
}

async function mediaTypeOf(head: Uint8Array, hints: MediaTypeHints): Promise<string> {
  const found = await bySignature(head);
  if (found === 'application/zip')
    return (
      insideContainer(head, ZIP_MARKS, 'latin1', hints) ?? (isZippedFb2(head, hints) ? FB2_ZIP_TYPE : found)
    );
  if (found === 'application/x-cfb') return insideContainer(head, OLE_MARKS, 'utf16le', hints) ?? found;
  const text = readableText(head);
  if (found !== null && found !== 'application/xml') {
    if (text === null || READABLE_FORMATS.has(found) || found.startsWith('text/')) return found;
  }
  if (hasLatePdfHeader(head)) return 'application/pdf';
  return text === null ? UNKNOWN : sniffText(text, hints);
}

/** What `file-type` sees. It may trip over malformed containers: those are then of an unknown kind. */
async function bySignature(head: Uint8Array): Promise<string | null> {
  const found = await fileTypeFromBuffer(head).catch(() => undefined);
  return bareMediaType(found?.mime ?? null) ?? null;
}

/** An entry's name is searched in the raw bytes, so that a head without the archive's directory will do. */
function insideContainer(
  head: Uint8Array,
  marks: typeof ZIP_MARKS,
  encoding: 'latin1' | 'utf16le',
  hints: MediaTypeHints,
): string | null {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  const hits = marks.filter(([mark]) => bytes.includes(mark, 0, encoding)).map(([, mediaType]) => mediaType);
  const named = BY_EXTENSION[extensionOf(hints.fileName)];
  // What is inside may itself hold files of the other kinds.
  const hit = hits.find((mediaType) => mediaType === named) ?? hits[0];
  if (hit !== undefined) return hit;
  const mediaTypes = marks.map(([, mediaType]) => mediaType);
  const hinted = [BY_EXTENSION[extensionOf(hints.fileName)], bareMediaType(hints.declared)];
  return hinted.find((mediaType) => mediaType !== undefined && mediaTypes.includes(mediaType)) ?? null;
}

/** By the names of the entries that begin within the head. */
function isZippedFb2(head: Uint8Array, hints: MediaTypeHints): boolean {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  for (let at = bytes.indexOf(LOCAL_HEADER); at >= 0; at = bytes.indexOf(LOCAL_HEADER, at + 4)) {
    if (at + LOCAL_NAME > bytes.length) break;
    const end = at + LOCAL_NAME + bytes.readUInt16LE(at + LOCAL_NAME_LENGTH);
    if (/^\.fb2$/i.test(bytes.toString('latin1', end - 4, end))) return true;
  }
  return isHintedFb2(hints);
}

function hasLatePdfHeader(head: Uint8Array): boolean {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  const start = bytes.subarray(0, PDF_HEADER_BYTES).toString('latin1');
  return (
    /%PDF-[12]\.\d/.test(start) && /\b\d+ \d+ obj\b/.test(bytes.toString('latin1', 0, TEXT_SAMPLE_BYTES))
  );
}

/** The beginning as text, or null when control characters give it away as something else. */
function readableText(head: Uint8Array): string | null {
  const sample = head.subarray(0, TEXT_SAMPLE_BYTES);
  const { text, charset } = decodeText(sample, { declared: null, kind: 'html' });
  const nulBytes = charset.startsWith('utf-16') || charset.startsWith('utf-32') ? 0 : count(sample, isNul);
  const controls = count(Buffer.from(text.slice(0, TEXT_SAMPLE_BYTES), 'utf8'), isControl);
  return (controls + nulBytes) / sample.length > MAX_CONTROL_SHARE ? null : text;
}

function count(bytes: Uint8Array, test: (byte: number) => boolean): number {
  let found = 0;
  for (const byte of bytes) if (test(byte)) found += 1;
  return found;
}

function isNul(byte: number): boolean {
  return byte === 0;
}

/** Backspace to carriage return and escape occur in texts. */
function isControl(byte: number): boolean {
  return (byte < 0x20 && (byte < 0x08 || byte > 0x0d) && byte !== 0x1b) || byte === 0x7f;
}
