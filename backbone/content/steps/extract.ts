import { AppError } from '../../errors.ts';
import type { SourceArtifact } from '../artifacts.ts';
import type { ManagerPorts, StageContext, StageResult } from '../content-manager.ts';
import type { ContentType } from '../content-type.ts';
import type { JsonObject } from '../model.ts';

/** Reads the stored bytes in a thread of their own, with the type's parser. */
export async function extract(
  type: ContentType,
  ports: ManagerPorts,
  context: StageContext,
): Promise<StageResult> {
  const source = context.input as SourceArtifact;
  const bytes = await ports.blobs.readAll(source.file.key);
  const extraction = await ports.parsePool.parse(
    type.parserUrl,
    {
      bytes,
      mediaType: source.file.mediaType,
      declaredCharset: source.declaredCharset,
      baseUrl: source.finalUrl,
      fileName: source.file.fileName,
      options: { ...context.job.options, ...limitsOf(ports), now: ports.now().toISOString() },
    },
    { signal: context.signal, onProgress: (done, total) => context.progress(total === 0 ? 0 : done / total) },
  );
  // Of a recording the text comes later.
  if (!type.stages.includes('transcribe') && !extraction.blocks.some((block) => block.text.trim() !== ''))
    throw new AppError('no_text');
  return { kind: 'next', artifact: { source, extraction }, warnings: extraction.warnings };
}

function limitsOf({ limits }: ManagerPorts): JsonObject {
  return {
    maxPages: limits.maxPages,
    maxPageBytes: limits.bytesBySetting.MAX_PAGE_MB,
    maxTextBytes: limits.textBytes,
    ocrSettings: { ...limits.ocr },
  };
}
