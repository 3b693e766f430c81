import type { Parser } from '../../../backbone/content/parsing/parser.ts';

/** Ends its thread. */
export const parse: Parser = () => process.exit(7);
