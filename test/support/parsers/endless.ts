import type { Parser } from '../../../backbone/content/parsing/parser.ts';

/** Reports once and then never gives the thread back. */
export const parse: Parser = (_input, events) => {
  events.progress(1, 2);
  for (;;);
};
