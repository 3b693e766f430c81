/** What the bench measured: one row of its table. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  /** The median of the runs, unless the name says p95. */
  readonly value: number;
  /** What the value must not exceed, or (`atLeast`) not fall below; null when only the ratio tells. */
  readonly goal: Goal | null;
  /** What the same machine needed for a like thing at the same time. */
  readonly peer: Peer | null;
}

export type Goal = { readonly atMost: number } | { readonly atLeast: number };

export interface Peer {
  readonly name: string;
  /** In the figure's unit. */
  readonly value: number;
}

export function isMet({ goal, value }: Figure): boolean {
  if (goal === null) return true;
  return 'atMost' in goal ? value <= goal.atMost : value >= goal.atLeast;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** Nearest rank. @throws Error when there are no values */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new Error('Nothing was measured');
  return value;
}

/** Milliseconds the work took. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** How long each of so many runs took, one after the other, in milliseconds. */
export async function timedRuns(
  runs: number,
  work: (run: number) => Promise<unknown>,
): Promise<readonly number[]> {
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) times.push(await timed(() => work(run)));
  return times;
}
