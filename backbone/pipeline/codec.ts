import { readFile } from 'node:fs/promises';
import type { Resolver, Type } from 'avsc';
import { z } from 'zod';
import { SCHEMA_FOLDER } from '../broker/embedded-registry.ts';
import { parseSchema } from '../broker/schema-compatibility.ts';
import type { SchemaRegistry } from '../broker/schema-registry.ts';
import { AppError, asAppError } from '../errors.ts';
import { HIGHEST_PRIORITY, LANES, LOWEST_PRIORITY, type Lane } from './lanes.ts';
import { STAGES, type Stage } from './stages.ts';

/** A hint that a stage of a job may be due. Retries carry the same bytes. */
export interface StageTask {
  readonly jobId: string;
  /** Null while it is not known yet. */
  readonly contentId: string | null;
  readonly contentType: string;
  readonly stage: Stage;
  /** The job's epoch when the stage became ready; a claim with another one finds nothing. */
  readonly epoch: number;
  readonly lane: Lane;
  readonly priority: number;
  readonly submittedAt: Date;
  readonly enqueuedAt: Date;
  /** W3C trace context. */
  readonly traceparent: string | null;
}

export interface StageTaskCodec {
  /** A task outside the limits of the message is a defect of the caller and throws. */
  encode(task: StageTask): Buffer;
  /** Rejects with `undecodable_message`, or with a systemic error when the registry cannot be reached. */
  decode(bytes: Buffer): Promise<StageTask>;
}

export const STAGE_TASK_SUBJECT = 'content_ingestion.StageTask';

/** Brokers do not bound one batch reliably, so single values are kept small: the limits of the fields stay below this. */
export const MAX_VALUE_BYTES = 16 * 1024;

const MAGIC_BYTE = 0;
const HEADER_BYTES = 5;
const MAX_ID_LENGTH = 1024;
const MAX_TIME_MS = 8_640_000_000_000_000;

const timeMs = z.int().min(0).max(MAX_TIME_MS);
const wireTask = z.object({
  job_id: z.string().min(1).max(MAX_ID_LENGTH),
  content_id: z.string().min(1).max(MAX_ID_LENGTH).nullable(),
  content_type: z.string().regex(/^[a-z_]{1,64}$/),
  stage: z.enum(STAGES),
  epoch: z.int32().min(0),
  lane: z.enum(LANES),
  priority: z.int().min(HIGHEST_PRIORITY).max(LOWEST_PRIORITY),
  submitted_at: timeMs,
  enqueued_at: timeMs,
  traceparent: z.string().max(MAX_ID_LENGTH).nullable(),
});
type WireTask = z.infer<typeof wireTask>;

/** Asks the registry once for the id of our own schema; a wrong one stops the start. */
export async function openCodec(registry: SchemaRegistry): Promise<StageTaskCodec> {
  const schemaJson = await readFile(new URL('stage-task.avsc', SCHEMA_FOLDER), 'utf8');
  const type = parseSchema(schemaJson);
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32BE(await registry.idOf(STAGE_TASK_SUBJECT, schemaJson), 1);
  const resolverFor = resolverCache(type, registry);
  return {
    encode: (task) => encodeTask(type, header, task),
    decode: async (bytes) => {
      const writerId = writerIdOf(bytes);
      return decodeBody(type, await resolverFor(writerId), bytes.subarray(HEADER_BYTES));
    },
  };
}

function encodeTask(type: Type, header: Buffer, task: StageTask): Buffer {
  return Buffer.concat([header, type.toBuffer(wireTask.parse(toWire(task)))]);
}

function writerIdOf(bytes: Buffer): number {
  if (bytes.length <= HEADER_BYTES || bytes.length > MAX_VALUE_BYTES || bytes[0] !== MAGIC_BYTE)
    throw new AppError('undecodable_message');
  return bytes.readUInt32BE(1);
}

function decodeBody(type: Type, resolver: Resolver, body: Buffer): StageTask {
  try {
    return fromWire(wireTask.parse(type.fromBuffer(body, resolver)));
  } catch (cause) {
    throw new AppError('undecodable_message', { cause });
  }
}

/**
 * One resolver a writer's schema, kept for ever: building one for each message costs more than decoding it.
 * One request in flight an id; failures are forgotten, so unknown ids cannot fill the cache.
 */
function resolverCache(type: Type, registry: SchemaRegistry): (writerId: number) => Promise<Resolver> {
  const cache = new Map<number, Promise<Resolver>>();
  return (writerId) => {
    const known = cache.get(writerId);
    if (known) return known;
    const loading = loadResolver(type, registry, writerId);
    cache.set(writerId, loading);
    loading.catch(() => cache.delete(writerId));
    return loading;
  };
}

async function loadResolver(type: Type, registry: SchemaRegistry, writerId: number): Promise<Resolver> {
  const schemaJson = await registry.schemaById(writerId).catch((error: unknown) => {
    throw asAppError(error, 'broker_unavailable');
  });
  try {
    return type.createResolver(parseSchema(schemaJson));
  } catch (cause) {
    throw new AppError('undecodable_message', { cause });
  }
}

function toWire(task: StageTask): WireTask {
  return {
    job_id: task.jobId,
    content_id: task.contentId,
    content_type: task.contentType,
    stage: task.stage,
    epoch: task.epoch,
    lane: task.lane,
    priority: task.priority,
    submitted_at: task.submittedAt.getTime(),
    enqueued_at: task.enqueuedAt.getTime(),
    traceparent: task.traceparent,
  };
}

function fromWire(wire: WireTask): StageTask {
  return {
    jobId: wire.job_id,
    contentId: wire.content_id,
    contentType: wire.content_type,
    stage: wire.stage,
    epoch: wire.epoch,
    lane: wire.lane,
    priority: wire.priority,
    submittedAt: new Date(wire.submitted_at),
    enqueuedAt: new Date(wire.enqueued_at),
    traceparent: wire.traceparent,
  };
}
