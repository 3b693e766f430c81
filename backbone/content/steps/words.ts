/** Longer words are cut: nobody types them, and an index entry must stay small. In UTF-16 units. */
const TERM_LIMIT = 64;

/** A word of a text: `plain` ones are stemmed and may be stop words, the others stand as they are. */
export interface Word {
  /** Lower case, composed. */
  readonly text: string;
  readonly plain: boolean;
  /** UTF-16 offsets into the text. */
  readonly start: number;
  readonly end: number;
}

/**
 * Runs of letters and digits with what may join them inside identifiers. A run is bounded, so that
 * its parts can be looked at more than once without quadratic work.
 */
const RUN =
  /[\p{L}\p{M}\p{N}](?:[\p{L}\p{M}\p{N}]|[-_.:/@'’,](?=[\p{L}\p{N}])){0,255}(?:[+#]{1,2}(?![\p{L}\p{N}]))?/gu;
const PART = /[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*|\p{N}+/gu;
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}ー]/u;
const CAMEL = /(?<=\p{Ll})(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u;
const THOUSANDS = /^\d{1,3}(?:,\d{3})+$/;
const WHOLE = /[\p{N}_@+#]|[\p{L}]-[\p{L}]/u;

/** The words of a text with their places, in order; wholes of identifiers come before their parts. */
export function* wordsOf(text: string): Generator<Word> {
  for (const match of text.matchAll(RUN)) {
    const run = match[0];
    if (UNSPACED.test(run)) yield* bigramsOf(run, match.index);
    else yield* runWords(run, match.index);
  }
}

function* runWords(run: string, at: number): Generator<Word> {
  const parts = [...run.matchAll(PART)];
  if (parts.length === 1 && parts[0]?.[0].length === run.length) {
    yield* plainWord(run, at);
    return;
  }
  if (WHOLE.test(run))
    yield wordAt(THOUSANDS.test(run) ? run.replaceAll(',', '') : run, at, run.length, false);
  for (const part of parts) yield* plainWord(part[0], at + part.index);
}

function* plainWord(part: string, at: number): Generator<Word> {
  const humps = part.split(CAMEL);
  yield wordAt(withoutPossessive(part), at, part.length, true);
  if (humps.length === 1) return;
  let offset = at;
  for (const hump of humps) {
    yield wordAt(hump, offset, hump.length, true);
    offset += hump.length;
  }
}

/** "tenant's" is found by "tenant"; "l'amour" by "amour". */
function withoutPossessive(word: string): string {
  const short = word.replace(/['’]s?$/iu, '');
  return short.replace(/^\p{L}{1,2}['’](?=\p{L}{2})/u, '');
}

function* bigramsOf(run: string, at: number): Generator<Word> {
  let previous: { char: string; at: number } | null = null;
  let pending = '';
  let offset = at;
  let bigrams = 0;
  for (const char of run) {
    if (UNSPACED.test(char)) {
      yield* flush(pending, offset);
      pending = '';
      if (previous !== null) {
        bigrams += 1;
        yield wordAt(previous.char + char, previous.at, previous.char.length + char.length, false);
      }
      previous = { char, at: offset };
    } else {
      if (previous !== null && bigrams === 0)
        yield wordAt(previous.char, previous.at, previous.char.length, false);
      previous = null;
      bigrams = 0;
      pending += char;
    }
    offset += char.length;
  }
  yield* flush(pending, offset);
  if (previous !== null && bigrams === 0)
    yield wordAt(previous.char, previous.at, previous.char.length, false);
}

function* flush(pending: string, end: number): Generator<Word> {
  if (pending !== '') yield* runWords(pending, end - pending.length);
}

function wordAt(word: string, start: number, length: number, plain: boolean): Word {
  return {
    text: word.slice(0, TERM_LIMIT).replace(HALF_PAIR, '').toLowerCase().normalize('NFC'),
    plain,
    start,
    end: start + length,
  };
}

/** What cutting may leave of a surrogate pair. */
const HALF_PAIR = /[\ud800-\udbff]$/;
