import { setTimeout as pause } from 'node:timers/promises';

/** Between two looks. Looking without a pause would keep a core busy that the rest of the run needs. */
const PAUSE_MS = 20;

/**
 * Resolves when the check holds: for what follows an end without an event of its own, such as clearing up. The test's
 * own time limit is the bound.
 */
export async function until(check: () => Promise<boolean>): Promise<void> {
  while (!(await check())) await pause(PAUSE_MS);
}
