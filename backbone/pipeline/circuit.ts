/**
 * Whether a stage may run while something that it needs may be down. Pure: each call gives the next state.
 *
 * A systemic failure opens the circuit, and the stage pauses. When its back-off is over one piece of work is
 * let through as a probe: the circuit is half open. The probe's success closes it, its failure opens it for
 * twice as long.
 */

export const FIRST_BACK_OFF_MS = 1000;
export const LONGEST_BACK_OFF_MS = 60_000;

export type Circuit =
  | { readonly state: 'closed' }
  /** `probeAtMs`: milliseconds since 1970. `failures`: in a row, 1 or more. */
  | { readonly state: 'open'; readonly failures: number; readonly probeAtMs: number }
  | { readonly state: 'half_open'; readonly failures: number };

export const CLOSED_CIRCUIT: Circuit = { state: 'closed' };

/**
 * A piece of work ended with a systemic error. While the circuit is open this changes nothing: it is one of
 * those that ran when it opened, and one outage must not count as many.
 */
export function afterSystemicFailure(circuit: Circuit, nowMs: number): Circuit {
  switch (circuit.state) {
    case 'closed':
      return opened(1, nowMs);
    case 'open':
      return circuit;
    case 'half_open':
      return opened(circuit.failures + 1, nowMs);
  }
}

/**
 * A piece of work ended in any other way. While the circuit is open this changes nothing: it may have been
 * past the point that fails.
 */
export function afterWorking(circuit: Circuit): Circuit {
  return circuit.state === 'half_open' ? CLOSED_CIRCUIT : circuit;
}

/** Half open once the back-off is over; any other circuit as it is. */
export function atProbeTime(circuit: Circuit, nowMs: number): Circuit {
  if (circuit.state !== 'open' || nowMs < circuit.probeAtMs) return circuit;
  return { state: 'half_open', failures: circuit.failures };
}

function opened(failures: number, nowMs: number): Circuit {
  const backOffMs = Math.min(FIRST_BACK_OFF_MS * 2 ** (failures - 1), LONGEST_BACK_OFF_MS);
  return { state: 'open', failures, probeAtMs: nowMs + backOffMs };
}
