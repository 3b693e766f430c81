/** Asks sources of a fact in order of trust. Pure. */
import type { Sourced } from '../model.ts';

/** A source and how to ask it, so that later sources are not even looked at. */
export type Source<T> = readonly [source: string, read: () => T | null];

/** The value of the first source that has one. */
export function firstOf<T>(sources: readonly Source<T>[]): Sourced<T> | null {
  for (const [source, read] of sources) {
    const value = read();
    if (value !== null) return { value, source };
  }
  return null;
}
