/** The files of a content: where they lie, and how those of a job become those of a version. */
import { AppError } from '../../errors.ts';
import type { StoredFile } from '../../stores/records/entities.ts';
import type { ContentVersion } from '../../stores/vectors/vector-store.ts';
import type { ProcessedArtifact } from '../artifacts.ts';
import type { ManagerPorts } from '../content-manager.ts';
import type { ContentType } from '../content-type.ts';

const JSON_TYPE = 'application/json';

export interface KeptFiles {
  readonly original: StoredFile;
  readonly extraction: StoredFile;
  readonly chunks: StoredFile;
  readonly thumbnail?: StoredFile;
  readonly captions?: StoredFile;
}

/** Where everything of one content lies. */
export function contentPrefix(type: ContentType, of: Omit<ContentVersion, 'version'>): string {
  return `${type.blobPrefix}${of.userId}/${of.contentId}/`;
}

/** Where the original of a content lies once it is stored; null where the blob store knows no hashes. */
export function originalKey(
  type: ContentType,
  of: Omit<ContentVersion, 'version'>,
  { sha256 }: StoredFile,
): string | null {
  return sha256 === null ? null : `${contentPrefix(type, of)}original-${sha256.slice(0, 16)}`;
}

/** Moves what the job fetched to where it stays, and writes what was made of it. Done again, it changes nothing. */
export async function keepFiles(
  type: ContentType,
  ports: ManagerPorts,
  of: ContentVersion,
  artifact: ProcessedArtifact,
): Promise<KeptFiles> {
  const prefix = contentPrefix(type, of);
  const { file } = artifact.source;
  const original = { ...file, key: originalKey(type, of, file) ?? `${prefix}original-v${of.version}` };
  await moveOnce(ports, file.key, original.key);
  const extractionBytes = await ports.blobs.readAll(artifact.extractionKey);
  const extraction = await putJson(ports, `${prefix}v${of.version}/extraction.json`, extractionBytes);
  const chunks = await putJson(
    ports,
    `${prefix}v${of.version}/chunks.json`,
    JSON.stringify(artifact.processed.chunks),
  );
  const thumbnail = await keepBeside(ports, `${prefix}thumbnail`, artifact.source.thumbnail);
  const captions = await keepBeside(ports, `${prefix}captions`, artifact.source.captions);
  return {
    original,
    extraction,
    chunks,
    ...(thumbnail === null ? {} : { thumbnail }),
    ...(captions === null ? {} : { captions }),
  };
}

async function keepBeside(
  ports: ManagerPorts,
  prefix: string,
  file: StoredFile | undefined,
): Promise<StoredFile | null> {
  if (file === undefined) return null;
  const key = `${prefix}-${(file.sha256 ?? 'unknown').slice(0, 16)}`;
  await moveOnce(ports, file.key, key);
  return { ...file, key };
}

/** A former execution of this stage may have moved it already. */
async function moveOnce(ports: ManagerPorts, from: string, to: string): Promise<void> {
  if (from === to) return;
  try {
    await ports.blobs.move(from, to);
  } catch (error) {
    const isThere =
      error instanceof AppError && error.code === 'not_found' && (await ports.blobs.stat(to)) !== null;
    if (!isThere) throw error;
  }
}

async function putJson(ports: ManagerPorts, key: string, bytes: Buffer | string): Promise<StoredFile> {
  const blob = await ports.blobs.put(key, bytes, { mediaType: JSON_TYPE });
  return { key, mediaType: JSON_TYPE, sizeBytes: blob.sizeBytes, sha256: blob.sha256, fileName: null };
}
