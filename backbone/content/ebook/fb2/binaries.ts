/** Pictures stand in the file itself, as base64 that may be a hundred times longer than the text. */
import { charsetOfByteOrderMark, charsetOfZeroBytes } from '../../parsing/unicode-bytes.ts';

/** Where the root element has begun; its name says which prefix the elements have. */
const HEAD_BYTES = 16 * 1024;
const ROOT = /<([\w.-]{1,30}:)?FictionBook[\s>]/;
const TAG_ENDS = ' \t\r\n>/';

/**
 * The file with its `binary` elements emptied, so that they are never decoded; their start tags, which name
 * and describe them, stay. The very same bytes when there are none. Works in any charset in which a
 * character of ASCII has the same width everywhere. O(bytes).
 */
export function withoutBinaries(bytes: Uint8Array): Uint8Array {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const encode = encoderFor(bytes);
  const prefix = ROOT.exec(file.toString('latin1', 0, HEAD_BYTES).replaceAll('\0', ''))?.[1] ?? '';
  const tag = encode(`<${prefix}binary`);
  const tagEnds = Array.from(TAG_ENDS, encode);
  const kept: Buffer[] = [];
  let copied = 0;
  for (let at = file.indexOf(tag); at >= 0; at = file.indexOf(tag, Math.max(at + tag.length, copied))) {
    const named = at + tag.length;
    if (!tagEnds.some((end) => end.equals(file.subarray(named, named + end.length)))) continue;
    const content = file.indexOf(encode('>'), named);
    const end = content < 0 ? -1 : file.indexOf(encode('<'), content);
    if (end < 0) break;
    kept.push(file.subarray(copied, content + encode('>').length));
    copied = end;
  }
  return copied === 0 ? bytes : Buffer.concat([...kept, file.subarray(copied)]);
}

/** How the charset of the file writes ASCII. */
function encoderFor(bytes: Uint8Array): (text: string) => Buffer {
  const charset = charsetOfByteOrderMark(bytes) ?? charsetOfZeroBytes(bytes) ?? 'utf-8';
  const width = charset.startsWith('utf-32') ? 4 : charset.startsWith('utf-16') ? 2 : 1;
  const offset = charset.endsWith('be') ? width - 1 : 0;
  return (text) => {
    const encoded = Buffer.alloc(text.length * width);
    for (let at = 0; at < text.length; at += 1) encoded[at * width + offset] = text.charCodeAt(at);
    return encoded;
  };
}
