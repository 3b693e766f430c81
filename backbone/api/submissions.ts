import type { IncomingMessage } from 'node:http';
import { AppError, itemErrorOf, type FieldError } from '../errors.ts';
import { readBytes, parseJson } from './json-body.ts';
import { readForm, type FormFile } from './multipart.ts';
import { fieldErrorsOf, invalidRequest } from './problem.ts';
import type { RequestContext } from './route.ts';
import { submission, type SubmissionInput } from './schemas/jobs.ts';
import type { ContentTypeInfo } from './services.ts';
import type { Rejected, Submission } from './services/submission.ts';
import type { Upload } from './services/upload-service.ts';

export const JSON_LIMIT_BYTES = 1024 * 1024;

/** A checked submission, and what identifies it for an Idempotency-Key. */
export interface ReadSubmission {
  readonly submission: Submission;
  readonly identity: unknown;
}

/**
 * Puts a submission together from the query string and the body: JSON, a multipart form, or none at all.
 * A field may stand in either, but not in both.
 * @throws AppError unsupported_media_type, malformed_json, body_too_large, invalid_request, unknown_content_type
 */
export async function readSubmission(
  query: Readonly<Record<string, unknown>>,
  context: RequestContext,
): Promise<ReadSubmission> {
  const { request } = context;
  const mediaType = mediaTypeOf(request);
  if (mediaType === 'multipart/form-data') return readSubmissionForm(query, context);
  const body = await readJsonOrNothing(request, mediaType);
  return submissionFrom(merged(query, body), null, context.services.types);
}

async function readSubmissionForm(
  query: Readonly<Record<string, unknown>>,
  context: RequestContext,
): Promise<ReadSubmission> {
  const { fields, file } = await readForm(context.request, (part) => storeUpload(part, context));
  const allowed = [...fields].map(([name, text]) => [name, formValue(name, text)] as const);
  const refused = ['url', 'upload_id'].filter((name) => fields.has(name) || name in query);
  if (refused.length > 0)
    throw invalidRequest(
      refused.map((field) => ({ field, message: 'cannot be given together with a file' })),
    );
  return submissionFrom(merged(query, Object.fromEntries(allowed)), file, context.services.types);
}

export function storeUpload(file: FormFile, { services, caller, signal }: RequestContext): Promise<Upload> {
  return services.uploads.store(caller.userId, file.stream, {
    fileName: file.fileName,
    declaredType: file.mediaType,
    signal,
  });
}

/** One of several submissions: what is wrong with it is told at its place, and the others go on. */
export function batchSubmission(item: unknown, types: readonly ContentTypeInfo[]): Submission | Rejected {
  try {
    return submissionFrom(item, null, types).submission;
  } catch (error) {
    if (error instanceof AppError) return { error: itemErrorOf(error) };
    throw error;
  }
}

function submissionFrom(
  given: unknown,
  upload: Upload | null,
  types: readonly ContentTypeInfo[],
): ReadSubmission {
  const parsed = submission.safeParse(given);
  if (!parsed.success) throw invalidRequest(fieldErrorsOf(parsed.error));
  const input = parsed.data;
  if (upload === null) demandOneSource(input);
  demandKnownType(input.content_type, types);
  return {
    submission: {
      url: input.url ?? null,
      uploadId: upload?.uploadId ?? input.upload_id ?? null,
      contentType: input.content_type ?? null,
      priority: input.priority,
      metadata: input.metadata,
      options: input.options,
      ifExists: input.if_exists,
      callbackUrl: input.callback_url ?? null,
    },
    identity: upload === null ? input : { ...input, file_sha256: upload.sha256 },
  };
}

function demandOneSource({ url, upload_id }: SubmissionInput): void {
  if (url === undefined && upload_id === undefined)
    throw invalidRequest([{ field: 'url', message: 'is required, or upload_id, or a file' }]);
  if (url !== undefined && upload_id !== undefined)
    throw invalidRequest([{ field: 'upload_id', message: 'cannot be given together with url' }]);
}

/** @throws AppError unknown_content_type, naming the field */
export function demandKnownType(contentType: string | undefined, types: readonly ContentTypeInfo[]): void {
  if (contentType === undefined || types.some(({ type }) => type === contentType)) return;
  const allowed = types.map(({ type }) => type).join(', ');
  throw new AppError('unknown_content_type', {
    params: { contentType, allowed },
    fields: [{ field: 'content_type', message: `must be one of: ${allowed}` }],
  });
}

export function mediaTypeOf(request: IncomingMessage): string {
  return (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/** HTTP/1.1 tells by these two headers whether a body follows. */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

async function readJsonOrNothing(request: IncomingMessage, mediaType: string): Promise<unknown> {
  if (!hasBody(request)) return {};
  if (!isJson(mediaType)) throw unsupported(mediaType, 'application/json, multipart/form-data');
  return parseJson(await readBytes(request, JSON_LIMIT_BYTES));
}

export function isJson(mediaType: string): boolean {
  return mediaType === 'application/json' || mediaType.endsWith('+json');
}

export function unsupported(mediaType: string, allowed: string): AppError {
  const params = { mediaType: mediaType === '' ? '(none)' : mediaType.slice(0, 100), allowed };
  return new AppError('unsupported_media_type', { params });
}

function merged(query: Readonly<Record<string, unknown>>, body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  const given: Readonly<Record<string, unknown>> = { ...body };
  const errors: FieldError[] = Object.keys(query)
    .filter((name) => Object.hasOwn(given, name))
    .map((field) => ({ field, message: 'is given in the query string and in the body' }));
  if (errors.length > 0) throw invalidRequest(errors);
  return { ...query, ...given };
}

/** Form fields are text: two of them hold JSON, one a number. */
function formValue(name: string, text: string): unknown {
  if (name === 'priority') return /^\d{1,3}$/.test(text) ? Number(text) : text;
  if (name !== 'metadata' && name !== 'options') return text;
  try {
    return parseJson(Buffer.from(text), name);
  } catch (error) {
    if (error instanceof AppError && error.code === 'malformed_json')
      throw invalidRequest([{ field: name, message: 'is not valid JSON' }]);
    throw error;
  }
}
