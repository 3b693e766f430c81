/**
 * What is kept about a blob, in the last bytes of its own file. A blob is thus one file, which one
 * rename publishes, replaces or moves: bytes and facts cannot part, whenever the process dies.
 */

/** What the trailer tells; the size is checked against the file's, so a cut-off file is no blob. */
export interface BlobFacts {
  readonly sizeBytes: number;
  /** Hex. */
  readonly sha256: string;
  readonly mediaType: string;
}

/** One JSON line, padded with spaces: to be found from the end without reading the file. */
export const TRAILER_BYTES = 512;
/** RFC 6838 allows 255 for type and subtype; with parameters and in JSON it may take a little more. */
const MAX_MEDIA_TYPE_LENGTH = 300;
const FORMAT = 'blob/1';

/** Type, subtype and parameters of any kind, in printable ASCII. */
const MEDIA_TYPE = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(?: *;[ -~]*)?$/;

export function isMediaType(mediaType: string): boolean {
  return JSON.stringify(mediaType).length <= MAX_MEDIA_TYPE_LENGTH && MEDIA_TYPE.test(mediaType);
}

export function encodeTrailer(facts: BlobFacts): Buffer {
  const line = JSON.stringify({ format: FORMAT, ...facts });
  return Buffer.from(`\n${line.padEnd(TRAILER_BYTES - 2)}\n`, 'latin1');
}

/** Null when these bytes are no trailer of a file of `fileBytes`. */
export function decodeTrailer(bytes: Buffer, fileBytes: number): BlobFacts | null {
  if (bytes.length !== TRAILER_BYTES) return null;
  const { format, sizeBytes, sha256, mediaType } = fieldsOf(bytes.toString('latin1'));
  if (format !== FORMAT || sizeBytes !== fileBytes - TRAILER_BYTES) return null;
  if (typeof sha256 !== 'string' || typeof mediaType !== 'string') return null;
  return { sizeBytes, sha256, mediaType };
}

function fieldsOf(line: string): Partial<Record<'format' | keyof BlobFacts, unknown>> {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
