import type { Parser } from '../../../backbone/content/parsing/parser.ts';

/** Unpacks without end: its memory lies outside of the heap. */
export const parse: Parser = () => {
  const unpacked: Uint8Array[] = [];
  for (;;) unpacked.push(new Uint8Array(16 * 1024 * 1024).fill(1));
};
