import { asAppError, type AppError } from '../../errors.ts';
import type { ApiContext, ApiMiddleware } from '../api-state.ts';
import { PROBLEM_TYPE, problemOf, retryAfterSeconds } from '../problem.ts';

/** Turns whatever went wrong into a problem document. Unknown errors reach the log in full, the caller as a number. */
export function problems(): ApiMiddleware {
  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      // Nobody is there to be told, and nothing of ours went wrong.
      if (ctx.res.destroyed || (ctx.req.destroyed && !ctx.writable)) return;
      answerProblem(ctx, asAppError(error, 'internal_error'), error);
    }
  };
}

function answerProblem(ctx: ApiContext, problem: AppError, error: unknown): void {
  if (problem.code === 'internal_error') ctx.state.logger.error({ err: error }, 'a request failed');
  ctx.status = problem.status;
  ctx.body = problemOf(problem, ctx.state.requestId);
  ctx.type = PROBLEM_TYPE;
  ctx.set('cache-control', 'no-store');
  const waitSeconds = retryAfterSeconds(problem);
  if (waitSeconds !== null) ctx.set('retry-after', String(waitSeconds));
  if (problem.status === 401) ctx.set('www-authenticate', 'Bearer');
  // What is left of a body that was refused is not read, so the connection cannot carry another request.
  if (!ctx.req.complete) ctx.set('connection', 'close');
}
