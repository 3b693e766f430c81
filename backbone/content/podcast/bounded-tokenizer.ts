/** Bounds the work on an audio file that leads its reader astray. */
import { fromBuffer, type ITokenizer } from 'strtok3';

/** More was read of a file than its size can justify. */
export class EndlessReading extends Error {
  override readonly name = 'EndlessReading';
}

/** For tags, of which there may be many in a small file. */
const FREE_READS = 100_000;
/** A frame of MP3 with a varying bit rate takes four reads, and the smallest has 24 bytes. */
const BYTES_PER_READ = 6;
/** Some 80 seconds, or 36 hours of MP3. */
const MOST_READS = 20_000_000;

/**
 * The bytes as music-metadata reads them. It looks for a lost frame byte by byte, each look some microseconds: 20 MB
 * of 0xFF took it 150 seconds. Reads beyond what a file of that size needs are refused with `EndlessReading`.
 */
export function boundedTokenizer(bytes: Uint8Array, mediaType: string): ITokenizer {
  const tokenizer = fromBuffer(bytes, { fileInfo: { mimeType: mediaType, size: bytes.length } });
  const peek = tokenizer.peekBuffer.bind(tokenizer);
  let left = Math.min(FREE_READS + Math.floor(bytes.length / BYTES_PER_READ), MOST_READS);
  tokenizer.peekBuffer = (target, options) => {
    left -= 1;
    return left < 0 ? Promise.reject(new EndlessReading()) : peek(target, options);
  };
  return tokenizer;
}
