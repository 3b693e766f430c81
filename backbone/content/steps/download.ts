import { pipeline, type Readable } from 'node:stream';
import { AppError } from '../../errors.ts';
import type { FetchResponse } from '../../fetch/fetcher.ts';
import { throwForStatus } from '../../fetch/throw-for-status.ts';
import type { BlobInfo } from '../../stores/blobs/blob-store.ts';
import type { ContentRow, JobSource, StoredFile } from '../../stores/records/entities.ts';
import { workPrefix, type SourceArtifact } from '../artifacts.ts';
import type { ManagerPorts, StageContext, StageResult } from '../content-manager.ts';
import type { ContentType } from '../content-type.ts';
import { expansionOf, type Expansion } from '../expansion.ts';
import { attachedJobs } from './attachments.ts';
import { HEAD_BYTES, HeadReader } from '../parsing/head-reader.ts';
import { detectMediaType } from '../parsing/media-type.ts';

const NOT_MODIFIED = 304;
const MEBIBYTE = 1024 * 1024;

/** Brings the source into the blob store, or finds that nothing has changed. The bytes decide the type. */
export async function download(
  type: ContentType,
  ports: ManagerPorts,
  context: StageContext,
): Promise<StageResult> {
  const known = await knownContent(ports, context);
  const fetched = await fetchSource(ports, context, known);
  if (fetched === null || isUnchanged(known, fetched.file, context))
    return { kind: 'unchanged', expansion: await storedExpansion(type, ports, context, known) };
  const owner = readerOf(type, ports, context, fetched);
  checkSize(owner, ports, fetched.file);
  const files = { original: fetched.file.key };
  return owner === type
    ? { kind: 'next', artifact: fetched, files }
    : { kind: 'reroute', contentType: owner.type, artifact: fetched };
}

/** The stored content, when the job may end early because it is the same. */
export async function knownContent(ports: ManagerPorts, { job }: StageContext): Promise<ContentRow | null> {
  if (job.if_exists !== 'refresh') return null;
  const [content] = await ports.records.query<ContentRow>(
    'SELECT * FROM contents WHERE user_id = $1 AND content_id = $2 AND deleted_at IS NULL',
    [job.user_id, job.content_id],
  );
  // What a stage could not do may be done now, though the source is the same.
  return content === undefined || isUnfinished(content.warnings) ? null : content;
}

/** Whether what is stored lacks what a stage could not do. */
function isUnfinished(warnings: readonly { readonly code: string }[]): boolean {
  return warnings.some(({ code }) => code === 'transcriber_missing');
}

/** What is stored may list items, or carry files, that no job has asked for before. */
async function storedExpansion(
  type: ContentType,
  ports: ManagerPorts,
  context: StageContext,
  known: ContentRow | null,
): Promise<Expansion | null> {
  const { types } = ports;
  const { options } = context.job;
  const stored = types.find(known?.content_type ?? type.type) ?? type;
  const typeMetadata = known?.type_metadata ?? {};
  const listed = expansionOf(stored, options, { typeMetadata, hasType: (name) => types.find(name) !== null });
  const original = known?.files['original'];
  if (listed !== null || original === undefined) return listed;
  return attachedJobs(stored, ports, context, original);
}

async function fetchSource(
  ports: ManagerPorts,
  context: StageContext,
  known: ContentRow | null,
): Promise<SourceArtifact | null> {
  const { source } = context.job;
  switch (source.kind) {
    case 'url':
      return fromUrl(ports, context, source.url, known);
    case 'upload':
      return fromUpload(ports, source);
    case 'stored':
      throw new Error('Stored sources start at extract');
  }
}

async function fromUrl(
  ports: ManagerPorts,
  context: StageContext,
  url: string,
  known: ContentRow | null,
): Promise<SourceArtifact | null> {
  const response = await ports.fetcher.fetch({
    url,
    purpose: 'content',
    signal: context.signal,
    headers: conditions(known),
    maxBytes: ports.limits.sourceBytes,
    limitSetting: 'MAX_SOURCE_MB',
  });
  if (response.status === NOT_MODIFIED) {
    response.body.destroy();
    return null;
  }
  try {
    throwForStatus(response, ports.now().getTime());
  } catch (error) {
    response.body.destroy();
    throw error;
  }
  return keep(ports, context, response);
}

function conditions(known: ContentRow | null): Record<string, string> {
  return {
    ...(known?.etag ? { 'if-none-match': known.etag } : {}),
    ...(known?.last_modified ? { 'if-modified-since': known.last_modified } : {}),
  };
}

async function keep(
  ports: ManagerPorts,
  context: StageContext,
  response: FetchResponse,
): Promise<SourceArtifact> {
  const key = `${workPrefix(context.job.job_id)}original-${context.epoch}`;
  const head = new HeadReader((seen) => context.progress(response.sizeBytes ? seen / response.sizeBytes : 0));
  // Ends either side when the other fails; the error itself arrives through `head`.
  pipeline(response.body, head, () => undefined);
  const blob = await ports.blobs.put(key, head, {
    mediaType: response.mediaType ?? 'application/octet-stream',
    signal: context.signal,
  });
  const detected = await detectMediaType(head.bytes(), {
    declared: response.mediaType,
    fileName: response.fileName,
  });
  return {
    file: fileOf(blob, detected.mediaType, response.fileName),
    description: detected.description,
    declaredCharset: response.charset,
    finalUrl: response.url,
    etag: response.headers['etag'] ?? null,
    lastModified: response.headers['last-modified'] ?? null,
  };
}

async function fromUpload(
  ports: ManagerPorts,
  source: Extract<JobSource, { kind: 'upload' }>,
): Promise<SourceArtifact> {
  const stored = await ports.blobs.stat(source.blobKey);
  if (stored === null) throw new AppError('upload_not_found');
  const head = await readHead(await ports.blobs.read(source.blobKey, { start: 0, end: HEAD_BYTES - 1 }));
  const detected = await detectMediaType(head, { declared: source.mediaType, fileName: source.fileName });
  return {
    file: {
      key: source.blobKey,
      mediaType: detected.mediaType,
      sizeBytes: source.sizeBytes,
      sha256: source.sha256,
      fileName: source.fileName,
    },
    description: detected.description,
    declaredCharset: null,
    finalUrl: null,
    etag: null,
    lastModified: null,
  };
}

export function isUnchanged(known: ContentRow | null, file: StoredFile, { job }: StageContext): boolean {
  return known?.source_sha256 !== undefined &&
    known.source_sha256 !== null &&
    known.source_sha256 === file.sha256
    ? !(job.type_given && known.content_type !== job.content_type)
    : false;
}

/** The type that reads these bytes: the caller's if it named one, else whichever can. */
function readerOf(
  type: ContentType,
  ports: ManagerPorts,
  { job }: StageContext,
  source: SourceArtifact,
): ContentType {
  if (source.file.sizeBytes === 0) throw new AppError('source_empty');
  const { mediaType } = source.file;
  if (type.mediaTypes.includes(mediaType) || type.claimedMediaTypes?.includes(mediaType) === true)
    return type;
  const isFile = job.source.kind === 'upload' && job.type_given;
  if (isFile && type.fileMediaTypes.includes(mediaType)) return type;
  const actual = source.description;
  if (job.type_given) throw new AppError('type_mismatch', { params: { actual, wanted: `a ${type.label}` } });
  const other = ports.types.forMediaType(mediaType);
  if (other === null) throw new AppError('unsupported_type', { params: { actual } });
  return other;
}

function checkSize(type: ContentType, ports: ManagerPorts, file: StoredFile): void {
  const limit = ports.limits.bytesBySetting[type.sizeLimit];
  if (file.sizeBytes <= limit) return;
  throw new AppError('source_too_large', {
    params: { limit: `${Math.floor(limit / MEBIBYTE)} MB`, setting: type.sizeLimit },
  });
}

function fileOf(blob: BlobInfo, mediaType: string, fileName: string | null): StoredFile {
  return { key: blob.key, mediaType, sizeBytes: blob.sizeBytes, sha256: blob.sha256, fileName };
}

async function readHead(stream: Readable): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts);
}
