/** Web pages saved as files: read like those that were fetched. */
import type { Parser } from '../parsing/parser.ts';
import { parse as parsePage } from '../webpage/webpage-parser.ts';

/** Errors: those of `webpage-parser.ts`. */
export const parse: Parser = async (input, events) => ({
  ...(await parsePage(input, events)),
  pageCount: null,
});
