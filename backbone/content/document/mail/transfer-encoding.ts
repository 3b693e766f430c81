/** Content-Transfer-Encoding (RFC 2045): bodies as bytes. Pure; O(bytes). Bad input is read as far as it goes. */

const EQUALS = 0x3d;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const TAB = 0x09;
const UNDERSCORE = 0x5f;
const NO_DIGIT = -1000;
const HEX_VALUES = Array.from({ length: 256 }, (_, byte) => {
  const digit = '0123456789abcdef'.indexOf(String.fromCharCode(byte).toLowerCase());
  return digit < 0 ? NO_DIGIT : digit;
});

/** An encoding of an unknown name changes nothing. */
export function decodeTransfer(body: Buffer, encoding: string): Buffer {
  if (encoding === 'base64') return Buffer.from(body.toString('latin1'), 'base64');
  return encoding === 'quoted-printable' ? decodeQuotedPrintable(body, UNCHANGED) : body;
}

/** Bytes the body would have when decoded; Base64 is counted, not decoded. */
export function decodedSize(body: Buffer, encoding: string): number {
  if (encoding !== 'base64') return decodeTransfer(body, encoding).length;
  let digits = 0;
  for (const byte of body) if (byte > SPACE && byte !== EQUALS) digits += 1;
  return Math.floor((digits * 3) / 4);
}

/** The Q encoding of RFC 2047: an underscore is a space. */
export function decodeQ(text: string): Buffer {
  return decodeQuotedPrintable(Buffer.from(text, 'latin1'), SPACES);
}

const UNCHANGED = UNDERSCORE;
const SPACES = SPACE;

function decodeQuotedPrintable(body: Buffer, underscore: number): Buffer {
  const decoded = Buffer.allocUnsafe(body.length);
  let length = 0;
  for (let at = 0; at < body.length; at += 1) {
    const byte = body[at] ?? 0;
    if (byte === EQUALS) {
      const softBreak = softBreakEnd(body, at + 1);
      if (softBreak >= 0) {
        at = softBreak;
        continue;
      }
      const value = hexValue(body[at + 1]) * 16 + hexValue(body[at + 2]);
      if (value >= 0) {
        decoded[length++] = value;
        at += 2;
        continue;
      }
    }
    decoded[length++] = byte === UNDERSCORE ? underscore : byte;
  }
  return decoded.subarray(0, length);
}

/** Index of the line feed (or of the last byte) when only white space follows; -1 when something else does. */
function softBreakEnd(body: Buffer, from: number): number {
  let at = from;
  while (body[at] === SPACE || body[at] === TAB || body[at] === CARRIAGE_RETURN) at += 1;
  return at >= body.length || body[at] === LINE_FEED ? at : -1;
}

/** Far below zero when the byte is no hexadecimal digit, so that no sum of two is positive. */
function hexValue(byte: number | undefined): number {
  return HEX_VALUES[byte ?? 0] ?? NO_DIGIT;
}
