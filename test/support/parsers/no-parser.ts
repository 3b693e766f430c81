/** Exports no parser. */
export const parse = 'not a function';
