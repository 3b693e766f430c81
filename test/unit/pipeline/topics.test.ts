import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LANES } from '../../../backbone/pipeline/lanes.ts';
import { STAGES } from '../../../backbone/pipeline/stages.ts';
import {
  consumerGroup,
  deadTopic,
  groupTopics,
  parseTopic,
  retryTopic,
  stageTopic,
  topicSpecs,
} from '../../../backbone/pipeline/topics.ts';

const DAY_MS = 86_400_000;
const LADDER = [1000, 4000, 16_000];
const contentType = fc.stringMatching(/^[a-z_]{1,20}$/);
const stage = fc.constantFrom(...STAGES);
const lane = fc.constantFrom(...LANES);
const delayMs = fc.integer({ min: 1, max: 100_000_000 });

describe('topic names', () => {
  test('carry the type, the stage and the lane', () => {
    expect(stageTopic('webpage', 'download', 'urgent')).toBe('content.webpage.download.urgent');
    expect(deadTopic('academic_paper')).toBe('content.academic_paper.dead');
    expect(consumerGroup('document')).toBe('content.document');
  });

  test.each([
    [1000, '1s'],
    [4000, '4s'],
    [16_000, '16s'],
    [10, '10ms'],
    [1500, '1500ms'],
  ])('a retry delay of %d ms is written %s', (delay, label) => {
    expect(retryTopic('webpage', delay)).toBe(`content.webpage.retry.${label}`);
  });

  test('are read back as what they were made of', () => {
    fc.assert(
      fc.property(contentType, stage, lane, delayMs, (type, aStage, aLane, delay) => {
        expect(parseTopic(stageTopic(type, aStage, aLane))).toEqual({
          kind: 'stage',
          type,
          stage: aStage,
          lane: aLane,
        });
        expect(parseTopic(retryTopic(type, delay))).toEqual({ kind: 'retry', type, delayMs: delay });
        expect(parseTopic(deadTopic(type))).toEqual({ kind: 'dead', type });
      }),
    );
  });

  test('never differ only in dots and underscores', () => {
    fc.assert(
      fc.property(fc.uniqueArray(contentType, { minLength: 2, maxLength: 6 }), (types) => {
        const names = types.flatMap((type) => topicSpecs(type, STAGES, LADDER).map((spec) => spec.name));
        expect(new Set(names.map((name) => name.replaceAll('.', '_'))).size).toBe(new Set(names).size);
      }),
    );
  });

  test.each([
    '',
    'content',
    'content.webpage',
    'content.webpage.alive',
    'content.webpage.download',
    'content.webpage.download.slow',
    'content.webpage.unknown.urgent',
    'content.webpage.dead.urgent',
    'content.webpage.retry',
    'content.webpage.retry.soon',
    'content.webpage.retry.0s',
    'content.webpage.retry.1000ms',
    'content.webpage.retry.1s.more',
    'content.Webpage.dead',
    'content..dead',
    'other.webpage.dead',
    'content.webpage.download.urgent.more.and.more',
  ])('of others are not ours: %p', (name) => {
    expect(parseTopic(name)).toBeNull();
  });

  test('any string is parsed or refused, never a crash', () => {
    fc.assert(fc.property(fc.string(), (name) => (parseTopic(name), true)));
  });
});

describe('the topics of a content type', () => {
  test('are three lanes a stage, one a rung, and one for dead letters', () => {
    const specs = topicSpecs('webpage', ['download', 'store'], LADDER);
    expect(specs).toHaveLength(2 * 3 + 3 + 1);
    expect(specs.find((spec) => spec.name === 'content.webpage.store.bulk')).toEqual({
      name: 'content.webpage.store.bulk',
      partitions: 3,
      retentionMs: 7 * DAY_MS,
    });
    expect(specs.at(-1)).toEqual({
      name: 'content.webpage.dead',
      partitions: 1,
      retentionMs: 90 * DAY_MS,
    });
  });

  test('are all read by its group, but for the dead letters', () => {
    const specs = topicSpecs('webpage', STAGES, LADDER).map((spec) => spec.name);
    expect(groupTopics('webpage', STAGES, LADDER)).toEqual(
      specs.filter((name) => name !== deadTopic('webpage')),
    );
  });
});
