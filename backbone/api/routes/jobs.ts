import { z } from 'zod';
import { presentJob, presentJobStatus } from '../presenters.ts';
import { NO_INPUT, route, type Route } from '../route.ts';
import { asDate, pathId } from '../schemas/common.ts';
import { jobList, jobsQuery, jobStatusAnswer, jobSummary, startedAnswer } from '../schemas/jobs.ts';
import type { JobFilter } from '../services/job-service.ts';
import { given } from '../given.ts';

const params = z.object({ job_id: pathId });

export const jobRoutes: readonly Route[] = [
  route({
    ...NO_INPUT,
    id: 'getStatus',
    method: 'GET',
    path: '/content/status/{job_id}',
    tag: 'Jobs',
    summary: 'How far a job is',
    scope: 'read',
    params,
    responses: { 200: { description: 'The job and its stages', schema: jobStatusAnswer } },
    errors: ['not_found'],
    handler: async ({ params: { job_id } }, { services, caller }) => ({
      status: 200,
      body: presentJobStatus(await services.jobs.get(caller.userId, job_id)),
      headers: { 'cache-control': 'no-store' },
    }),
  }),
  route({
    ...NO_INPUT,
    id: 'listJobs',
    method: 'GET',
    path: '/content/jobs',
    tag: 'Jobs',
    summary: 'Jobs, newest first',
    scope: 'read',
    query: jobsQuery,
    responses: { 200: { description: 'A page of jobs', schema: jobList } },
    errors: [],
    handler: async ({ query }, { services, caller }) => {
      const { items, total, nextCursor } = await services.jobs.list(jobFilter(caller.userId, query));
      return { status: 200, body: { total, items: items.map(presentJob), next_cursor: nextCursor } };
    },
  }),
  route({
    ...NO_INPUT,
    id: 'cancelJob',
    method: 'POST',
    path: '/content/jobs/{job_id}/cancel',
    tag: 'Jobs',
    summary: 'Cancel a job; a stage that is running is told to stop',
    scope: 'write',
    params,
    responses: { 200: { description: 'The job as it is now', schema: jobSummary } },
    errors: ['not_found', 'job_ended'],
    handler: async ({ params: { job_id } }, { services, caller }) => ({
      status: 200,
      body: presentJob(await services.jobs.cancel(caller.userId, job_id)),
    }),
  }),
  route({
    ...NO_INPUT,
    id: 'retryJob',
    method: 'POST',
    path: '/content/jobs/{job_id}/retry',
    tag: 'Jobs',
    summary: 'Run a failed or cancelled job again, from the stage that failed',
    scope: 'write',
    params,
    responses: { 202: { description: 'The job waits for its next run', schema: startedAnswer } },
    errors: ['not_found', 'job_not_ended', 'job_not_retryable', 'conflict'],
    handler: async ({ params: { job_id } }, { services, caller }) => {
      const job = await services.jobs.retry(caller.userId, job_id);
      return {
        status: 202,
        body: {
          job_id: job.job_id,
          content_id: job.content_id,
          status: job.status,
          message: 'The job runs again.',
        },
      };
    },
  }),
];

function jobFilter(userId: string, query: z.output<typeof jobsQuery>): JobFilter {
  return {
    userId,
    limit: query.limit,
    ...given({
      statuses: query.status,
      contentType: query.content_type,
      contentId: query.content_id,
      batchId: query.batch_id,
      createdFrom: asDate(query.created_from),
      createdTo: asDate(query.created_to),
      lane: query.lane,
      cursor: query.cursor,
    }),
  };
}
