import { AppError } from '../errors.ts';
import type { Submission } from '../api/services/submission.ts';
import type { TypeRegistry } from '../content/content-types.ts';
import { jobOptions } from '../content/job-options.ts';
import type { ContentType } from '../content/content-type.ts';
import type { Fetcher } from '../fetch/fetcher.ts';
import type { Stage } from '../pipeline/stages.ts';
import type { IfExists, JobSource, UploadRow } from '../stores/records/entities.ts';

/** A submission that was checked and whose content is known. */
export interface PlannedJob {
  readonly jobId: string;
  readonly contentId: string;
  readonly contentType: string;
  readonly typeGiven: boolean;
  readonly url: string | null;
  readonly source: JobSource;
  readonly stage: Stage;
  readonly priority: number;
  readonly metadata: object;
  readonly options: object;
  readonly ifExists: IfExists;
  readonly callbackUrl: string | null;
  readonly inputKey: string | null;
}

export interface PlanPorts {
  readonly types: TypeRegistry;
  readonly fetcher: Fetcher;
  /** 12 lower-case hex digits. */
  readonly newJobSuffix: () => string;
}

/**
 * Finds what a submission is: content type, content id and first stage. Checks what can be checked without the
 * database, except uploads: those are read before. @throws AppError of the table in the README
 */
export function planSubmission(
  submission: Submission,
  upload: UploadRow | null,
  ports: PlanPorts,
): PlannedJob {
  checkCallback(submission.callbackUrl, ports);
  const given = submission.contentType === null ? null : ports.types.get(submission.contentType);
  const found =
    submission.url === null ? fromUpload(upload, given, ports) : fromUrl(submission.url, given, ports);
  const { type } = found;
  const options = checkedOptions(type, submission.options);
  return {
    jobId: newJobId(type.type, ports),
    contentId: found.contentId(options),
    contentType: type.type,
    typeGiven: given !== null,
    url: submission.url,
    source: found.source,
    stage: firstStage(type),
    priority: submission.priority,
    metadata: submission.metadata,
    options,
    ifExists: submission.ifExists,
    callbackUrl: submission.callbackUrl,
    inputKey: null,
  };
}

/** @throws AppError callback_forbidden */
export function checkCallback(url: string | null, { fetcher }: Pick<PlanPorts, 'fetcher'>): void {
  if (url !== null) fetcher.check(url, 'callback');
}

export function newJobId(contentType: string, { newJobSuffix }: Pick<PlanPorts, 'newJobSuffix'>): string {
  return `${contentType}_${newJobSuffix()}`;
}

interface Found {
  readonly type: ContentType;
  readonly contentId: (options: Readonly<Record<string, unknown>>) => string;
  readonly source: JobSource;
}

function fromUrl(address: string, given: ContentType | null, { types, fetcher }: PlanPorts): Found {
  const url = fetcher.check(address, 'content');
  const type = given ?? types.forUrl(url);
  return {
    type,
    contentId: (options) => type.identify({ kind: 'url', url, options }),
    source: { kind: 'url', url: address },
  };
}

function fromUpload(upload: UploadRow | null, given: ContentType | null, { types }: PlanPorts): Found {
  if (upload === null)
    throw new AppError('upload_not_found', { fields: [{ field: 'upload_id', message: 'Not found' }] });
  const type = given ?? types.forMediaType(upload.media_type);
  if (type === null) throw new AppError('unsupported_type', { params: { actual: upload.media_type } });
  const source: JobSource = {
    kind: 'upload',
    uploadId: upload.upload_id,
    blobKey: upload.blob_key,
    fileName: upload.file_name,
    mediaType: upload.media_type,
    sha256: upload.sha256,
    sizeBytes: Number(upload.size_bytes),
  };
  const nativeId = upload.native_ids[type.type] ?? null;
  return {
    type,
    contentId: () => type.identify({ kind: 'upload', sha256: upload.sha256, nativeId }),
    source,
  };
}

function firstStage(type: ContentType): Stage {
  const [stage] = type.stages;
  if (stage === undefined) throw new Error(`The type ${type.type} declares no stages`);
  return stage;
}

function checkedOptions(type: ContentType, options: object): Readonly<Record<string, unknown>> {
  const checked = jobOptions(type).strict().safeParse(options);
  if (checked.success) return checked.data;
  throw new AppError('invalid_request', {
    fields: checked.error.issues.map((issue) => ({
      field: ['options', ...issue.path].join('.'),
      message: issue.message,
    })),
  });
}
