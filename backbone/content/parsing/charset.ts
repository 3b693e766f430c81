/**
 * Bytes to text. The order of evidence, strongest first:
 *
 * 1. a byte order mark;
 * 2. the zero bytes that UTF-16 and UTF-32 leave behind;
 * 3. valid UTF-8 with at least one character beyond ASCII: no text of another charset looks like that by
 *    chance, while declarations are often wrong;
 * 4. the transport's declaration, then the document's own;
 * 5. statistical detection (`chardet`).
 *
 * Of the last two the first one that decodes without loss wins, else the one that loses least.
 * NUL characters are dropped: they are never text, and PostgreSQL refuses them.
 */
import { isAscii, isUtf8 } from 'node:buffer';
import { analyse } from 'chardet';
import type { ContentWarning } from '../model.ts';
import { charsetDeclaredInDocument } from './declared-charset.ts';
import { charsetOfByteOrderMark, charsetOfZeroBytes, decodeUtf32 } from './unicode-bytes.ts';

export interface DecodeOptions {
  /** The label from the transport (`Content-Type: ...; charset=`). Unknown labels are ignored. */
  readonly declared: string | null;
  readonly kind: 'html' | 'xml' | 'text';
}

export interface DecodedText {
  /** Without a byte order mark and without NUL characters; never holds a lone surrogate. */
  readonly text: string;
  /** WHATWG name in lower case, or `utf-32le`, `utf-32be`. */
  readonly charset: string;
  /** Byte sequences that mean nothing in that charset; each stands as U+FFFD in the text. */
  readonly replacements: number;
  /** `text_undecodable` when there were any. */
  readonly warnings: readonly ContentWarning[];
}

/** A charset and what came out of it. */
interface Attempt {
  readonly text: string;
  readonly charset: string;
  readonly replacements: number;
}

/** Text of UTF-8 with some broken bytes has many more whole characters than broken ones; other charsets have not. */
const UTF8_WHOLE_PER_BROKEN = 20;
const SAMPLE_BYTES = 64 * 1024;
const ESCAPE = 0x1b;
/** Below this many bytes beyond ASCII, chardet guesses; Windows-1252 is the likeliest by far. */
const DETECTION_MIN_BYTES = 6;
const FALLBACK_CHARSET = 'windows-1252';
/** Labels that WHATWG knows but that never name the charset of a text. */
const NOT_TEXT = new Set(['x-user-defined', 'replacement']);

/** Decodes the bytes of a text. Never throws for bad bytes. O(bytes); keeps at most two copies of the text. */
export function decodeText(bytes: Uint8Array, options: DecodeOptions): DecodedText {
  const attempt = fromUnicodeSigns(bytes) ?? fromUtf8(bytes, options) ?? fromLabels(bytes, options);
  const text = attempt.text.includes('\0') ? attempt.text.replaceAll('\0', '') : attempt.text;
  return { ...attempt, text, warnings: warningsOf(attempt) };
}

function fromUnicodeSigns(bytes: Uint8Array): Attempt | null {
  const charset = charsetOfByteOrderMark(bytes) ?? charsetOfZeroBytes(bytes);
  return charset === null ? null : decodeAs(bytes, charset);
}

/** The text when it is UTF-8: wholly, but for a cut-off end, or but for a few broken bytes. */
function fromUtf8(bytes: Uint8Array, options: DecodeOptions): Attempt | null {
  if (isAscii(bytes)) return bytes.includes(ESCAPE) ? fromEscapes(bytes, options) : decodeAs(bytes, 'utf-8');
  if (isUtf8(bytes)) return { text: new TextDecoder().decode(bytes), charset: 'utf-8', replacements: 0 };
  const evidence = decodeAs(sample(bytes, firstHighByte(bytes), 'text'), 'utf-8');
  const whole = countBeyondAscii(evidence.text) - evidence.replacements;
  return whole >= evidence.replacements * UTF8_WHOLE_PER_BROKEN ? decodeAs(bytes, 'utf-8') : null;
}

/** ISO-2022-JP is ASCII by its bytes and switches by escape sequences. */
function fromEscapes(bytes: Uint8Array, options: DecodeOptions): Attempt {
  const labels = [...declaredLabels(bytes, options), ...detected(sample(bytes, 0, options.kind))];
  return decodeAs(bytes, labels.find((label) => label === 'iso-2022-jp') ?? 'utf-8');
}

function fromLabels(bytes: Uint8Array, options: DecodeOptions): Attempt {
  let best: Attempt | null = null;
  for (const charset of new Set(candidates(bytes, options))) {
    const attempt = decodeAs(bytes, charset);
    if (attempt.replacements === 0) return attempt;
    if (best === null || attempt.replacements < best.replacements) best = attempt;
  }
  return best ?? decodeAs(bytes, FALLBACK_CHARSET);
}

/** Lazily, since most texts are decided by their declaration. */
function* candidates(bytes: Uint8Array, options: DecodeOptions): Generator<string> {
  yield* declaredLabels(bytes, options);
  const evidence = sample(bytes, firstHighByte(bytes), options.kind);
  const enough = evidence.filter((byte) => byte > 0x7f).length >= DETECTION_MIN_BYTES;
  if (enough) yield* detected(evidence).slice(0, 2);
  yield FALLBACK_CHARSET;
}

function declaredLabels(bytes: Uint8Array, options: DecodeOptions): string[] {
  const inDocument = charsetDeclaredInDocument(bytes, options.kind);
  return [options.declared, inDocument].flatMap((label) => {
    const charset = label === null ? null : knownCharset(label);
    return charset === null ? [] : [charset];
  });
}

/** Best guess first. */
function detected(evidence: Uint8Array): string[] {
  return analyse(evidence).flatMap((match) => {
    const charset = knownCharset(match.name);
    return charset === null || charset.startsWith('utf-16') ? [] : [charset];
  });
}

/** Up to 64 KiB from shortly before `from`; without what stands between < and >, which is ASCII in any language. */
function sample(bytes: Uint8Array, from: number, kind: DecodeOptions['kind']): Uint8Array {
  const start = Math.max(0, from - 256);
  const window = bytes.subarray(start, start + SAMPLE_BYTES);
  if (kind === 'text') return window;
  let inTag = false;
  return window.filter((byte) => {
    if (byte === 0x3c) inTag = true;
    const kept = !inTag;
    if (byte === 0x3e) inTag = false;
    return kept;
  });
}

function firstHighByte(bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length && (bytes[at] ?? 0) <= 0x7f) at += 1;
  return at;
}

function decodeAs(bytes: Uint8Array, charset: string): Attempt {
  const text = charset.startsWith('utf-32')
    ? decodeUtf32(bytes, charset === 'utf-32le')
    : new TextDecoder(charset).decode(bytes);
  return { text, charset, replacements: countReplacements(text) };
}

function knownCharset(label: string): string | null {
  try {
    const charset = new TextDecoder(label.trim()).encoding;
    return NOT_TEXT.has(charset) ? null : charset;
  } catch {
    return null;
  }
}

function countReplacements(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\ufffd'); at >= 0; at = text.indexOf('\ufffd', at + 1)) count += 1;
  return count;
}

function countBeyondAscii(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) > 0x7f) count += 1;
  return count;
}

function warningsOf({ replacements, charset }: Attempt): readonly ContentWarning[] {
  if (replacements === 0) return [];
  const subject = replacements === 1 ? 'One character' : `${replacements} characters`;
  const message = `${subject} could not be decoded (the text was read as ${charset}); each shows as \ufffd.`;
  return [{ code: 'text_undecodable', message }];
}
