/** The inside of a parse thread. */
import { AppError } from '../../errors.ts';
import { describeThrown, recordOf, type ParseReply, type ParseRequest } from './parse-protocol.ts';
import type { ParserEvents } from './parser.ts';

/** A parser may report every row; people see no more than this. */
const PROGRESS_INTERVAL_MS = 100;

export interface ParsePort {
  on(event: 'message', listener: (request: ParseRequest) => void): unknown;
  postMessage(reply: ParseReply): void;
}

/** Answers every request with one final reply. The owner sends the next one only after that. */
export function serveParseRequests(port: ParsePort, now: () => number): void {
  port.on('message', (request) => void serve(request, port, now));
}

type Work = (input: unknown, events: ParserEvents) => unknown;

async function serve(request: ParseRequest, port: ParsePort, now: () => number): Promise<void> {
  const reply = await replyTo(request, {
    progress: throttledProgress((done, total) => port.postMessage({ kind: 'progress', done, total }), now),
    moreTime: (ms) => port.postMessage({ kind: 'more-time', ms }),
  });
  try {
    port.postMessage(reply);
  } catch (error) {
    // What the parser returned holds something that cannot be sent, such as a function.
    port.postMessage({ kind: 'crashed', cause: describeThrown(error) });
  }
}

async function replyTo(request: ParseRequest, events: ParserEvents): Promise<ParseReply> {
  try {
    const module = (await import(request.moduleUrl)) as Readonly<Record<string, unknown>>;
    const work = module[request.exportName];
    if (typeof work !== 'function')
      throw new Error(`${request.moduleUrl} exports no function ${request.exportName}`);
    return { kind: 'done', result: await (work as Work)(request.input, events) };
  } catch (error) {
    return error instanceof AppError
      ? { kind: 'refused', error: recordOf(error) }
      : { kind: 'crashed', cause: describeThrown(error) };
  }
}

/** Lets the first report through, then one each tenth of a second, and the one that completes the work. */
function throttledProgress(report: ParserEvents['progress'], now: () => number): ParserEvents['progress'] {
  let nextAt = -Infinity;
  return (done, total) => {
    if (now() < nextAt && done < total) return;
    nextAt = now() + PROGRESS_INTERVAL_MS;
    report(done, total);
  };
}
