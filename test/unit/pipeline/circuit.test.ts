import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  CLOSED_CIRCUIT,
  LONGEST_BACK_OFF_MS,
  afterSystemicFailure,
  afterWorking,
  atProbeTime,
  type Circuit,
} from '../../../backbone/pipeline/circuit.ts';

describe('the circuit of a stage', () => {
  test('opens at the first systemic failure, for a second', () => {
    expect(afterSystemicFailure(CLOSED_CIRCUIT, 5000)).toEqual({
      state: 'open',
      failures: 1,
      probeAtMs: 6000,
    });
  });

  test('takes the failures of what ran when it opened as one', () => {
    const open = afterSystemicFailure(CLOSED_CIRCUIT, 0);
    expect(afterSystemicFailure(open, 900)).toBe(open);
  });

  test('stays open when other work ends well, and closed when it was closed', () => {
    const open = afterSystemicFailure(CLOSED_CIRCUIT, 0);
    expect(afterWorking(open)).toBe(open);
    expect(afterWorking(CLOSED_CIRCUIT)).toBe(CLOSED_CIRCUIT);
  });

  test('is half open at its time and not before', () => {
    const open = afterSystemicFailure(CLOSED_CIRCUIT, 0);
    expect(atProbeTime(open, 999)).toBe(open);
    const half = atProbeTime(open, 1000);
    expect(half).toEqual({ state: 'half_open', failures: 1 });
    expect(atProbeTime(half, 2000)).toBe(half);
    expect(atProbeTime(CLOSED_CIRCUIT, 2000)).toBe(CLOSED_CIRCUIT);
  });

  test('closes when the probe works, and then begins anew with a second', () => {
    const half = atProbeTime(afterSystemicFailure(CLOSED_CIRCUIT, 0), 1000);
    expect(afterWorking(half)).toEqual({ state: 'closed' });
  });

  test('stays open twice as long after each failed probe, a minute at most', () => {
    let circuit: Circuit = afterSystemicFailure(CLOSED_CIRCUIT, 0);
    const backOffs: number[] = [];
    for (let nowMs = 0; backOffs.length < 9 && circuit.state === 'open'; ) {
      backOffs.push(circuit.probeAtMs - nowMs);
      nowMs = circuit.probeAtMs;
      circuit = afterSystemicFailure(atProbeTime(circuit, nowMs), nowMs);
    }
    expect(backOffs).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  });

  test('always lets a probe through within a minute, whatever happened', () => {
    const event = fc.constantFrom('failure', 'working', 'time');
    fc.assert(
      fc.property(fc.array(fc.tuple(event, fc.nat(100_000))), (events) => {
        let nowMs = 0;
        let circuit: Circuit = CLOSED_CIRCUIT;
        for (const [kind, passedMs] of events) {
          nowMs += passedMs;
          if (kind === 'failure') circuit = afterSystemicFailure(circuit, nowMs);
          else if (kind === 'working') circuit = afterWorking(circuit);
          else circuit = atProbeTime(circuit, nowMs);
        }
        expect(atProbeTime(circuit, nowMs + LONGEST_BACK_OFF_MS).state).not.toBe('open');
      }),
    );
  });
});
