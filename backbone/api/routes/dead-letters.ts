import { z } from 'zod';
import { given } from '../given.ts';
import { presentDeadLetter } from '../presenters.ts';
import { presentItemError } from '../problem.ts';
import { jsonBody, NO_INPUT, route, type Route } from '../route.ts';
import { asDate, pathId } from '../schemas/common.ts';
import {
  deadLetterDetail,
  deadLetterList,
  deadLettersQuery,
  replayAnswer,
  replayInput,
} from '../schemas/dead-letters.ts';

interface FilterInput {
  readonly error_code?: string | undefined;
  readonly content_type?: string | undefined;
  readonly failed_from?: string | undefined;
  readonly failed_to?: string | undefined;
}

export const deadLetterRoutes: readonly Route[] = [
  route({
    ...NO_INPUT,
    id: 'listDeadLetters',
    method: 'GET',
    path: '/content/dead-letters',
    tag: 'Dead letters',
    summary: 'What could not be processed, newest first',
    scope: 'read',
    query: deadLettersQuery,
    responses: { 200: { description: 'A page of dead letters', schema: deadLetterList } },
    errors: [],
    handler: async ({ query }, { services, caller }) => {
      const { items, total, nextCursor } = await services.jobs.deadLetters({
        userId: caller.userId,
        limit: query.limit,
        ...criteria(query),
        ...given({ cursor: query.cursor }),
      });
      return { status: 200, body: { total, items: items.map(presentDeadLetter), next_cursor: nextCursor } };
    },
  }),
  route({
    ...NO_INPUT,
    id: 'replayDeadLetters',
    method: 'POST',
    path: '/content/dead-letters/replay',
    tag: 'Dead letters',
    summary: 'Run the jobs of dead letters again, by id, error code, type or time',
    scope: 'write',
    body: jsonBody(replayInput),
    responses: { 202: { description: 'What was matched and what became of it', schema: replayAnswer } },
    errors: [],
    handler: async ({ body }, { services, caller }) => {
      const { matched, replayed, refused } = await services.jobs.replay({
        userId: caller.userId,
        dryRun: body.dry_run,
        reason: body.reason ?? null,
        actor: caller.keyId,
        ...criteria(body),
        ...given({ ids: body.ids }),
      });
      return {
        status: 202,
        body: {
          dry_run: body.dry_run,
          matched,
          replayed: replayed.map(({ deadLetterId, jobId }) => ({
            dead_letter_id: deadLetterId,
            job_id: jobId,
          })),
          refused: refused.map(({ deadLetterId, error }) => ({
            dead_letter_id: deadLetterId,
            error: presentItemError(error),
          })),
        },
      };
    },
  }),
  route({
    ...NO_INPUT,
    id: 'getDeadLetter',
    method: 'GET',
    path: '/content/dead-letters/{dead_letter_id}',
    tag: 'Dead letters',
    summary: 'One dead letter with its headers and bytes',
    scope: 'read',
    params: z.object({ dead_letter_id: pathId }),
    responses: { 200: { description: 'The dead letter', schema: deadLetterDetail } },
    errors: ['not_found'],
    handler: async ({ params }, { services, caller }) => {
      const row = await services.jobs.deadLetter(caller.userId, params.dead_letter_id);
      const payload = row.payload === null ? null : Buffer.from(row.payload).toString('base64');
      return {
        status: 200,
        body: { ...presentDeadLetter(row), headers: row.headers, payload_base64: payload },
      };
    },
  }),
];

function criteria(input: FilterInput): ReturnType<typeof given<Criteria>> {
  return given<Criteria>({
    errorCode: input.error_code,
    contentType: input.content_type,
    failedFrom: asDate(input.failed_from),
    failedTo: asDate(input.failed_to),
  });
}

interface Criteria {
  readonly errorCode: string | undefined;
  readonly contentType: string | undefined;
  readonly failedFrom: Date | undefined;
  readonly failedTo: Date | undefined;
}
