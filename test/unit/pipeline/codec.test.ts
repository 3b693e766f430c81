import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { openEmbeddedRegistry } from '../../../backbone/broker/embedded-registry.ts';
import type { SchemaRegistry } from '../../../backbone/broker/schema-registry.ts';
import { AppError } from '../../../backbone/errors.ts';
import {
  MAX_VALUE_BYTES,
  openCodec,
  type StageTask,
  type StageTaskCodec,
} from '../../../backbone/pipeline/codec.ts';
import { LANES } from '../../../backbone/pipeline/lanes.ts';
import { STAGES } from '../../../backbone/pipeline/stages.ts';

const KNOWN_ID = 1_000_000_000;

const TASK: StageTask = {
  jobId: 'webpage_0123456789ab',
  contentId: 'c1',
  contentType: 'webpage',
  stage: 'download',
  epoch: 3,
  lane: 'normal',
  priority: 5,
  submittedAt: new Date('2026-01-02T03:04:05Z'),
  enqueuedAt: new Date('2026-01-02T03:04:06Z'),
  traceparent: null,
};

// Lone surrogates have no UTF-8 form.
const text = fc.string({ minLength: 1, maxLength: 200, unit: 'binary' }).filter((one) => one.isWellFormed());
const time = fc.date({ min: new Date(0), max: new Date(8.64e15), noInvalidDate: true });
const task: fc.Arbitrary<StageTask> = fc.record({
  jobId: text,
  contentId: fc.option(text),
  contentType: fc.stringMatching(/^[a-z_]{1,64}$/),
  stage: fc.constantFrom(...STAGES),
  epoch: fc.nat(),
  lane: fc.constantFrom(...LANES),
  priority: fc.integer({ min: 1, max: 10 }),
  submittedAt: time,
  enqueuedAt: time,
  traceparent: fc.option(text),
});

const undecodable = expect.objectContaining({ code: 'undecodable_message' }) as unknown;

let registry: SchemaRegistry;
let codec: StageTaskCodec;

beforeAll(async () => {
  registry = await openEmbeddedRegistry();
  codec = await openCodec(registry);
});

function withId(bytes: Buffer, id: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt32BE(id, 1);
  return copy;
}

/** The length of a string as Avro writes it: zigzag, seven bits a byte, the lowest first. */
function avroLength(length: number): Buffer {
  const bytes: number[] = [];
  for (let left = length * 2; left > 0; left >>>= 7) bytes.push((left & 0x7f) | (left > 0x7f ? 0x80 : 0));
  return Buffer.from(bytes);
}

describe('a stage task', () => {
  test('comes back as it was written', async () => {
    await fc.assert(
      fc.asyncProperty(task, async (one) => {
        expect(await codec.decode(codec.encode(one))).toEqual(one);
      }),
    );
  });

  test('has the wire format of Confluent: a zero, the schema id, the body', () => {
    const bytes = codec.encode(TASK);
    expect(bytes[0]).toBe(0);
    expect(bytes.readUInt32BE(1)).toBe(KNOWN_ID);
    expect(bytes.length).toBeLessThan(2048);
  });

  test('stays below the limit of a value with every field at its longest', async () => {
    const longest = '\u20ac'.repeat(1024);
    const one = { ...TASK, jobId: longest, contentId: longest, traceparent: longest };
    const bytes = codec.encode({ ...one, contentType: 'a'.repeat(64) });
    expect(bytes.length).toBeLessThanOrEqual(MAX_VALUE_BYTES);
    expect((await codec.decode(bytes)).jobId).toBe(longest);
  });

  test.each([
    ['an empty job id', { jobId: '' }],
    ['a priority outside 1 to 10', { priority: 11 }],
    ['an epoch beyond 32 bits', { epoch: 2 ** 31 }],
    ['a time that is none', { submittedAt: new Date(Number.NaN) }],
    ['a content type with a dot', { contentType: 'web.page' }],
    ['an id beyond its limit', { jobId: 'x'.repeat(1025) }],
  ])('is refused when it is written with %s', (_, change) => {
    expect(() => codec.encode({ ...TASK, ...change })).toThrow();
  });
});

describe('bytes of others', () => {
  test.each([
    ['nothing', () => Buffer.alloc(0)],
    ['a header alone', () => codec.encode(TASK).subarray(0, 5)],
    ['another magic byte', () => Buffer.concat([Buffer.from([1]), codec.encode(TASK).subarray(1)])],
    ['an unknown schema id', () => withId(codec.encode(TASK), 7)],
    ['a truncated body', () => codec.encode(TASK).subarray(0, -1)],
    ['trailing bytes', () => Buffer.concat([codec.encode(TASK), Buffer.from([0])])],
    ['more than a value may have', () => Buffer.concat([codec.encode(TASK), Buffer.alloc(MAX_VALUE_BYTES)])],
    [
      'an unknown stage',
      () => Buffer.from(codec.encode(TASK).toString('latin1').replace('download', 'upload-s'), 'latin1'),
    ],
    [
      'an unknown lane',
      () => Buffer.from(codec.encode(TASK).toString('latin1').replace('normal', 'middle'), 'latin1'),
    ],
  ])('are undecodable: %s', async (_, bytes) => {
    await expect(codec.decode(bytes())).rejects.toEqual(undecodable);
  });

  test('are decoded or undecodable, whatever they are', async () => {
    const body = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));
    await fc.assert(
      fc.asyncProperty(body, fc.boolean(), async (bytes, framed) => {
        const value = framed ? Buffer.concat([codec.encode(TASK).subarray(0, 5), bytes]) : bytes;
        const outcome: unknown = await codec.decode(value).catch((error: unknown) => error);
        if (outcome instanceof Error) expect(outcome).toEqual(undecodable);
      }),
      { numRuns: 500 },
    );
  });

  test('are decoded or undecodable with any single byte changed', async () => {
    const good = codec.encode(TASK);
    for (let at = 0; at < good.length; at += 1) {
      for (const flip of [1, 0x80, 0xff]) {
        const bytes = Buffer.from(good);
        bytes.writeUInt8(bytes.readUInt8(at) ^ flip, at);
        const outcome: unknown = await codec.decode(bytes).catch((error: unknown) => error);
        if (outcome instanceof Error) expect(outcome).toEqual(undecodable);
      }
    }
  });
});

describe('the registry', () => {
  const asked: number[] = [];
  const counting = (schemaById: SchemaRegistry['schemaById']): SchemaRegistry => ({
    idOf: (subject, schemaJson) => registry.idOf(subject, schemaJson),
    schemaById: (id) => {
      asked.push(id);
      return schemaById(id);
    },
  });

  test('is asked once for each schema, also by readers at the same time', async () => {
    asked.length = 0;
    const one = await openCodec(counting((id) => registry.schemaById(id)));
    const bytes = one.encode(TASK);
    await Promise.all([one.decode(bytes), one.decode(bytes)]);
    await one.decode(bytes);
    expect(asked).toEqual([KNOWN_ID]);
  });

  test('is asked again after it could not be reached, which is systemic', async () => {
    let reachable = false;
    const one = await openCodec(
      counting((id) => (reachable ? registry.schemaById(id) : Promise.reject(new Error('ECONNREFUSED')))),
    );
    const bytes = one.encode(TASK);
    await expect(one.decode(bytes)).rejects.toMatchObject({ code: 'broker_unavailable', kind: 'systemic' });
    reachable = true;
    await expect(one.decode(bytes)).resolves.toEqual(TASK);
  });

  describe('that knows a newer version, with a note of its own at the end', () => {
    const noted = async (noteBytes: number): Promise<StageTask> => {
      const schema = JSON.parse(await registry.schemaById(KNOWN_ID)) as {
        readonly fields: readonly unknown[];
      };
      const fields = [...schema.fields, { name: 'note', type: 'string', default: '' }];
      const one = await openCodec(counting(() => Promise.resolve(JSON.stringify({ ...schema, fields }))));
      const note = [avroLength(noteBytes), Buffer.alloc(noteBytes, 'x')];
      return one.decode(Buffer.concat([withId(one.encode(TASK), 9), ...note]));
    };

    test('lets us read what it wrote', async () => {
      await expect(noted(10)).resolves.toEqual(TASK);
    });

    test('does not make us read a value that is too large', async () => {
      await expect(noted(MAX_VALUE_BYTES)).rejects.toEqual(undecodable);
    });
  });

  test('stops the start when it does not know our schema', async () => {
    const unknown: SchemaRegistry = {
      idOf: () => Promise.reject(new AppError('config_invalid', { params: { faults: 'no id' } })),
      schemaById: (id) => registry.schemaById(id),
    };
    await expect(openCodec(unknown)).rejects.toMatchObject({ code: 'config_invalid' });
  });

  test.each([
    ['that is no JSON', 'no schema'],
    ['that is no Avro', '{"type":"unheard-of"}'],
    ['of another message', '{"type":"record","name":"Other","fields":[]}'],
  ])('may hold a schema %s: what it wrote is undecodable', async (_, schemaJson) => {
    const one = await openCodec(counting(() => Promise.resolve(schemaJson)));
    await expect(one.decode(withId(one.encode(TASK), 9))).rejects.toEqual(undecodable);
  });
});
