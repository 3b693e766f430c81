import { AppError } from '../../errors.ts';
import { artifactKey, type ExtractionArtifact, type SourceArtifact } from '../artifacts.ts';
import { ContentManager, type StageContext, type StageResult } from '../content-manager.ts';
import { LEGACY_CONVERSIONS, type Conversion } from './legacy/legacy-types.ts';

const LOCK_READER = new URL('./legacy/password-lock.ts', import.meta.url).href;

/** Office files of the old kind are turned into new ones before they are read; the original is what is kept. */
export class DocumentManager extends ContentManager {
  protected override async extract(context: StageContext): Promise<StageResult> {
    const source = context.input as SourceArtifact;
    const conversion = LEGACY_CONVERSIONS.get(source.file.mediaType);
    if (conversion === undefined) return super.extract(context);
    const converted = await this.#converted(source, conversion, context);
    const result = await super.extract({ ...context, input: converted });
    if (result.kind !== 'next') return result;
    return { ...result, artifact: { ...(result.artifact as ExtractionArtifact), source } };
  }

  async #converted(
    source: SourceArtifact,
    conversion: Conversion,
    { job, epoch, signal }: StageContext,
  ): Promise<SourceArtifact> {
    const { blobs, office } = this.ports;
    if (await this.#isLocked(source, signal)) throw new AppError('file_encrypted');
    const bytes = await blobs.readAll(source.file.key);
    const { mediaType, to } = conversion;
    const key = artifactKey(job.job_id, 'converted', epoch, to);
    const blob = await blobs.put(key, Buffer.from(await office.convert(bytes, conversion, signal)), {
      mediaType,
    });
    const { sizeBytes, sha256 } = blob;
    return { ...source, file: { ...source.file, key, mediaType, sizeBytes, sha256 } };
  }

  async #isLocked({ file }: SourceArtifact, signal: AbortSignal): Promise<boolean> {
    const { mediaType, fileName } = file;
    // The thread takes the bytes over.
    const bytes = await this.ports.blobs.readAll(file.key);
    const input = { bytes, mediaType, declaredCharset: null, baseUrl: null, fileName, options: {} };
    return this.ports.parsePool.run<boolean>(
      { moduleUrl: LOCK_READER, exportName: 'isLocked', input },
      { signal, onProgress: () => undefined },
    );
  }
}
