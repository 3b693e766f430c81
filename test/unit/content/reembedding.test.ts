import { describe, expect, test } from '@jest/globals';
import { Reembedding, type ReembeddingOptions } from '../../../backbone/content/reembedding.ts';
import { ContentSearch, type SearchOptions } from '../../../backbone/content/search.ts';
import { AppError } from '../../../backbone/errors.ts';

const never = new AbortController().signal;
const CONTENT = { userId: 'u', contentId: 'c', version: 1, cursor: 7, embedded: 0 };

interface World {
  readonly reembedding: Reembedding;
  readonly warnings: string[];
  readonly added: unknown[];
}

function world(parts: {
  readonly isCurrent?: boolean;
  readonly readAll?: () => Promise<Buffer>;
  readonly embed?: () => Promise<Float32Array[]>;
  readonly isThere?: boolean;
}): World {
  const warnings: string[] = [];
  const added: unknown[] = [];
  const { isCurrent = true, isThere = true } = parts;
  const chunks = Array.from({ length: 65 }, (_, index) => ({ index, embeddingText: `text ${index}` }));
  const options = {
    records: { query: async () => (isCurrent ? [{ files: { chunks: { key: 'k' } } }] : []) },
    blobs: { readAll: parts.readAll ?? (async () => Buffer.from(JSON.stringify(chunks))) },
    vectors: {
      replacement: {
        incomplete: async (after: number) => (after < CONTENT.cursor ? CONTENT : null),
        progress: async () => ({ embedded: 0, points: 65 }),
        add: async (_: unknown, points: readonly unknown[]) => {
          added.push(points.length);
          return isThere;
        },
        takeOver: async () => undefined,
      },
    },
    embedder: {
      model: 'm/1',
      embed: parts.embed ?? (async (texts: readonly string[]) => texts.map(() => Float32Array.of(1))),
    },
    onTakeOver: async () => undefined,
    crash: () => undefined,
    logger: { info: () => undefined, warn: (_: unknown, message: string) => void warnings.push(message) },
  };
  return { reembedding: new Reembedding(options as unknown as ReembeddingOptions), warnings, added };
}

describe('re-embedding', () => {
  test('takes a content in pages, and ends when none is left', async () => {
    const { reembedding, added } = world({});
    expect(await reembedding.run(never)).toBe(true);
    expect(added).toEqual([64, 1]);
    expect(reembedding.progress()).toEqual({ model: 'm/1', chunksDone: 65, chunks: 65, problem: null });
    expect(await reembedding.run(never)).toBe(false);
    expect(reembedding.progress()).toBeNull();
    expect(await reembedding.run(never)).toBe(false);
  });

  test('leaves a content whose version is gone meanwhile, or not current', async () => {
    const gone = world({ isThere: false });
    await gone.reembedding.run(never);
    expect(gone.added).toEqual([64]);
    const stale = world({ isCurrent: false });
    await stale.reembedding.run(never);
    expect(stale.added).toEqual([]);
  });

  test('says whose chunks are lost, and goes on', async () => {
    const { reembedding, warnings } = world({ readAll: () => Promise.reject(new AppError('not_found')) });
    expect(await reembedding.run(never)).toBe(true);
    expect(warnings).toEqual(['The chunks of a content are lost: words alone will find it']);
    expect(await reembedding.run(never)).toBe(false);
  });

  test.each([
    [new AppError('embedder_unavailable'), 'embedder_unavailable'],
    [new Error('a defect'), 'internal_error'],
  ])('names what holds it up, and takes the same content again', async (error, problem) => {
    let fails = true;
    const embed = async (): Promise<Float32Array[]> => {
      if (fails) throw error;
      return [];
    };
    const { reembedding, added } = world({ embed });
    await expect(reembedding.run(never)).rejects.toBe(error);
    expect(reembedding.progress()).toMatchObject({ problem });
    fails = false;
    await reembedding.run(never);
    expect(added).not.toEqual([]);
    expect(reembedding.progress()).toMatchObject({ problem: null });
  });

  test('does not take a store that cannot be read for lost chunks', async () => {
    const error = new AppError('store_unavailable', { params: { store: 'blobs' } });
    const { reembedding } = world({ readAll: () => Promise.reject(error) });
    await expect(reembedding.run(never)).rejects.toBe(error);
  });
});

describe('a search while another model takes over', () => {
  const searchWith = (onCompare: (embedder: { model: string }) => void): Promise<string[]> => {
    const models: string[] = [];
    const embedder = {
      model: 'old',
      denseWeight: () => 1,
      embed: async () => {
        models.push(embedder.model);
        return [Float32Array.of(1)];
      },
    };
    const vectors = {
      searchSparse: async () => [],
      searchDense: async () => {
        onCompare(embedder);
        return [];
      },
      denseScores: async () => [],
    };
    const search = new ContentSearch({ records: {}, vectors, embedder } as unknown as SearchOptions);
    const query = { userId: 'u', query: 'bees', mode: 'dense', limit: 5, offset: 0, signal: never } as const;
    return search.search(query).then(() => models);
  };

  test('is made again with the new one, whether it failed or not', async () => {
    expect(await searchWith((embedder) => (embedder.model = 'new'))).toEqual(['old', 'new']);
    const failing = searchWith((embedder) => {
      if (embedder.model === 'new') return;
      embedder.model = 'new';
      throw new Error('different vector dimensions');
    });
    expect(await failing).toEqual(['old', 'new']);
  });

  test('fails as ever when the model is the same', async () => {
    const failing = searchWith(() => {
      throw new Error('down');
    });
    await expect(failing).rejects.toThrow('down');
  });
});
