import type { Parser } from '../../../backbone/content/parsing/parser.ts';

/** Asks for more time and then never gives the thread back. */
export const parse: Parser = (input, events) => {
  events.moreTime?.(Number(input.options['more']));
  for (;;);
};
