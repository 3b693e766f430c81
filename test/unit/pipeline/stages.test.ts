import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  DONE_PROGRESS,
  STAGES,
  STAGE_PROGRESS,
  STAGE_STATUS,
  isStage,
  nextStage,
  stageProgress,
  type Stage,
} from '../../../backbone/pipeline/stages.ts';

const declared = fc.subarray([...STAGES], { minLength: 1 });
const fraction = fc.double({ min: -1, max: 2 });

describe('stages', () => {
  test('are known by name; retry and dead are none of them', () => {
    expect(STAGES.every(isStage)).toBe(true);
    expect(['retry', 'dead', '', 'Download', 'toString'].some(isStage)).toBe(false);
  });

  test('each show their own status and a rising percent', () => {
    expect(new Set(STAGES.map((stage) => STAGE_STATUS[stage])).size).toBe(STAGES.length);
    const marks = STAGES.map((stage) => STAGE_PROGRESS[stage]);
    expect(marks).toEqual([...marks].sort((a, b) => a - b));
  });

  test('lead to the next one that the type declares', () => {
    const webpage: readonly Stage[] = ['download', 'extract', 'embed'];
    expect(webpage.map((stage) => nextStage(webpage, stage))).toEqual(['extract', 'embed', null]);
  });
});

describe('progress within a stage', () => {
  test('begins at the mark of the stage and stays below the next one', () => {
    fc.assert(
      fc.property(declared, fraction, (stages, share) => {
        for (const stage of stages) {
          const next = nextStage(stages, stage);
          const percent = stageProgress(stages, stage, share);
          expect(Number.isInteger(percent)).toBe(true);
          expect(percent).toBeGreaterThanOrEqual(STAGE_PROGRESS[stage]);
          expect(percent).toBeLessThan(next === null ? DONE_PROGRESS : STAGE_PROGRESS[next]);
        }
      }),
    );
  });

  test('never falls as the share grows', () => {
    fc.assert(
      fc.property(declared, fc.array(fraction, { minLength: 2 }), (stages, shares) => {
        const rising = shares.filter((share) => !Number.isNaN(share)).sort((a, b) => a - b);
        for (const stage of stages) {
          const percents = rising.map((share) => stageProgress(stages, stage, share));
          expect(percents).toEqual([...percents].sort((a, b) => a - b));
        }
      }),
    );
  });

  test('a share that is no number counts as none', () => {
    expect(stageProgress(STAGES, 'extract', Number.NaN)).toBe(30);
    expect(stageProgress(STAGES, 'extract', 0.5)).toBe(32);
    expect(stageProgress(STAGES, 'store', 1)).toBe(99);
  });
});
