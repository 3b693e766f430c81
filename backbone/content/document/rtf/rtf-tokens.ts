/** The marks of RTF: groups, control words and symbols, and the bytes between them. */

export type RtfToken =
  | { readonly kind: 'open' | 'close' }
  /** `\b0`: the parameter is null when none is written. */
  | { readonly kind: 'word'; readonly word: string; readonly parameter: number | null }
  | { readonly kind: 'symbol'; readonly symbol: string }
  /** `\'e9`: one byte of a text. */
  | { readonly kind: 'byte'; readonly value: number }
  /** A run of text, `bytes.subarray(start, end)`; line ends in it mean nothing. */
  | { readonly kind: 'bytes'; readonly start: number; readonly end: number };

/** Of a control word, by the specification. */
const LONGEST_WORD = 32;
const LONGEST_NUMBER = 10;
const [BACKSLASH, OPEN, CLOSE, MINUS, SPACE, QUOTE, ZERO] = [0x5c, 0x7b, 0x7d, 0x2d, 0x20, 0x27, 0x30];

/** Binary data (`\binN`) is stepped over. Never throws. O(bytes); keeps nothing. */
export function* rtfTokens(file: Uint8Array): Generator<RtfToken> {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  for (let at = 0; at < bytes.length; ) {
    const byte = bytes[at];
    if (byte === OPEN || byte === CLOSE) {
      yield { kind: byte === OPEN ? 'open' : 'close' };
      at += 1;
    } else if (byte === BACKSLASH) {
      const { token, end } = controlAt(bytes, at + 1);
      if (token !== null) yield token;
      at = end;
    } else {
      const end = endOfRun(bytes, at, (next) => next !== BACKSLASH && next !== OPEN && next !== CLOSE);
      yield { kind: 'bytes', start: at, end };
      at = end;
    }
  }
}

interface Control {
  /** Null for what is stepped over. */
  readonly token: RtfToken | null;
  readonly end: number;
}

/** `at` is behind the backslash. */
function controlAt(bytes: Buffer, at: number): Control {
  const first = bytes[at];
  if (first === undefined) return { token: null, end: at };
  if (first === QUOTE) {
    const digits = bytes.toString('latin1', at + 1, at + 3);
    if (!/^[\da-f]{2}$/i.test(digits)) return { token: null, end: at + 1 };
    return { token: { kind: 'byte', value: Number.parseInt(digits, 16) }, end: at + 3 };
  }
  if (!isLetter(first)) return { token: { kind: 'symbol', symbol: String.fromCharCode(first) }, end: at + 1 };
  return wordAt(bytes, at);
}

function wordAt(bytes: Buffer, at: number): Control {
  const wordEnd = endOfRun(bytes, at, isLetter);
  const word = bytes.toString('latin1', at, Math.min(wordEnd, at + LONGEST_WORD));
  const isNegative = bytes[wordEnd] === MINUS && isDigit(bytes[wordEnd + 1] ?? 0);
  const from = isNegative ? wordEnd + 1 : wordEnd;
  const numberEnd = endOfRun(bytes, from, isDigit);
  const number = numberIn(bytes, from, Math.min(numberEnd, from + LONGEST_NUMBER));
  const parameter = number !== null && isNegative ? -number : number;
  const end = bytes[numberEnd] === SPACE ? numberEnd + 1 : numberEnd;
  if (word === 'bin') return { token: null, end: Math.min(end + Math.max(parameter ?? 0, 0), bytes.length) };
  return { token: { kind: 'word', word, parameter }, end };
}

function endOfRun(bytes: Uint8Array, from: number, belongs: (byte: number) => boolean): number {
  let end = from;
  for (; end < bytes.length && belongs(bytes[end] ?? 0); end += 1);
  return end;
}

/** Of digits; null when there are none. */
function numberIn(bytes: Buffer, start: number, end: number): number | null {
  if (start === end) return null;
  let number = 0;
  for (let at = start; at < end; at += 1) number = number * 10 + (bytes[at] ?? 0) - ZERO;
  return number;
}

function isLetter(byte: number): boolean {
  return (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x41 && byte <= 0x5a);
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= 0x39;
}
