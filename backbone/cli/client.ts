import { createReadStream } from 'node:fs';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { z } from 'zod';
import type { Problem } from '../api/schemas/common.ts';
import type { ContentShape } from '../api/schemas/contents.ts';
import type { BatchAnswer, JobStatusShape, uploadAnswer } from '../api/schemas/jobs.ts';
import type { SearchAnswer } from '../api/schemas/search.ts';
import type { ReadinessShape } from '../api/schemas/system.ts';
import type { StreamMessage } from '../api/status-stream.ts';
import type { KeyScope } from './arguments.ts';
import { readEvents } from './event-stream.ts';

export type {
  BatchAnswer,
  ContentShape,
  JobStatusShape,
  Problem,
  ReadinessShape,
  SearchAnswer,
  StreamMessage,
};
export type UploadAnswer = z.output<typeof uploadAnswer>;

/** One of the things a batch holds, as the API takes it. */
export interface BatchItem {
  readonly url?: string;
  readonly upload_id?: string;
  readonly content_type?: string;
  readonly priority?: number;
  readonly if_exists?: 'force';
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface BatchRequest {
  readonly items: readonly BatchItem[];
  readonly batch_id?: string;
  readonly open: boolean;
}

export interface KeyShape {
  readonly key_id: string;
  readonly tenant: string;
  readonly name: string;
  readonly scopes: readonly KeyScope[];
  readonly first_start: boolean;
  readonly created_at: string;
  readonly revoked_at: string | null;
  readonly last_used_at: string | null;
}

export interface NewKeyRequest {
  readonly name: string;
  readonly scopes: readonly KeyScope[];
  readonly tenant: string;
}

/** The API as the command line uses it. Every call rejects with ApiFailure or ConnectionFailure. */
export interface BackboneClient {
  /** Streams the file, whatever its size. */
  upload(file: { readonly path: string; readonly name: string }, signal: AbortSignal): Promise<UploadAnswer>;
  submit(batch: BatchRequest): Promise<BatchAnswer>;
  status(jobId: string): Promise<JobStatusShape>;
  /** Every change after `after`; null begins with a snapshot. Ends when the job has ended, or the connection. */
  follow(jobId: string, after: number | null, signal: AbortSignal): AsyncGenerator<StreamMessage>;
  content(contentType: string, contentId: string): Promise<ContentShape>;
  search(query: string, limit: number): Promise<SearchAnswer>;
  createKey(key: NewKeyRequest): Promise<{ readonly key_id: string; readonly key: string }>;
  listKeys(): Promise<readonly KeyShape[]>;
  revokeKey(keyId: string): Promise<void>;
  /** Rejects when a part of the backbone is down. */
  readiness(): Promise<ReadinessShape>;
}

/** The backbone refused a request; `message` and `hint` are its own words. */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure';
  readonly status: number;
  readonly code: string;
  readonly hint: string;

  constructor({
    status,
    code,
    detail,
    hint,
    errors,
  }: Pick<Problem, 'status' | 'code' | 'detail' | 'hint' | 'errors'>) {
    super(withFields(detail, errors));
    this.status = status;
    this.code = code;
    this.hint = hint;
  }
}

/** A sentence, with what is wrong with each field behind it. */
export function withFields(sentence: string, errors: Problem['errors']): string {
  return [sentence, ...errors.map(({ field, message }) => `${field}: ${message}.`)].join(' ');
}

/** The backbone cannot be reached, or fell silent. */
export class ConnectionFailure extends Error {
  override readonly name = 'ConnectionFailure';
}

export interface ClientOptions {
  /** Origin of the backbone. */
  readonly url: string;
  readonly key: string;
}

/** Status streams send a heartbeat every 15 s, and no other answer keeps silent for as long as this. */
const SILENCE_MS = 120_000;
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

interface Call {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below `/api`. */
  readonly path: string;
  readonly mediaType?: string;
  readonly body?: string | Readable;
  readonly signal?: AbortSignal;
}

export function createBackboneClient(options: ClientOptions): BackboneClient {
  const json = async <T>(call: Call): Promise<T> => {
    const response = await send(options, call);
    const text = await readText(response);
    // What our own backbone answers keeps to its schemas: a test compares every route with them.
    return (text === '' ? null : JSON.parse(text)) as T;
  };
  const get = <T>(path: string): Promise<T> => json<T>({ method: 'GET', path });
  const post = <T>(path: string, body: object): Promise<T> =>
    json<T>({ method: 'POST', path, mediaType: 'application/json', body: JSON.stringify(body) });

  return {
    upload: (file, signal) =>
      json({
        method: 'POST',
        path: `/content/uploads?file_name=${encodeURIComponent(file.name)}`,
        mediaType: 'application/octet-stream',
        body: createReadStream(file.path),
        signal,
      }),
    submit: (batch) => post('/content/process/batch', batch),
    status: (jobId) => get(`/content/status/${encodeURIComponent(jobId)}`),
    follow: (jobId, after, signal) => followStream(options, jobId, after, signal),
    content: (contentType, contentId) => get(`/content/${contentType}/${encodeURIComponent(contentId)}`),
    search: (query, limit) => post('/search', { query, limit }),
    createKey: (key) => post('/keys', key),
    readiness: () => get('/readyz'),
    listKeys: async () => (await get<{ readonly items: readonly KeyShape[] }>('/keys')).items,
    revokeKey: async (keyId) => {
      await json({ method: 'DELETE', path: `/keys/${encodeURIComponent(keyId)}` });
    },
  };
}

async function* followStream(
  options: ClientOptions,
  jobId: string,
  after: number | null,
  signal: AbortSignal,
): AsyncGenerator<StreamMessage> {
  const position = after === null ? '' : `?after=${after}`;
  const path = `/content/status/${encodeURIComponent(jobId)}/stream${position}`;
  const response = await send(options, { method: 'GET', path, signal });
  response.setEncoding('utf8');
  try {
    const text: AsyncIterable<string> = response;
    for await (const { data } of readEvents(text)) yield JSON.parse(data) as StreamMessage;
  } catch (error) {
    throw failureOf(options, error, signal);
  }
}

/** The answer of a call that went well; any other rejects. */
async function send(options: ClientOptions, call: Call): Promise<IncomingMessage> {
  const response = await exchange(options, call);
  const status = response.statusCode ?? 0;
  if (status >= 200 && status < 300) return response;
  const text = await readText(response);
  throw new ApiFailure(problemOf(status, text));
}

async function exchange(options: ClientOptions, call: Call): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const request = httpRequest(`${reachable(options.url)}/api${call.path}`, {
    method: call.method,
    // A connection of its own: none that the other side has closed meanwhile is ever used.
    agent: false,
    timeout: SILENCE_MS,
    headers: {
      authorization: `Bearer ${options.key}`,
      ...(call.mediaType === undefined ? {} : { 'content-type': call.mediaType }),
    },
    ...(call.signal === undefined ? {} : { signal: call.signal }),
  });
  request.on('response', resolve);
  request.on('error', reject);
  request.on('timeout', () => request.destroy(new Error('no answer in time')));
  try {
    if (typeof call.body === 'object') {
      // An answer may come, and count, before all of the body has been taken.
      await Promise.race([pipeline(call.body, request), promise]);
    } else request.end(call.body);
    return await promise;
  } catch (error) {
    throw failureOf(options, error, call.signal);
  }
}

async function readText(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > MAX_ANSWER_BYTES) throw new ConnectionFailure('The backbone’s answer has no end.');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** Not everything that listens on a port is a backbone: what is no problem document gets words of our own. */
function problemOf(status: number, text: string): ConstructorParameters<typeof ApiFailure>[0] {
  const fallback = {
    status,
    code: 'unexpected_answer',
    detail: `The backbone answered with the status ${status}.`,
    hint: 'Look at its log.',
    errors: [],
  };
  try {
    return { ...fallback, ...(JSON.parse(text) as Partial<Problem>) };
  } catch {
    return fallback;
  }
}

function failureOf({ url }: ClientOptions, error: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted === true || error instanceof ConnectionFailure) return error;
  const { code, syscall, path, message } = error as NodeJS.ErrnoException;
  if (syscall === 'open' || (syscall === 'read' && path !== undefined))
    return new ConnectionFailure(`A file could not be read: ${message}.`);
  return new ConnectionFailure(`The backbone at ${url} does not answer (${code ?? message}).`);
}

/** A backbone that listens everywhere is called on loopback: not every system can dial the address "any". */
function reachable(url: string): string {
  return url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');
}
