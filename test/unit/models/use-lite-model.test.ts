import { afterAll, describe, expect, test } from '@jest/globals';
import { openUseLite, USE_LITE_DIMENSIONS } from '../../../backbone/models/use-lite.ts';
import { loadUseLite } from '../../../backbone/models/use-lite-worker.ts';

const embedder = openUseLite();
const options = { kind: 'passage', signal: new AbortController().signal } as const;
const dot = (a: Float32Array | undefined, b: Float32Array | undefined): number =>
  (a ?? new Float32Array()).reduce((sum, value, at) => sum + value * (b?.[at] ?? 0), 0);

afterAll(() => embedder.close());

describe('Universal Sentence Encoder lite', () => {
  test('loads in its thread and answers', async () => {
    expect(await embedder.probe()).toBeGreaterThan(0);
  });

  test('puts sentences of like meaning near each other', async () => {
    const [cat, kitten, stocks] = await embedder.embed(
      ['A cat sits on the mat.', 'The kitten is on the rug.', 'Stock markets fell sharply.'],
      options,
    );
    expect(cat).toHaveLength(USE_LITE_DIMENSIONS);
    expect(dot(cat, kitten)).toBeGreaterThan(dot(cat, stocks) + 0.3);
  });

  test('gives a text the same vector alone and in a batch', async () => {
    const texts = ['A short one.', 'A text that is quite a bit longer than the first one of this batch.'];
    const together = await embedder.embed(texts, options);
    const [alone] = await embedder.embed(texts.slice(0, 1), options);
    expect(dot(together[0], alone)).toBeGreaterThan(0.999);
  });

  test('takes texts of odd characters', async () => {
    expect(await embedder.embed(['🙂', '漢字', '\ud800', '...', 'a\u0000b'], options)).toHaveLength(5);
  });

  test('loads without a thread as well', async () => {
    const embed = await loadUseLite();
    const [vector] = await embed(['A cat sits on the mat.']);
    expect(vector).toHaveLength(USE_LITE_DIMENSIONS);
  });
});
