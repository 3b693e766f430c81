import { describe, expect, test } from '@jest/globals';
import {
  SCHEMA_FOLDER,
  openEmbeddedRegistry,
  readRegisteredSchemas,
} from '../../../backbone/broker/embedded-registry.ts';
import { compatibilityFaults } from '../../../backbone/broker/schema-compatibility.ts';
import { STAGE_TASK_SUBJECT, openCodec } from '../../../backbone/pipeline/codec.ts';

/** Written once by each version. Never change a line: dead letters hold such bytes for months. */
const GOLDEN_STAGE_TASKS: ReadonlyMap<number, string> = new Map([
  [
    1,
    '003b9aca0028776562706167655f303132333435363738396162020463310e7765627061676510646f776e6c6f6164060c6e6f' +
      '726d616c0a90b2cccaef66e0c1cccaef6600',
  ],
]);

const GOLDEN_TASK = {
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
} as const;

describe('the checked-in schemas', () => {
  test('have golden bytes for every version of a stage task, and today’s code reads them all', async () => {
    const codec = await openCodec(await openEmbeddedRegistry());
    const schemas = await readRegisteredSchemas(SCHEMA_FOLDER);
    const versions = schemas.filter((one) => one.subject === STAGE_TASK_SUBJECT).map((one) => one.version);
    expect(versions).toEqual([...GOLDEN_STAGE_TASKS.keys()]);
    for (const hex of GOLDEN_STAGE_TASKS.values()) {
      expect(await codec.decode(Buffer.from(hex, 'hex'))).toEqual(GOLDEN_TASK);
    }
  });

  test('are written byte for byte as before by the last version', async () => {
    const codec = await openCodec(await openEmbeddedRegistry());
    expect(codec.encode(GOLDEN_TASK).toString('hex')).toBe([...GOLDEN_STAGE_TASKS.values()].at(-1));
  });

  test('are compatible with one another, in both directions', async () => {
    const bySubject = Map.groupBy(await readRegisteredSchemas(SCHEMA_FOLDER), (one) => one.subject);
    expect([...bySubject.values()].map(compatibilityFaults)).toEqual([...bySubject].map(() => []));
  });

  test('have ids that no real registry gives', async () => {
    const ids = (await readRegisteredSchemas(SCHEMA_FOLDER)).map((one) => one.id);
    expect(ids.every((id) => id >= 1_000_000_000 && id < 2 ** 31)).toBe(true);
  });
});
