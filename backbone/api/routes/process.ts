import { z } from 'zod';
import {
  idempotencyHeaders,
  idempotentRequest,
  REPLAYED_HEADER,
  type RequestIdentity,
} from '../idempotency.ts';
import { invalidRequest } from '../problem.ts';
import { presentAccepted, presentBatchAccepted } from '../presenters.ts';
import { jsonBody, NO_INPUT, route, type Reply, type RequestContext, type Route } from '../route.ts';
import {
  acceptedAnswer,
  batchAnswer,
  batchInput,
  submission,
  submissionForm,
  submissionQuery,
  type BatchInput,
} from '../schemas/jobs.ts';
import type {
  Accepted,
  BatchSubmission,
  IdempotentRequest,
  Rejected,
  StoredAnswer,
  Submission,
} from '../services/submission.ts';
import { batchSubmission, readSubmission } from '../submissions.ts';

const BATCH_LIMIT_BYTES = 8 * 1024 * 1024;

/** Everything that starts jobs. */
export const processRoutes: readonly Route[] = [
  route({
    ...NO_INPUT,
    id: 'processContent',
    method: 'POST',
    path: '/content/process',
    tag: 'Ingest',
    summary:
      'Ingest one address or file. The fields come as JSON, as a form with one file, or in the query string',
    scope: 'write',
    query: submissionQuery,
    headers: idempotencyHeaders,
    body: {
      kind: 'raw',
      schema: z.undefined(),
      content: { 'application/json': submission, 'multipart/form-data': submissionForm },
    },
    responses: {
      202: {
        description: 'A job was started, or one for the same content was running already',
        schema: acceptedAnswer,
      },
      200: { description: 'The content existed and if_exists is skip', schema: acceptedAnswer },
    },
    errors: [
      'unknown_content_type',
      'url_invalid',
      'url_scheme',
      'url_forbidden',
      'callback_forbidden',
      'upload_not_found',
      'idempotency_conflict',
      'payload_too_large',
      'source_empty',
    ],
    handler: async ({ query, headers }, context) => {
      const read = await readSubmission(query, context);
      const identity = { method: 'POST', path: '/content/process', body: read.identity };
      return submit(read.submission, headers['idempotency-key'], identity, singleAnswer, context);
    },
  }),
  route({
    ...NO_INPUT,
    id: 'processBatch',
    method: 'POST',
    path: '/content/process/batch',
    tag: 'Ingest',
    summary: 'Ingest up to 1,000 addresses or uploads. With open a batch is filled by several requests',
    scope: 'write',
    headers: idempotencyHeaders,
    body: jsonBody(batchInput, BATCH_LIMIT_BYTES),
    responses: { 202: { description: 'What became of each item, in the order given', schema: batchAnswer } },
    errors: ['not_found', 'batch_closed', 'callback_forbidden', 'idempotency_conflict'],
    handler: async ({ body, headers }, context) => {
      const identity = { method: 'POST', path: '/content/process/batch', body };
      const request = batchOf(body, context);
      const answer: IdempotentRequest['answer'] = (items, batchId) => ({
        status: 202,
        body: presentBatchAccepted(batchId ?? '', body.open, items),
      });
      return submit(request, headers['idempotency-key'], identity, answer, context);
    },
  }),
];

async function submit(
  request: Submission | BatchSubmission,
  key: string | undefined,
  identity: RequestIdentity,
  answer: IdempotentRequest['answer'],
  { services, caller, traceparent }: RequestContext,
): Promise<Reply> {
  const options = { userId: caller.userId, traceparent, ...idempotentRequest(key, identity, answer) };
  const outcome = await services.jobs.submit(request, options);
  if (outcome.kind === 'repeated') return { ...outcome.answer, headers: { [REPLAYED_HEADER]: 'true' } };
  return answer(outcome.items, outcome.batchId);
}

function singleAnswer(outcome: readonly (Accepted | Rejected)[]): StoredAnswer {
  const [item] = outcome;
  if (item === undefined || 'error' in item)
    throw new Error('a single submission that is refused must reject');
  return { status: item.skipped ? 200 : 202, body: presentAccepted(item) };
}

function batchOf(body: BatchInput, { services }: RequestContext): BatchSubmission {
  const closes = body.batch_id !== undefined && !body.open;
  if (body.items.length === 0 && !closes && !body.open)
    throw invalidRequest([{ field: 'items', message: 'must hold at least one item' }]);
  return {
    batchId: body.batch_id ?? null,
    open: body.open,
    callbackUrl: body.callback_url ?? null,
    items: body.items.map((item) => batchSubmission(item, services.types)),
  };
}
