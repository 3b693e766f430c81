import type { z } from 'zod';
import { contentKey, contentParams, contentType, typeParams } from '../content-key.ts';
import { presentContent, presentReceipt } from '../content-presenters.ts';
import { contentParts } from '../content-parts.ts';
import { given } from '../given.ts';
import { jsonBody, NO_INPUT, route, type Route } from '../route.ts';
import { asDate } from '../schemas/common.ts';
import {
  content,
  contentChanged,
  contentChanges,
  contentDetail,
  contentList,
  contentQuery,
  contentsQuery,
  deletedAnswer,
  deleteQuery,
  reprocessQuery,
} from '../schemas/contents.ts';
import { startedAnswer } from '../schemas/jobs.ts';
import type { ContentFilter } from '../services/content-service.ts';

/** Create is `process`; these list, read, change and delete. */
export const contentRoutes: readonly Route[] = [
  route({
    ...NO_INPUT,
    id: 'listContents',
    method: 'GET',
    path: '/content/{type}',
    tag: 'Content',
    summary: 'Contents of one type, newest first',
    scope: 'read',
    params: typeParams,
    query: contentsQuery,
    responses: { 200: { description: 'A page of contents', schema: contentList } },
    errors: ['not_found'],
    handler: async ({ params, query }, context) => {
      const type = contentType(params.type, context);
      const filter = contentFilter(context.caller.userId, type, query);
      const { items, total, nextCursor } = await context.services.contents.list(filter);
      return {
        status: 200,
        body: { content_type: type, total, items: items.map(presentContent), next_cursor: nextCursor },
      };
    },
  }),
  route({
    ...NO_INPUT,
    id: 'getContent',
    method: 'GET',
    path: '/content/{type}/{content_id}',
    tag: 'Content',
    summary: 'One content; include adds its text, Markdown, chunks or transcript',
    scope: 'read',
    params: contentParams,
    query: contentQuery,
    responses: { 200: { description: 'The content', schema: contentDetail } },
    errors: ['not_found'],
    handler: async ({ params, query }, context) => {
      const key = contentKey(params, context);
      const row = await context.services.contents.get(key);
      const parts = await contentParts(context.services.contents, key, query.include);
      return { status: 200, body: { ...presentContent(row), ...parts } };
    },
  }),
  route({
    ...NO_INPUT,
    id: 'updateContent',
    method: 'PATCH',
    path: '/content/{type}/{content_id}',
    tag: 'Content',
    summary: 'Change fields of a content; which ones can be changed depends on its type',
    scope: 'write',
    params: contentParams,
    body: jsonBody(contentChanges),
    responses: { 200: { description: 'The content as it is now', schema: contentChanged } },
    errors: ['not_found'],
    handler: async ({ params, body }, context) => {
      const row = await context.services.contents.update(contentKey(params, context), body);
      return {
        status: 200,
        body: { success: true, content_id: row.content_id, content: presentContent(row) },
      };
    },
  }),
  route({
    ...NO_INPUT,
    id: 'deleteContent',
    method: 'DELETE',
    path: '/content/{type}/{content_id}',
    tag: 'Content',
    summary: 'Hide a content, or with hard_delete remove it from every store',
    scope: 'write',
    params: contentParams,
    query: deleteQuery,
    responses: {
      200: { description: 'It is done', schema: deletedAnswer },
      202: {
        description: 'It is gone for every reader; some stores are still being emptied',
        schema: deletedAnswer,
      },
    },
    errors: ['not_found'],
    handler: async ({ params, query }, context) => {
      const key = contentKey(params, context);
      const { contents } = context.services;
      const answer = { deleted: true, content_id: key.contentId, hard_delete: query.hard_delete };
      if (!query.hard_delete) {
        await contents.softDelete(key);
        return { status: 200, body: { ...answer, receipt: null } };
      }
      const receipt = await contents.hardDelete(key, context.caller.keyId);
      const status = receipt.completedAt === null ? 202 : 200;
      return { status, body: { ...answer, receipt: presentReceipt(receipt) } };
    },
  }),
  route({
    ...NO_INPUT,
    id: 'restoreContent',
    method: 'POST',
    path: '/content/{type}/{content_id}/restore',
    tag: 'Content',
    summary: 'Bring back a content that was deleted without hard_delete',
    scope: 'write',
    params: contentParams,
    responses: { 200: { description: 'The content', schema: content } },
    errors: ['not_found'],
    handler: async ({ params }, context) => ({
      status: 200,
      body: presentContent(await context.services.contents.restore(contentKey(params, context))),
    }),
  }),
  route({
    ...NO_INPUT,
    id: 'reprocessContent',
    method: 'POST',
    path: '/content/{type}/{content_id}/reprocess',
    tag: 'Content',
    summary: 'Process the stored file anew, or with force fetch the address again',
    scope: 'write',
    params: contentParams,
    query: reprocessQuery,
    responses: { 202: { description: 'A job was started', schema: startedAnswer } },
    errors: ['not_found', 'no_stored_file'],
    handler: async ({ params, query }, context) => {
      const { jobId, contentId, status, message } = await context.services.contents.reprocess(
        contentKey(params, context),
        { force: query.force, traceparent: context.traceparent },
      );
      return { status: 202, body: { job_id: jobId, content_id: contentId, status, message } };
    },
  }),
];

function contentFilter(userId: string, type: string, query: z.output<typeof contentsQuery>): ContentFilter {
  return {
    userId,
    contentType: type,
    limit: query.limit,
    ...given({
      author: query.author,
      language: query.language,
      tag: query.tag,
      minPages: query.min_pages,
      minDuration: query.min_duration,
      venue: query.venue,
      year: query.year,
      pageKind: query.page_kind,
      status: query.status,
      createdFrom: asDate(query.created_from),
      createdTo: asDate(query.created_to),
      cursor: query.cursor,
      offset: query.offset,
    }),
  };
}
