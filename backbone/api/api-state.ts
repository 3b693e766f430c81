import type { Context, Middleware, Next } from 'koa';
import type { Logger } from '../logger.ts';

/** What the middleware know about a request. */
export interface ApiState {
  requestId: string;
  /** Template of the route, for logs and metrics; null where none matched. */
  route: string | null;
  keyId: string | null;
  logger: Logger;
}

export type ApiMiddleware = Middleware<ApiState>;
export type ApiContext = Context & { state: ApiState };
export type { Next };
