/** Compressed RTF of Outlook messages (MS-OXRTFCP). Pure; O(result). */
import type { AppError } from '../../../errors.ts';

const HEADER_BYTES = 16;
const COMPRESSED = 0x75465a4c;
const STORED = 0x414c454d;
const WINDOW = 4096;
/** What the window begins with. */
const PRELUDE =
  '{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx';

/** Empty when the header says another form. What is cut off ends early. Errors: `source_too_large` beyond `limit` bytes. */
export function decompressRtf(bytes: Buffer, limit: () => AppError, maxBytes: number): Buffer {
  if (bytes.length < HEADER_BYTES) return Buffer.alloc(0);
  const size = bytes.readUInt32LE(4);
  const form = bytes.readUInt32LE(8);
  const body = bytes.subarray(HEADER_BYTES);
  if (form === STORED) return body.subarray(0, size);
  if (form !== COMPRESSED) return Buffer.alloc(0);
  const most = Math.min(size, body.length * 9);
  if (most > maxBytes) throw limit();
  return expanded(body, most);
}

/** A reference of two bytes stands for 17 at most, so the result is no longer than nine times the input. */
function expanded(body: Buffer, most: number): Buffer {
  const window = Buffer.alloc(WINDOW, ' ');
  let write = window.write(PRELUDE, 'latin1');
  const result = Buffer.alloc(most);
  let length = 0;
  const put = (byte: number): void => {
    if (length < most) result[length++] = byte;
    window[write] = byte;
    write = (write + 1) % WINDOW;
  };
  let at = 0;
  while (at < body.length && length < most) {
    const control = body[at++] ?? 0;
    for (let bit = 0; bit < 8 && at < body.length && length < most; bit += 1) {
      if ((control & (1 << bit)) === 0) {
        put(body[at++] ?? 0);
        continue;
      }
      if (at + 1 >= body.length) return result.subarray(0, length);
      const reference = body.readUInt16BE(at);
      at += 2;
      const from = reference >> 4;
      // A reference to the end of the window is the end of the text.
      if (from === write) return result.subarray(0, length);
      const count = (reference & 0xf) + 2;
      for (let index = 0; index < count; index += 1) put(window[(from + index) % WINDOW] ?? 0);
    }
  }
  return result.subarray(0, length);
}
