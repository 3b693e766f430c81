/** What uploaded files call themselves, so that one book is one content however often it was packed anew. */
import { AppError } from '../errors.ts';
import type { BlobStore } from '../stores/blobs/blob-store.ts';
import type { TypeRegistry } from './content-types.ts';
import type { ParsePool } from './parsing/parse-pool.ts';
import type { ParserInput } from './parsing/parser.ts';

/**
 * A module named by `ContentType.nativeIdUrl` exports one function `nativeId` of this shape, which runs in a parse
 * thread. Null when the file does not say, or not credibly. It may throw `AppError`, as parsers do.
 */
export type NativeIdReader = (input: ParserInput) => Promise<string | null>;

export interface StoredFile {
  readonly blobKey: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
  readonly fileName: string | null;
}

export interface NativeIdsOptions {
  readonly types: TypeRegistry;
  readonly blobs: BlobStore;
  readonly parsePool: ParsePool;
  /** Larger files are not read for this: they are held in memory as a whole. */
  readonly maxBytes: number;
}

export class NativeIds {
  readonly #options: NativeIdsOptions;
  /** Files are read one at a time, so that many uploads at once do not fill the memory. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: NativeIdsOptions) {
    this.#options = options;
  }

  /** By content type. A file that cannot be read has none: its job will say what is wrong with it. */
  async of(file: StoredFile, signal: AbortSignal): Promise<Readonly<Record<string, string>>> {
    if (file.sizeBytes > this.#options.maxBytes) return {};
    const ids: Record<string, string> = {};
    for (const { type, mediaTypes, nativeIdUrl } of this.#options.types.all) {
      if (nativeIdUrl === undefined || !mediaTypes.includes(file.mediaType)) continue;
      const id = await this.#inTurn(() => this.#read(nativeIdUrl, file, signal));
      if (id !== null) ids[type] = id;
    }
    return ids;
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  async #read(moduleUrl: string, file: StoredFile, signal: AbortSignal): Promise<string | null> {
    const { blobs, parsePool } = this.#options;
    signal.throwIfAborted();
    const input: ParserInput = {
      bytes: await blobs.readAll(file.blobKey),
      mediaType: file.mediaType,
      declaredCharset: null,
      baseUrl: null,
      fileName: file.fileName,
      options: {},
    };
    try {
      return await parsePool.run<string | null>(
        { moduleUrl, exportName: 'nativeId', input },
        { signal, onProgress: () => undefined },
      );
    } catch (error) {
      if (error instanceof AppError) return null;
      throw error;
    }
  }
}
