/**
 * Signs in the bytes themselves that a text is in one of Unicode's encodings: the byte order mark,
 * and the pattern of zero bytes that UTF-16 and UTF-32 leave in any text with markup, digits or spaces.
 */

export type UnicodeCharset = 'utf-8' | 'utf-16le' | 'utf-16be' | 'utf-32le' | 'utf-32be';

const REPLACEMENT = 0xfffd;
const SAMPLE_BYTES = 4096;
/** Share of code units that must have their zero byte on one side: a page of Cyrillic text still has a fifth. */
const ZERO_SHARE = 0.1;
/** How many times rarer zeros must be on the other side. */
const ZERO_CONTRAST = 5;
/** From this many bytes on, an odd number of them is a cut-off end rather than a sign against UTF-16. */
const ODD_LENGTH_FROM = 64;
const UTF32_CHUNK = 8192;

/** The charset a byte order mark names, or null. UTF-32 is asked first: its mark begins with UTF-16's. */
export function charsetOfByteOrderMark(bytes: Uint8Array): UnicodeCharset | null {
  const [a, b, c, d] = bytes;
  if (bytes.length % 4 === 0) {
    if (a === 0xff && b === 0xfe && c === 0 && d === 0) return 'utf-32le';
    if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return 'utf-32be';
  }
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  return null;
}

/**
 * UTF-16 or UTF-32 without a byte order mark, or null. Statistical detection takes such bytes for
 * Latin-1, so this comes before it. Looks at the first 4 KiB only.
 */
export function charsetOfZeroBytes(bytes: Uint8Array): UnicodeCharset | null {
  const length = Math.min(bytes.length, SAMPLE_BYTES);
  const zeros: [number, number, number, number] = [0, 0, 0, 0];
  for (let at = 0; at < length; at += 1) {
    if (bytes[at] === 0) zeros[(at % 4) as 0 | 1 | 2 | 3] += 1;
  }
  const quads = length / 4;
  if (length >= 4 && bytes.length % 4 === 0) {
    const full = (count: number): boolean => count >= quads * 0.95;
    const sparse = (count: number): boolean => count <= quads * 0.5;
    if (full(zeros[3]) && full(zeros[2]) && sparse(zeros[0])) return 'utf-32le';
    if (full(zeros[0]) && full(zeros[1]) && sparse(zeros[3])) return 'utf-32be';
  }
  if (length < 2 || (length < ODD_LENGTH_FROM && bytes.length % 2 !== 0)) return null;
  const even = zeros[0] + zeros[2];
  const odd = zeros[1] + zeros[3];
  const enough = (length / 2) * ZERO_SHARE;
  if (odd >= enough && odd >= even * ZERO_CONTRAST) return 'utf-16le';
  if (even >= enough && even >= odd * ZERO_CONTRAST) return 'utf-16be';
  return null;
}

/** UTF-32, which `TextDecoder` does not know. What is no code point becomes U+FFFD, one a unit. */
export function decodeUtf32(bytes: Uint8Array, littleEndian: boolean): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: string[] = [];
  let points: number[] = [];
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    const point = view.getUint32(at, littleEndian);
    if (at === 0 && point === 0xfeff) continue;
    points.push(isScalarValue(point) ? point : REPLACEMENT);
    if (points.length === UTF32_CHUNK) {
      parts.push(String.fromCodePoint(...points));
      points = [];
    }
  }
  if (bytes.length % 4 !== 0) points.push(REPLACEMENT);
  parts.push(String.fromCodePoint(...points));
  return parts.join('');
}

function isScalarValue(point: number): boolean {
  return point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
}
