import { AppError } from '../../errors.ts';
import type { ApiMiddleware } from '../api-state.ts';

/** Methods of the routes that match a path, or nothing where none does. */
export type AllowedMethods = (path: string) => readonly string[];

/** Answers what no route has taken: 404, or 405 with the methods that the address does accept. */
export function noRoute(allowedMethods: AllowedMethods): ApiMiddleware {
  return (ctx) => {
    const methods = allowedMethods(ctx.path);
    if (methods.length === 0) throw new AppError('not_found');
    const allowed = methods.join(', ');
    ctx.set('allow', allowed);
    if (ctx.method === 'OPTIONS') {
      ctx.status = 204;
      return;
    }
    throw new AppError('method_not_allowed', { params: { method: ctx.method.slice(0, 20), allowed } });
  };
}
