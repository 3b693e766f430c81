import { z } from 'zod';
import { AppError } from '../errors.ts';
import type { RequestContext } from './route.ts';
import { pathId } from './schemas/common.ts';
import type { ContentKey } from './services/content-service.ts';

/** Path segments below `/content` that are resources of their own, so that no content type can be called so. */
export const RESERVED_WORDS: readonly string[] = [
  'status',
  'jobs',
  'batches',
  'process',
  'dead-letters',
  'uploads',
  'deletions',
];

export const typeParams = z.object({ type: pathId });
export const contentParams = z.object({ type: pathId, content_id: pathId });

/** @throws AppError not_found when there is no such type */
export function contentType(type: string, { services }: RequestContext): string {
  if (services.types.some((known) => known.type === type)) return type;
  throw new AppError('not_found');
}

/** @throws AppError not_found when there is no such type */
export function contentKey(params: z.output<typeof contentParams>, context: RequestContext): ContentKey {
  return {
    userId: context.caller.userId,
    contentType: contentType(params.type, context),
    contentId: params.content_id,
  };
}
