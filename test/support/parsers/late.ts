import { parse as parseSoundly } from './sound.ts';
import type { Parser } from '../../../backbone/content/parsing/parser.ts';

/** Answers properly and leaves behind a fault that ends the thread afterwards. */
export const parse: Parser = async (input, events) => {
  setImmediate(() =>
    setImmediate(() => {
      throw new Error('too late');
    }),
  );
  return parseSoundly(input, events);
};
