import type { IncomingMessage, ServerResponse } from 'node:http';
import { Router } from '@koa/router';
import type { ApiKeys, Caller } from '../access/api-keys.ts';
import { AppError } from '../errors.ts';
import type { ApiContext, ApiMiddleware, ApiState } from './api-state.ts';
import { RESERVED_WORDS } from './content-key.ts';
import { parseJson, readBytes } from './json-body.ts';
import { authenticate, keyIn } from './middleware/authenticate.ts';
import type { AllowedMethods } from './middleware/no-route.ts';
import { traceparentOf } from './middleware/traceparent.ts';
import { NOBODY, type Reply, type RequestContext, type Route } from './route.ts';
import { isJson, mediaTypeOf, unsupported } from './submissions.ts';

export type MountOptions = Pick<RequestContext, 'services' | 'streaming' | 'elapsed'> & {
  readonly keys: Pick<ApiKeys, 'verify'>;
};

export interface Mounted {
  readonly middleware: ApiMiddleware;
  readonly allowedMethods: AllowedMethods;
}

/** A router that runs each route with its key checked and its body read. */
export function mount(prefix: string, routes: readonly Route[], options: MountOptions): Mounted {
  const router = new Router<ApiState>({ prefix });
  for (const route of routes)
    router.register(koaPath(route.path), [route.method], async (ctx, next) => {
      const context = ctx as unknown as ApiContext & { readonly params: Record<string, string> };
      if (isReserved(route, context.params)) await next();
      else await run(route, context, options);
    });
  return {
    middleware: router.routes() as unknown as ApiMiddleware,
    allowedMethods: (path) => allowedMethods(router, routes, prefix, path),
  };
}

function koaPath(template: string): string {
  return template.replaceAll(/\{(\w+)\}/g, ':$1');
}

/** `/content/jobs` is a resource of its own and never a type called jobs, whatever the method. */
function isReserved(route: Route, params: Readonly<Record<string, string>>): boolean {
  return 'type' in route.params.shape && RESERVED_WORDS.includes(params['type'] ?? '');
}

function allowedMethods(
  router: Router<ApiState>,
  routes: readonly Route[],
  prefix: string,
  path: string,
): string[] {
  const reserved = RESERVED_WORDS.includes(path.slice(prefix.length).split('/')[2] ?? '');
  const byType = new Set(
    routes.filter((route) => 'type' in route.params.shape).map((route) => prefix + koaPath(route.path)),
  );
  const methods = router
    .match(path, 'GET')
    .path.filter((layer) => !(reserved && byType.has(String(layer.path))))
    .flatMap((layer) => layer.methods);
  return [...new Set(methods)].sort();
}

async function run(
  route: Route,
  ctx: ApiContext & { readonly params: Record<string, string> },
  options: MountOptions,
): Promise<void> {
  ctx.state.route = route.path;
  const caller = await callerOf(route, ctx, options);
  if (route.scope !== null && !options.services.isReady()) throw new AppError('not_ready');
  const context: RequestContext = {
    services: options.services,
    streaming: options.streaming,
    elapsed: options.elapsed,
    caller,
    requestId: ctx.state.requestId,
    traceparent: traceparentOf(ctx.req.headers['traceparent']),
    signal: leaving(ctx.res),
    method: ctx.method,
    request: ctx.req,
    logger: ctx.state.logger,
  };
  const body = await bodyOf(route, ctx.req);
  const query = new URLSearchParams(ctx.querystring);
  const raw = { params: ctx.params, query, headers: ctx.req.headers, body };
  send(ctx, await route.respond(raw, context));
}

async function callerOf(route: Route, ctx: ApiContext, { keys }: MountOptions): Promise<Caller> {
  if (route.scope === null) return NOBODY;
  const caller = await authenticate(keys, keyIn(ctx.req.headers), route.scope);
  ctx.state.keyId = caller.keyId;
  return caller;
}

/** Aborts when the connection closes before the answer was sent. */
function leaving(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
}

async function bodyOf({ body }: Route, request: IncomingMessage): Promise<unknown> {
  if (body.kind !== 'json') return undefined;
  const mediaType = mediaTypeOf(request);
  if (!isJson(mediaType)) throw unsupported(mediaType, 'application/json');
  return parseJson(await readBytes(request, body.limitBytes));
}

function send(ctx: ApiContext, { status, body, headers = {} }: Reply): void {
  ctx.status = status;
  if (body !== undefined) ctx.body = body;
  // An answer without a body must not say otherwise; headers of ours come last, so that they hold.
  else if (ctx.method !== 'HEAD') ctx.body = null;
  ctx.status = status;
  for (const [name, value] of Object.entries(headers)) ctx.set(name, value);
}
