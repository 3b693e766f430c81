import { AppError } from '../errors.ts';
import type { EmbedOptions, Embedder } from './embedder.ts';

export interface QuestionEmbedderOptions {
  /** Name of the model whose vectors are searched. */
  readonly searched: string;
  readonly configured: Embedder;
  /** An embedder of the model that is searched; null when there is none but the name. */
  readonly former: Embedder | null;
}

/**
 * Embeds questions with the model whose vectors are searched: the former one until the configured one's vectors take
 * over. Without the former one, words alone find passages until then.
 */
export class QuestionEmbedder implements Embedder {
  readonly #configured: Embedder;
  readonly #former: Embedder | null;
  #current: Embedder;

  constructor({ searched, configured, former }: QuestionEmbedderOptions) {
    const isReplaced = searched !== configured.model;
    this.#configured = configured;
    this.#former = isReplaced ? former : null;
    this.#current = isReplaced ? (former ?? wordsAlone(searched, configured)) : configured;
  }

  get model(): string {
    return this.#current.model;
  }

  get dimensions(): number {
    return this.#current.dimensions;
  }

  denseWeight(language: string | null): number {
    return this.#current.denseWeight(language);
  }

  /** @throws AppError embedder_mismatch while there is no embedder of the model that is searched; as the embedder does */
  embed(texts: readonly string[], options: EmbedOptions): Promise<Float32Array[]> {
    return this.#current.embed(texts, options);
  }

  probe(): Promise<number> {
    return this.#current.probe();
  }

  /** The configured model's vectors are searched from now on. */
  async takeOver(): Promise<void> {
    this.#current = this.#configured;
    await this.close();
  }

  /** Closes the former embedder; the configured one belongs to others. */
  async close(): Promise<void> {
    await this.#former?.close();
  }
}

function wordsAlone(stored: string, configured: Embedder): Embedder {
  const refuse = (): Promise<never> =>
    Promise.reject(new AppError('embedder_mismatch', { params: { stored, current: configured.model } }));
  return {
    model: stored,
    dimensions: configured.dimensions,
    denseWeight: () => 0,
    embed: refuse,
    probe: refuse,
    close: () => Promise.resolve(),
  };
}
