import { asAppError, itemErrorOf } from '../errors.ts';
import type { Accepted, Rejected } from '../api/services/submission.ts';
import { NEW_JOB } from './job.ts';
import type { PlannedJob } from './submission-plan.ts';
import type { ActiveJob } from './submission-statements.ts';

/** Why a submission may be refused although nothing is wrong with it. */
export const BEING_DELETED = 'this content is being deleted at the moment';

export function rejection(error: unknown): Rejected {
  return { error: itemErrorOf(asAppError(error, 'internal_error')) };
}

/** For a job that was created. */
export function accepted(plan: PlannedJob): Accepted {
  return {
    jobId: plan.jobId,
    contentId: plan.contentId,
    contentType: plan.contentType,
    status: NEW_JOB.status,
    deduplicated: false,
    skipped: false,
    message: 'The job was accepted.',
  };
}

/** For a submission that joins a job of the same content. */
export function joined(plan: PlannedJob, other: ActiveJob): Accepted {
  return {
    jobId: other.job_id,
    contentId: plan.contentId,
    contentType: other.content_type,
    status: other.status,
    deduplicated: true,
    skipped: false,
    message: 'The same content is being processed already; this is that job.',
  };
}

/** For content that is stored and was to be left alone. */
export function skipped(job: PlannedJob, contentType: string): Accepted {
  return {
    jobId: null,
    contentId: job.contentId,
    contentType,
    status: 'completed',
    deduplicated: false,
    skipped: true,
    message: 'The content is stored already; nothing was started.',
  };
}
