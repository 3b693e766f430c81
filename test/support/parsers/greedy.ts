import type { Parser } from '../../../backbone/content/parsing/parser.ts';

/** Allocates until the thread's heap is full. */
export const parse: Parser = () => {
  const hoard: number[][] = [];
  for (;;) hoard.push(Array.from({ length: 10_000 }, (_, index) => index * 1.5));
};
