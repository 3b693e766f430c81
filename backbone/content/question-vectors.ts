import type { Embedder } from '../models/embedder.ts';

/** Of 512 dimensions a vector takes 2 kB. */
const MOST = 500;

/** The vectors of the questions asked last: people page through results and ask again, programs repeat themselves. */
export class QuestionVectors {
  readonly #embedder: Pick<Embedder, 'embed' | 'model'>;
  /** The one asked longest ago first. */
  readonly #known = new Map<string, Float32Array>();

  constructor(embedder: Pick<Embedder, 'embed' | 'model'>) {
    this.#embedder = embedder;
  }

  /** @throws AppError as `Embedder.embed` does; a failure is not remembered */
  async vectorOf(question: string, signal: AbortSignal): Promise<Float32Array> {
    // Another model may take over at any time, and its vectors are others.
    const key = `${this.#embedder.model}\n${question}`;
    const vector = this.#known.get(key) ?? (await this.#embed(question, signal));
    this.#known.delete(key);
    this.#known.set(key, vector);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MOST) break;
      this.#known.delete(oldest);
    }
    return vector;
  }

  async #embed(question: string, signal: AbortSignal): Promise<Float32Array> {
    const [vector] = await this.#embedder.embed([question], { kind: 'query', signal });
    if (!vector) throw new Error('The embedder answered without a vector');
    return vector;
  }
}
