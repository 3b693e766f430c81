/** Texts into vectors. Implementations: `use-lite.ts` (offline, in a worker thread), `http-embedder.ts`. */
export interface Embedder {
  /** Name and version, stored beside the vectors; vectors of two models never mix. */
  readonly model: string;
  readonly dimensions: number;
  /**
   * Weight of the dense score against the lexical one, 0-1, for a language (ISO 639-1, null unknown).
   * 0 where the model does not know the language.
   */
  denseWeight(language: string | null): number;
  /**
   * One unit-length vector a text, in order. Blank texts are refused (a caller's defect).
   * @throws AppError embedder_unavailable, embedder_throttled, embedder_refused, embedder_not_installed, embedder_not_loaded; the signal's reason
   */
  embed(texts: readonly string[], options: EmbedOptions): Promise<Float32Array[]>;
  /** Loads the model if need be. Resolves with the milliseconds it took to answer. */
  probe(): Promise<number>;
  close(): Promise<void>;
}

export interface EmbedOptions {
  readonly kind: 'query' | 'passage';
  readonly signal: AbortSignal;
  /** Called after each batch with the texts embedded so far. */
  readonly onProgress?: (done: number) => void;
}
