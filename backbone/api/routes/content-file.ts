import { z } from 'zod';
import { AppError } from '../../errors.ts';
import type { StoredFile } from '../../stores/records/entities.ts';
import { attachment, etagMatches, etagOf, rangeOf, safeMediaType, type ByteRange } from '../byte-range.ts';
import { contentKey, contentParams } from '../content-key.ts';
import { NO_INPUT, route, type Reply, type RequestContext, type Route } from '../route.ts';

const text = z.string().max(1000).optional();
const binary = z.string().meta({ format: 'binary' });

export const contentFileRoutes: readonly Route[] = [
  route({
    ...NO_INPUT,
    id: 'getContentFile',
    method: 'GET',
    path: '/content/{type}/{content_id}/file',
    tag: 'Content',
    summary: 'The original file, whole or in part',
    scope: 'read',
    params: contentParams,
    headers: z.object({ range: text, 'if-none-match': text, 'if-range': text }),
    responses: {
      200: { description: 'The file', schema: binary, mediaType: '*/*' },
      206: { description: 'A part of the file', schema: binary, mediaType: '*/*' },
      304: { description: 'The file is the one that If-None-Match names' },
    },
    errors: ['not_found', 'no_stored_file', 'range_not_satisfiable'],
    handler: async ({ params, headers }, context) => {
      const file = await context.services.contents.file(contentKey(params, context));
      const etag = etagOf(file);
      const shared = safeHeaders(file, etag);
      if (etagMatches(headers['if-none-match'], etag)) return { status: 304, headers: shared };
      const wanted = headers['if-range'] ?? etag;
      const range = wanted === etag ? rangeOf(headers.range, file.sizeBytes) : 'whole';
      if (range === 'unsatisfiable')
        throw new AppError('range_not_satisfiable', { params: { sizeBytes: file.sizeBytes } });
      return fileReply(file, range, shared, context);
    },
  }),
];

/** Whatever the file is, a browser that is led here neither runs it nor guesses at its type. */
function safeHeaders(file: StoredFile, etag: string): Record<string, string> {
  return {
    etag,
    'accept-ranges': 'bytes',
    'cache-control': 'private, no-cache',
    'content-disposition': attachment(file.fileName),
    'content-security-policy': "sandbox; default-src 'none'",
    'content-type': safeMediaType(file.mediaType),
    'cross-origin-resource-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
  };
}

async function fileReply(
  file: StoredFile,
  range: ByteRange | 'whole',
  shared: Readonly<Record<string, string>>,
  { services, method }: RequestContext,
): Promise<Reply> {
  const part = range === 'whole' ? { start: 0, end: file.sizeBytes - 1 } : range;
  const headers = {
    ...shared,
    'content-length': String(part.end - part.start + 1),
    ...(range === 'whole' ? {} : { 'content-range': `bytes ${part.start}-${part.end}/${file.sizeBytes}` }),
  };
  const status = range === 'whole' ? 200 : 206;
  if (method === 'HEAD') return { status, headers };
  const body = await services.contents.openFile(file, ...(range === 'whole' ? [] : [range]));
  return { status, headers, body };
}
