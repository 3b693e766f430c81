import type { Crash } from '../crash-points.ts';
import { AppError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { Embedder } from '../models/embedder.ts';
import type { BlobStore } from '../stores/blobs/blob-store.ts';
import type { StoredFile } from '../stores/records/entities.ts';
import type { RecordStore } from '../stores/records/record-store.ts';
import type { ContentVersion, IncompleteContent, VectorStore } from '../stores/vectors/vector-store.ts';
import type { Chunk } from './model.ts';

export interface ReembeddingOptions {
  readonly records: RecordStore;
  readonly blobs: BlobStore;
  readonly vectors: VectorStore;
  readonly embedder: Embedder;
  /** Called once the vectors of the embedder's model are those that are searched. */
  readonly onTakeOver: () => Promise<void>;
  readonly crash: Crash;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
}

export interface ReembeddingProgress {
  /** The model to come. */
  readonly model: string;
  readonly chunksDone: number;
  readonly chunks: number;
  /** Code of the failure that holds it up at the moment. */
  readonly problem: string | null;
}

/** Chunks that a kill may cost: some seconds of work of the slowest model. */
const CHUNKS_A_PAGE = 64;

/**
 * Gives every stored chunk a vector of the configured model, then lets those take the place of the former model's.
 * Contents of all tenants, one after the other; what is stored meanwhile has such vectors already. Nothing is kept
 * in memory that the vector store does not know, so it goes on where a killed process stopped.
 */
export class Reembedding {
  readonly #options: ReembeddingOptions;
  #cursor = 0;
  #chunksMade = 0;
  #counted = { embedded: 0, points: 0 };
  #isDone = false;
  #problem: string | null = null;

  constructor(options: ReembeddingOptions) {
    this.#options = options;
  }

  /** Embeds one content, or ends the whole. Resolves with true when there is more to do. */
  async run(signal: AbortSignal): Promise<boolean> {
    if (this.#isDone) return false;
    try {
      const content = await this.#options.vectors.replacement.incomplete(this.#cursor);
      if (content === null) {
        await this.#end();
      } else {
        await this.#embed(content, signal);
        this.#cursor = content.cursor;
      }
      this.#problem = null;
    } catch (error) {
      this.#problem = error instanceof AppError ? error.code : 'internal_error';
      throw error;
    }
    return !this.#isDone;
  }

  /** Null when the vectors are those of the configured model. */
  progress(): ReembeddingProgress | null {
    if (this.#isDone) return null;
    const { embedded, points } = this.#counted;
    const { model } = this.#options.embedder;
    return { model, chunksDone: embedded, chunks: points, problem: this.#problem };
  }

  async #embed(content: IncompleteContent, signal: AbortSignal): Promise<void> {
    const { vectors, embedder, crash } = this.#options;
    const { replacement } = vectors;
    this.#counted = await replacement.progress();
    const chunks = await this.#chunksOf(content);
    for (let at = content.embedded; at < chunks.length; at += CHUNKS_A_PAGE) {
      const page = chunks.slice(at, at + CHUNKS_A_PAGE);
      const texts = page.map((chunk) => chunk.embeddingText);
      const made = await embedder.embed(texts, { kind: 'passage', signal });
      const points = page.flatMap(({ index }, place) => {
        const vector = made[place];
        return vector ? [{ chunkIndex: index, vector }] : [];
      });
      if (!(await replacement.add(content, points))) return;
      this.#chunksMade += points.length;
      this.#counted.embedded += points.length;
      crash('reembed_after_page');
    }
  }

  /** None for a version that is not current: its job writes its vectors again, or the sweeper removes them. */
  async #chunksOf(of: ContentVersion): Promise<readonly Chunk[]> {
    const { records, blobs, logger } = this.#options;
    const [row] = await records.query<{ files: Readonly<Record<string, StoredFile>> }>(
      'SELECT files FROM contents WHERE user_id = $1 AND content_id = $2 AND version = $3',
      [of.userId, of.contentId, of.version],
    );
    const key = row?.files['chunks']?.key;
    if (key === undefined) return [];
    try {
      return JSON.parse((await blobs.readAll(key)).toString('utf8')) as Chunk[];
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'not_found') throw error;
      logger.warn({ contentId: of.contentId }, 'The chunks of a content are lost: words alone will find it');
      return [];
    }
  }

  async #end(): Promise<void> {
    const { records, vectors, embedder, onTakeOver, crash, logger } = this.#options;
    crash('reembed_before_switch');
    await vectors.replacement.takeOver();
    await onTakeOver();
    crash('reembed_after_switch');
    await records.query(
      'UPDATE contents SET embedding_model = $1 WHERE embedding_model IS DISTINCT FROM $1',
      [embedder.model],
    );
    this.#isDone = true;
    if (this.#chunksMade > 0)
      logger.info({ model: embedder.model, chunks: this.#chunksMade }, 'The stored vectors were made anew');
  }
}
