import type { Metrics } from '../../metrics.ts';
import type { ApiContext, ApiMiddleware } from '../api-state.ts';

/** Asked for every few seconds by machines: not worth a line at the usual level. */
const QUIET = new Set(['/healthz', '/readyz', '/metrics']);
/** Methods that may stand in a label: callers could make up any number of others. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PATCH', 'DELETE', 'OPTIONS']);

/**
 * One line and one observation a request, when its answer has been sent or its client has left. Query
 * strings are not logged: they hold what people search for.
 */
export function accessLog(metrics: Pick<Metrics, 'requestEnded'>, elapsed: () => number): ApiMiddleware {
  return async (ctx, next) => {
    const startedMs = elapsed();
    ctx.res.once('close', () => report(ctx, elapsed() - startedMs, metrics));
    await next();
  };
}

function report(ctx: ApiContext, ms: number, metrics: Pick<Metrics, 'requestEnded'>): void {
  const { route, keyId, logger } = ctx.state;
  const complete = ctx.res.writableFinished;
  const method = METHODS.has(ctx.method) ? ctx.method : 'other';
  metrics.requestEnded({ method, route: route ?? 'none', status: ctx.res.statusCode, seconds: ms / 1000 });
  const fields = {
    method: ctx.method,
    path: ctx.path.slice(0, 500),
    status: ctx.res.statusCode,
    ms: Math.round(ms * 10) / 10,
    key_id: keyId,
    ...(complete ? {} : { aborted: true }),
  };
  if (route !== null && QUIET.has(route)) logger.debug(fields, 'request');
  else logger.info(fields, 'request');
}
