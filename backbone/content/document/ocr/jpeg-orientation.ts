/**
 * Which way up a photograph is. The engine heeds the note in a JPEG's EXIF part only when it is big-endian and near
 * the beginning, so it is written there anew. Pure.
 */

const APP1 = 0xffe1;
const EXIF = 'Exif\0\0';
const ORIENTATION = 0x0112;
const MAX_SEGMENTS = 100;
const ENTRY_BYTES = 12;
/** From 5 on the picture lies on its side: width and height change places. */
const FIRST_SIDEWAYS = 5;

/** 1 (upright) to 8, as EXIF numbers them; 1 when nothing is said. */
export function jpegOrientation(bytes: Uint8Array): number {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 2;
  for (let count = 0; count < MAX_SEGMENTS && at + 10 <= view.length; count++) {
    const [marker, length] = [view.readUInt16BE(at), view.readUInt16BE(at + 2)];
    if (marker < 0xffe0 || marker > 0xffef || length < 2) return 1;
    if (marker === APP1 && view.toString('latin1', at + 4, at + 10) === EXIF) {
      return exifOrientation(view.subarray(at + 10, at + 2 + length));
    }
    at += 2 + length;
  }
  return 1;
}

export function isSideways(orientation: number): boolean {
  return orientation >= FIRST_SIDEWAYS;
}

/** The file with the note where the engine looks for it. The same bytes when it is upright. */
export function withPlainOrientation(bytes: Uint8Array, orientation: number): Uint8Array {
  if (orientation === 1) return bytes;
  const note = Buffer.alloc(36);
  note.writeUInt16BE(APP1, 0);
  note.writeUInt16BE(note.length - 2, 2);
  note.write(`${EXIF}MM\0*`, 4, 'latin1');
  note.writeUInt32BE(8, 14);
  note.writeUInt16BE(1, 18);
  note.writeUInt16BE(ORIENTATION, 20);
  note.writeUInt16BE(3, 22);
  note.writeUInt32BE(1, 24);
  note.writeUInt16BE(orientation, 28);
  return Buffer.concat([bytes.subarray(0, 2), note, bytes.subarray(2)]);
}

/** `exif`: a TIFF of its own, in either byte order. */
function exifOrientation(exif: Buffer): number {
  if (exif.length < 10) return 1;
  const order = exif.toString('latin1', 0, 2);
  if (order !== 'II' && order !== 'MM') return 1;
  const u16 = (at: number): number => (order === 'II' ? exif.readUInt16LE(at) : exif.readUInt16BE(at));
  const start = order === 'II' ? exif.readUInt32LE(4) : exif.readUInt32BE(4);
  if (start + 2 > exif.length) return 1;
  const end = Math.min(start + 2 + u16(start) * ENTRY_BYTES, exif.length - ENTRY_BYTES + 1);
  for (let at = start + 2; at < end; at += ENTRY_BYTES) {
    if (u16(at) !== ORIENTATION) continue;
    const value = u16(at + 8);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}
