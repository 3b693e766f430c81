import type { TransformCallback } from 'node:stream';
import { Transform } from 'node:stream';
import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
} from 'node:zlib';
import { AppError } from '../errors.ts';

/** Offered to sites; all of them are decoded here. */
export const ACCEPT_ENCODING = 'gzip, deflate, br, zstd';

/** More codings on top of each other than this have no honest use. */
const MAX_CODINGS = 2;
/** RFC 9659: the largest window HTTP may use with zstd, 8 MiB; the library would take 128. */
const ZSTD_WINDOW_LOG = 23;

/**
 * Streams that undo the codings of a Content-Encoding, the last one applied first.
 * @throws AppError source_undecodable when a coding is unknown or there are too many
 */
export function openDecoders(codings: readonly string[]): readonly Transform[] {
  if (codings.length > MAX_CODINGS) throw new AppError('source_undecodable');
  return codings.toReversed().map(openDecoder);
}

function openDecoder(coding: string): Transform {
  const open = OPENERS.get(coding);
  if (!open) throw new AppError('source_undecodable');
  return new LazyDecoder(open);
}

/** Opened by the first byte of the body. */
type Open = (firstByte: number) => Transform;

const OPENERS: ReadonlyMap<string, Open> = new Map<string, Open>([
  ['gzip', () => createGunzip()],
  ['x-gzip', () => createGunzip()],
  ['br', () => createBrotliDecompress()],
  ['zstd', () => createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG } })],
  // `deflate` means the zlib format (RFC 1950), but some servers send bare DEFLATE data (RFC 1951). The low four
  // bits of the first byte tell them apart: 8 is the only method of zlib, and no DEFLATE encoder begins that way.
  ['deflate', (firstByte) => ((firstByte & 0x0f) === 8 ? createInflate() : createInflateRaw())],
]);

/** A decoder that exists from the first byte on: an empty body stays empty, whatever coding its header claims. */
class LazyDecoder extends Transform {
  readonly #open: Open;
  #inner: Transform | null = null;

  constructor(open: Open) {
    super();
    this.#open = open;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, callback: TransformCallback): void {
    this.#inner ??= this.#connect(this.#open(chunk[0] ?? 0));
    this.#inner.write(chunk, callback);
  }

  override _flush(callback: TransformCallback): void {
    if (this.#inner) this.#inner.once('end', callback).end();
    else callback();
  }

  /** Asked for more: the inner stream was paused when the reader had enough. */
  override _read(size: number): void {
    this.#inner?.resume();
    super._read(size);
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    this.#inner?.destroy();
    callback(error);
  }

  #connect(inner: Transform): Transform {
    inner.on('data', (data: Buffer) => {
      if (!this.push(data)) inner.pause();
    });
    return inner.once('error', (error) => this.destroy(error));
  }
}
