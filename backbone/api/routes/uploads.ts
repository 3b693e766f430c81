import { z } from 'zod';
import { presentTime } from '../presenters.ts';
import { readForm } from '../multipart.ts';
import { NO_INPUT, route, type RequestContext, type Route } from '../route.ts';
import { uploadAnswer } from '../schemas/jobs.ts';
import type { Upload } from '../services/upload-service.ts';
import { mediaTypeOf, storeUpload } from '../submissions.ts';
import { invalidRequest } from '../problem.ts';

const binary = z.string().meta({ format: 'binary' });

export const uploadRoutes: readonly Route[] = [
  route({
    ...NO_INPUT,
    id: 'uploadFile',
    method: 'POST',
    path: '/content/uploads',
    tag: 'Ingest',
    summary: 'Store one file for a later job: as the body itself, or as a form. It is kept for 24 hours',
    scope: 'write',
    query: z.strictObject({ file_name: z.string().min(1).max(255).optional() }),
    body: {
      kind: 'raw',
      schema: z.undefined(),
      content: {
        'application/octet-stream': binary,
        'multipart/form-data': z.strictObject({ file: binary }),
      },
    },
    responses: { 202: { description: 'The file is stored', schema: uploadAnswer } },
    errors: ['payload_too_large', 'source_empty', 'disk_full'],
    handler: async ({ query }, context) => {
      const upload = await store(query.file_name ?? null, context);
      return {
        status: 202,
        body: {
          upload_id: upload.uploadId,
          sha256: upload.sha256,
          size_bytes: upload.sizeBytes,
          media_type: upload.mediaType,
          file_name: upload.fileName,
          expires_at: presentTime(upload.expiresAt),
        },
      };
    },
  }),
];

async function store(fileName: string | null, context: RequestContext): Promise<Upload> {
  const mediaType = mediaTypeOf(context.request);
  if (mediaType !== 'multipart/form-data')
    return storeUpload({ stream: context.request, fileName, mediaType: mediaType || null }, context);
  const { fields, file } = await readForm(context.request, (part) =>
    storeUpload({ ...part, fileName: fileName ?? part.fileName }, context),
  );
  const extra = [...fields.keys()].map((field) => ({ field, message: 'is not a known field' }));
  if (extra.length > 0) throw invalidRequest(extra);
  return file;
}
