import { describe, expect, test } from '@jest/globals';
import type { EmbedOptions, Embedder } from '../../../backbone/models/embedder.ts';
import { openFormerEmbedder } from '../../../backbone/models/open-embedder.ts';
import { QuestionEmbedder } from '../../../backbone/models/question-embedder.ts';
import { USE_LITE_MODEL } from '../../../backbone/models/use-lite.ts';

const options: EmbedOptions = { kind: 'query', signal: new AbortController().signal };

function fake(model: string, closed: string[] = []): Embedder {
  return {
    model,
    dimensions: model.length,
    denseWeight: () => 0.5,
    embed: async (texts) => texts.map(() => Float32Array.of(model.length)),
    probe: async () => model.length,
    close: async () => void closed.push(model),
  };
}

async function seen(embedder: Embedder): Promise<unknown> {
  const [vector] = await embedder.embed(['x'], options);
  const { model, dimensions } = embedder;
  return [model, dimensions, embedder.denseWeight('en'), vector?.[0], await embedder.probe()];
}

describe('questions', () => {
  test('go to the configured model when its vectors are those that are searched', async () => {
    const embedder = new QuestionEmbedder({ searched: 'new', configured: fake('new'), former: null });
    expect(await seen(embedder)).toEqual(['new', 3, 0.5, 3, 3]);
    await embedder.takeOver();
    expect(await seen(embedder)).toEqual(['new', 3, 0.5, 3, 3]);
  });

  test('go to the former model until the vectors are replaced, which closes it', async () => {
    const closed: string[] = [];
    const embedder = new QuestionEmbedder({
      searched: 'former',
      configured: fake('new', closed),
      former: fake('former', closed),
    });
    expect(await seen(embedder)).toEqual(['former', 6, 0.5, 6, 6]);
    await embedder.takeOver();
    expect(await seen(embedder)).toEqual(['new', 3, 0.5, 3, 3]);
    expect(closed).toEqual(['former']);
  });

  test('go by words alone when the former model is not at hand', async () => {
    const embedder = new QuestionEmbedder({ searched: 'former', configured: fake('new'), former: null });
    expect(embedder.denseWeight('en')).toBe(0);
    const refused = { code: 'embedder_mismatch', message: expect.stringMatching(/former.*new/) as unknown };
    await expect(embedder.embed(['x'], options)).rejects.toMatchObject(refused);
    await expect(embedder.probe()).rejects.toMatchObject(refused);
    await embedder.takeOver();
    expect(await seen(embedder)).toEqual(['new', 3, 0.5, 3, 3]);
  });

  test('can always be embedded by the model inside', async () => {
    const former = openFormerEmbedder(USE_LITE_MODEL);
    expect(former?.model).toBe(USE_LITE_MODEL);
    await former?.close();
    expect(openFormerEmbedder('other/3')).toBeNull();
  });
});
