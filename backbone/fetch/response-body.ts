import type { Readable, TransformCallback } from 'node:stream';
import { pipeline, Transform } from 'node:stream';
import { AppError } from '../errors.ts';
import { openDecoders } from './content-decoding.ts';

/**
 * Decoded bytes for one raw byte beyond which a body is taken for a decompression bomb. Real pages and feeds
 * stay below 50; gzip can reach 1,032 and brotli far more. Counted from `RATIO_FLOOR_BYTES` on, so that a
 * small repetitive file passes.
 */
const MAX_RATIO = 200;
const RATIO_FLOOR_BYTES = 8 * 1024 * 1024;

export interface BodyOptions {
  /** In the order they were applied. */
  readonly codings: readonly string[];
  /** From Content-Length of a body without codings, else null. */
  readonly sizeBytes: number | null;
  /** Most raw bytes and most decoded bytes. */
  readonly maxBytes: number;
  readonly limitSetting: string;
  /** Turns what the connection failed with into the error the reader sees. */
  readonly explain: (error: Error) => Error;
}

/**
 * Decodes and caps a body as it streams: holds no more than the buffers of its streams. Destroying the result
 * closes the connection; whatever fails reaches the reader as one AppError (or the caller's own abort reason).
 * @throws AppError source_undecodable when a coding is unknown
 */
export function openBody(raw: Readable, options: BodyOptions): Readable {
  const decoders = openDecoders(options.codings);
  const broken = new Set<Error>();
  for (const decoder of decoders) decoder.once('error', (error) => broken.add(error));
  const explain = (error: Error): Error => {
    if (error instanceof AppError) return error;
    return broken.has(error) ? explainDecoding(error, options) : options.explain(error);
  };
  const meter = { rawBytes: 0, decodedBytes: 0 };
  const body = new BodyGate(options, meter, explain);
  const counted = decoders.length === 0 ? [] : [new RawCounter(options, meter), ...decoders];
  // Every failure travels on to the last stream, whose reader gets it; there is nobody else to tell.
  pipeline([raw, ...counted, body], () => undefined);
  // The reader may look at the status first and come back later: an error meanwhile is kept, not thrown at nobody.
  body.on('error', () => undefined);
  if (options.sizeBytes !== null && options.sizeBytes > options.maxBytes) body.destroy(tooLarge(options));
  return body;
}

/** Bytes for a person, in binary units: `50 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes >= 1024 * 1024) return `${Math.round((bytes / (1024 * 1024)) * 10) / 10} MB`;
  return bytes >= 1024 ? `${Math.round((bytes / 1024) * 10) / 10} KB` : `${bytes} bytes`;
}

interface Meter {
  rawBytes: number;
  decodedBytes: number;
}

class RawCounter extends Transform {
  readonly #options: BodyOptions;
  readonly #meter: Meter;

  constructor(options: BodyOptions, meter: Meter) {
    super();
    this.#options = options;
    this.#meter = meter;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, callback: TransformCallback): void {
    this.#meter.rawBytes += chunk.length;
    if (this.#meter.rawBytes > this.#options.maxBytes) callback(tooLarge(this.#options));
    else callback(null, chunk);
  }
}

class BodyGate extends Transform {
  readonly #options: BodyOptions;
  readonly #meter: Meter;
  readonly #explain: (error: Error) => Error;

  constructor(options: BodyOptions, meter: Meter, explain: (error: Error) => Error) {
    super();
    this.#options = options;
    this.#meter = meter;
    this.#explain = explain;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, callback: TransformCallback): void {
    const meter = this.#meter;
    meter.decodedBytes += chunk.length;
    if (meter.decodedBytes > this.#options.maxBytes) callback(tooLarge(this.#options));
    else if (isBomb(meter, this.#options)) callback(new AppError('source_undecodable'));
    else callback(null, chunk);
  }

  /** Explained here and not in `_destroy`: a reader that comes later is told the error that was passed in here. */
  override destroy(error?: Error | null): this {
    return super.destroy(error ? this.#explain(error) : undefined);
  }
}

function isBomb(meter: Meter, options: BodyOptions): boolean {
  if (options.codings.length === 0 || meter.decodedBytes <= RATIO_FLOOR_BYTES) return false;
  return meter.decodedBytes > meter.rawBytes * MAX_RATIO;
}

function tooLarge({ maxBytes, limitSetting }: BodyOptions): AppError {
  return new AppError('source_too_large', {
    params: { limit: formatBytes(maxBytes), setting: limitSetting },
  });
}

/** A packed body that ends too soon broke off on its way and may be complete the next time. */
function explainDecoding(error: Error, options: BodyOptions): Error {
  const cutOff = 'code' in error && error.code === 'Z_BUF_ERROR';
  return cutOff ? options.explain(error) : new AppError('source_undecodable', { cause: error });
}
