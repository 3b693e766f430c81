import { PassThrough } from 'node:stream';
import { z } from 'zod';
import { NO_INPUT, route, type Route } from '../route.ts';
import { pathId } from '../schemas/common.ts';
import { hasEnded, type StreamSink } from '../status-stream.ts';
import { positionOf, runSession, streamHeaders, streamQuery, type Session } from '../stream-session.ts';

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  // Proxies that gather answers would hold the events back.
  'x-accel-buffering': 'no',
};

export const statusStreamRoutes: readonly Route[] = [
  route({
    ...NO_INPUT,
    id: 'followStatus',
    method: 'GET',
    path: '/content/status/{job_id}/stream',
    tag: 'Jobs',
    summary: 'Every change of a job as server-sent events, until it has ended',
    scope: 'read',
    params: z.object({ job_id: pathId }),
    query: streamQuery,
    headers: streamHeaders,
    responses: {
      200: {
        description: 'A snapshot, then every event',
        schema: z.string(),
        mediaType: 'text/event-stream',
      },
      204: { description: 'The job has ended and the client has its last event: do not connect again' },
    },
    errors: ['not_found', 'too_many_streams'],
    handler: async ({ params, query, headers }, context) => {
      const { services, caller, streaming, signal, logger } = context;
      const detail = await services.jobs.get(caller.userId, params.job_id);
      const after = positionOf(query, headers);
      if (hasEnded(detail, after)) return { status: 204 };
      if (context.method === 'HEAD') return { status: 200, headers: HEADERS };
      const release = streaming.slots.take(caller.keyId);
      const body = new PassThrough();
      const sink = eventSink(body);
      const session = { streaming, services, caller, detail, after, sink, gone: signal, logger, release };
      void carry({ ...session, transport: 'sse' }, body);
      return { status: 200, headers: HEADERS, body };
    },
  }),
];

async function carry(session: Session, body: PassThrough): Promise<void> {
  const end = await runSession(session);
  if (end === 'slow' || end === 'failed') body.destroy();
  else body.end();
}

/** A write is over when the stream has taken it, which it does only while the client reads. */
function eventSink(body: PassThrough): StreamSink {
  const write = async (text: string): Promise<void> => {
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    body.write(text, (error) => {
      if (error) reject(error);
      else resolve(undefined);
    });
    await promise;
  };
  return {
    send: (message) => write(`id: ${message.seq}\ndata: ${JSON.stringify(message)}\n\n`),
    heartbeat: () => write(': heartbeat\n\n'),
  };
}
