import type { Extraction, JsonObject } from '../model.ts';

/** What a parser gets: stored bytes, never an address to open. */
export interface ParserInput {
  readonly bytes: Uint8Array;
  /** From the bytes, as `detectMediaType` found it. */
  readonly mediaType: string;
  /** The charset the transport declared: a hint that the bytes may overrule. */
  readonly declaredCharset: string | null;
  /** For relative links. Null for uploads. */
  readonly baseUrl: string | null;
  readonly fileName: string | null;
  readonly options: JsonObject;
}

export interface ParserEvents {
  /** Work done out of work known: pages, chapters, rows. Call as often as you like. */
  progress(done: number, total: number): void;
  /**
   * From here on the work takes long by its nature (text recognition): asks for this many milliseconds more,
   * counted from now. The pool grants what it may. Absent where no time is taken.
   */
  moreTime?(ms: number): void;
}

/**
 * A module that a parse worker loads exports one function `parse` of this shape. It runs in a worker
 * thread with limits on time and memory; it may throw `AppError` with a terminal code, and whatever
 * else it throws becomes `parser_crashed`.
 */
export type Parser = (input: ParserInput, events: ParserEvents) => Promise<Extraction>;

/** A parser of formats that are read in one go: there is nothing to count until it has ended. */
export function inOneGo(extract: (input: ParserInput) => Extraction): Parser {
  return (input, events) =>
    new Promise((resolve) => {
      const extraction = extract(input);
      events.progress(1, 1);
      resolve(extraction);
    });
}
