import { artifactKey, type EmbeddedArtifact, type ProcessedArtifact } from '../artifacts.ts';
import type { ManagerPorts, StageContext, StageResult } from '../content-manager.ts';

/** One vector for every chunk. */
export async function embed(ports: ManagerPorts, context: StageContext): Promise<StageResult> {
  const { processed } = context.input as ProcessedArtifact;
  const { embedder, blobs } = ports;
  const texts = processed.chunks.map((chunk) => chunk.embeddingText);
  const vectors = await embedder.embed(texts, {
    kind: 'passage',
    signal: context.signal,
    onProgress: (done) => context.progress(done / texts.length),
  });
  const vectorsKey = artifactKey(context.job.job_id, 'vectors', context.epoch, 'f32');
  await blobs.put(vectorsKey, packVectors(vectors), {
    mediaType: 'application/octet-stream',
    signal: context.signal,
  });
  const artifact: EmbeddedArtifact = {
    processedKey: context.job.input_key ?? '',
    vectorsKey,
    model: embedder.model,
    dimensions: embedder.dimensions,
  };
  return { kind: 'next', artifact };
}

export function packVectors(vectors: readonly Float32Array[]): Buffer {
  return Buffer.concat(
    vectors.map((vector) => Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength)),
  );
}

/** @throws Error when the bytes are not `count` vectors */
export function unpackVectors(bytes: Buffer, count: number, dimensions: number): Float32Array[] {
  if (bytes.byteLength !== count * dimensions * Float32Array.BYTES_PER_ELEMENT) {
    throw new Error(`Expected ${count} vectors of ${dimensions} dimensions, found ${bytes.byteLength} bytes`);
  }
  const aligned = new Float32Array(new Uint8Array(bytes).buffer);
  return Array.from({ length: count }, (_, index) =>
    aligned.subarray(index * dimensions, (index + 1) * dimensions),
  );
}
