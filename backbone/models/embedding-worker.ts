/** The end of an embedding thread that holds the model: what `embedding-threads.ts` sends it, and what it answers. */

export interface BatchRequest {
  readonly id: number;
  readonly texts: readonly string[];
}

/** Failures that have a code of their own; any other is a model that does not work. */
export type LoadFault = 'embedder_not_installed' | 'embedder_not_loaded';

/** `vectors`: all of the batch's, one after the other, as the model gave them. */
export type BatchReply =
  | { readonly id: number; readonly vectors: Float32Array }
  | { readonly id: number; readonly error: string; readonly fault?: LoadFault }
  /** Sent while a model is loaded, which may take long: the batch's time starts anew. */
  | { readonly notice: LoadNotice };

export interface LoadNotice {
  readonly file: string;
  /** 0-100. */
  readonly percent: number;
}

export type EmbedBatch = (texts: readonly string[]) => Promise<readonly ArrayLike<number>[]>;

/** The end of a MessagePort that `serve` needs. */
export interface ReplyPort {
  on(event: 'message', listener: (request: BatchRequest) => void): unknown;
  postMessage(reply: BatchReply, transfer?: readonly ArrayBuffer[]): void;
}

/** Thrown while a model is loaded. */
export class LoadError extends Error {
  readonly fault: LoadFault;

  constructor(fault: LoadFault, reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.fault = fault;
  }
}

/** Answers every request in order; the model is loaded once, by the first, and by the next one if that fails. */
export function serve(
  port: ReplyPort,
  load: (notify: (notice: LoadNotice) => void) => Promise<EmbedBatch>,
): void {
  let loading: Promise<EmbedBatch> | null = null;
  const loaded = (): Promise<EmbedBatch> => {
    loading ??= load((notice) => port.postMessage({ notice })).catch((error: unknown) => {
      loading = null;
      throw error;
    });
    return loading;
  };
  port.on('message', ({ id, texts }) => {
    void loaded()
      .then((embed) => embed(texts))
      .then(flatten)
      .then((vectors) => port.postMessage({ id, vectors }, [vectors.buffer]))
      .catch((error: unknown) => port.postMessage({ id, ...faultOf(error) }));
  });
}

function faultOf(error: unknown): { readonly error: string; readonly fault?: LoadFault } {
  return error instanceof LoadError ? { error: error.message, fault: error.fault } : { error: String(error) };
}

function flatten(vectors: readonly ArrayLike<number>[]): Float32Array<ArrayBuffer> {
  const flat = new Float32Array(vectors.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const vector of vectors) {
    flat.set(vector, at);
    at += vector.length;
  }
  return flat;
}
