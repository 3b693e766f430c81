import { createHash } from 'node:crypto';
import type { StoredFile, UploadRow } from '../../stores/records/entities.ts';
import {
  attachmentsLeftOut,
  levelsWanted,
  MOST_ATTACHMENTS,
  noAttachments,
  optionsBelow,
  unsupportedAttachments,
  type AttachedFile,
  type AttachedFiles,
  type AttachmentSource,
} from '../attachments.ts';
import type { ManagerPorts, StageContext } from '../content-manager.ts';
import type { ContentType } from '../content-type.ts';
import type { Expansion, WantedJob } from '../expansion.ts';
import { lastingOptions } from '../job-options.ts';
import type { JsonObject } from '../model.ts';
import { detectMediaType } from '../parsing/media-type.ts';

const HEAD_BYTES = 1024 * 1024;

/**
 * The files that came with a source, kept as uploads for the jobs that the end of this one makes of them; null when
 * the job does not ask for them. Done again it finds the uploads of before; those that nobody takes expire.
 */
export async function attachedJobs(
  type: ContentType,
  ports: ManagerPorts,
  context: StageContext,
  file: StoredFile,
): Promise<Expansion | null> {
  const levels = levelsWanted(context.job.options);
  if (levels === 0) return null;
  const source = type.attachments;
  if (source?.mediaTypes.includes(file.mediaType) !== true)
    return { wanted: [], warnings: [noAttachments(type.label)] };
  const { files, leftOut } = await readFiles(type, ports, context, { source, file });
  const lasting = lastingOptions(context.job.options);
  const wanted: WantedJob[] = [];
  const unsupported: { readonly name: string; readonly description: string }[] = [];
  for (const [index, attached] of files.entries()) {
    context.signal.throwIfAborted();
    const { mediaType, description } = await detectMediaType(attached.bytes.subarray(0, HEAD_BYTES), {
      declared: attached.mediaType,
      fileName: attached.name,
    });
    const reader = ports.types.forMediaType(mediaType);
    if (reader === null) unsupported.push({ name: attached.name ?? 'unnamed', description });
    else {
      const upload = await keep(ports, context, { attached, index, mediaType });
      const isCarrier = reader.attachments?.mediaTypes.includes(mediaType) === true;
      wanted.push(wantedJob(upload, { ...optionsBelow(isCarrier ? levels : 1), ...lasting }));
    }
  }
  return { wanted, warnings: [...unsupportedAttachments(unsupported), ...attachmentsLeftOut(leftOut)] };
}

async function readFiles(
  type: ContentType,
  { blobs, limits, parsePool }: ManagerPorts,
  { signal }: StageContext,
  { source, file }: { readonly source: AttachmentSource; readonly file: StoredFile },
): Promise<AttachedFiles> {
  const input = {
    bytes: await blobs.readAll(file.key),
    mediaType: file.mediaType,
    declaredCharset: null,
    baseUrl: null,
    fileName: file.fileName,
    options: { maxFiles: MOST_ATTACHMENTS, maxBytes: limits.bytesBySetting[type.sizeLimit] },
  };
  return parsePool.run<AttachedFiles>(
    { moduleUrl: source.moduleUrl, exportName: 'attachedFiles', input },
    { signal, onProgress: () => undefined },
  );
}

/** The id is made of the job and the place in it, so that another execution of the stage keeps nothing twice. */
function keep(
  { uploads }: ManagerPorts,
  { job, signal }: StageContext,
  {
    attached,
    index,
    mediaType,
  }: { readonly attached: AttachedFile; readonly index: number; readonly mediaType: string },
): Promise<UploadRow> {
  const id = createHash('sha256').update(`${job.job_id}/${index}`).digest('hex').slice(0, 32);
  return uploads.keep(
    job.user_id,
    { uploadId: `up_${id}`, bytes: attached.bytes, fileName: attached.name, mediaType },
    signal,
  );
}

function wantedJob(upload: UploadRow, options: JsonObject): WantedJob {
  return {
    url: null,
    upload,
    contentType: null,
    options,
    keys: [`sha256:${upload.sha256}`],
  };
}
