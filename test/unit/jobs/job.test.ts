import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  isTerminal,
  JOB_EVENT_TYPES,
  JOB_STATUSES,
  NEW_JOB,
  statusAfter,
  statusesBefore,
  TERMINAL_STATUSES,
  transition,
  type JobChange,
  type JobState,
} from '../../../backbone/jobs/job.ts';
import { STAGES } from '../../../backbone/pipeline/stages.ts';

const changes = fc.record<JobChange>({
  type: fc.constantFrom(...JOB_EVENT_TYPES),
  stage: fc.constantFrom(...STAGES),
  progress: fc.integer({ min: 0, max: 100 }),
});

describe('the states of a job', () => {
  test('are twelve, three of them terminal', () => {
    expect(JOB_STATUSES).toHaveLength(12);
    expect(JOB_STATUSES.filter(isTerminal)).toEqual(TERMINAL_STATUSES);
  });

  test('a new job is pending', () => {
    expect(NEW_JOB).toEqual({ status: 'pending', progress: 0 });
  });

  test.each(JOB_STATUSES.flatMap((status) => JOB_EVENT_TYPES.map((type) => ({ status, type }))))(
    'in $status the event $type happens just where the table allows it',
    ({ status, type }) => {
      const next = transition({ status, progress: 30 }, { type, stage: 'extract', progress: 30 });
      expect(next !== null).toBe(statusesBefore(type).includes(status));
      if (next) expect(next.status).toBe(statusAfter(type, 'extract') ?? status);
    },
  );

  test('no sequence of events leaves the table, and terminal states stay but for a manual retry', () => {
    fc.assert(
      fc.property(fc.array(changes, { maxLength: 60 }), (events) => {
        let state: JobState = NEW_JOB;
        for (const event of events) {
          const next = transition(state, event);
          if (next === null) continue;
          expect(JOB_STATUSES).toContain(next.status);
          if (isTerminal(state.status)) expect(event.type).toBe('retried');
          state = next;
        }
      }),
    );
  });

  test('progress never falls between two manual retries and stays between 0 and 100', () => {
    fc.assert(
      fc.property(fc.array(changes, { maxLength: 60 }), (events) => {
        let state: JobState = NEW_JOB;
        for (const event of events) {
          const next = transition(state, event);
          if (next === null) continue;
          if (event.type !== 'retried') expect(next.progress).toBeGreaterThanOrEqual(state.progress);
          expect(next.progress).toBeGreaterThanOrEqual(0);
          expect(next.progress).toBeLessThanOrEqual(100);
          state = next;
        }
      }),
    );
  });

  test('a completed job shows all of its progress', () => {
    expect(
      transition({ status: 'storing', progress: 90 }, { type: 'completed', stage: 'store', progress: 90 }),
    ).toEqual({
      status: 'completed',
      progress: 100,
    });
  });

  test('a job that is tried again by hand goes back to the mark of its stage', () => {
    expect(
      transition({ status: 'failed', progress: 55 }, { type: 'retried', stage: 'extract', progress: 30 }),
    ).toEqual({
      status: 'pending',
      progress: 30,
    });
  });
});
