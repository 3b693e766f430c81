import type { ApiMiddleware } from '../api-state.ts';
import type { Logger } from '../../logger.ts';

const ACCEPTED = /^[A-Za-z0-9._-]{1,128}$/;

/** The caller's id when it is harmless to log, else a new one. */
export function requestIdOf(given: string | readonly string[] | undefined, randomId: () => string): string {
  return typeof given === 'string' && ACCEPTED.test(given) ? given : randomId();
}

/**
 * Names the request in its answer and in every line that is logged for it. First of all: whatever answers, browsers
 * must not guess at its type, since texts of strangers stand in it.
 */
export function requestId(logger: Logger, randomId: () => string): ApiMiddleware {
  return async (ctx, next) => {
    const id = requestIdOf(ctx.req.headers['x-request-id'], randomId);
    ctx.state.requestId = id;
    ctx.state.route = null;
    ctx.state.keyId = null;
    ctx.state.logger = logger.child({ request_id: id });
    ctx.set('x-request-id', id);
    ctx.set('x-content-type-options', 'nosniff');
    await next();
  };
}
