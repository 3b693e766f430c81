import { remembering } from '../remembering.ts';

/** Words whose pieces are remembered. */
const MAX_KNOWN_WORDS = 10_000;

/** The vocabulary's mark for what it does not know. */
const UNKNOWN = 0;

/**
 * Encodes texts as at most `limit` word pieces (ids of the vocabulary), never none. `encodeWord` is asked
 * word by word: no piece of a SentencePiece vocabulary goes on over a space, and the time it takes grows
 * with the square of the length. O(text) for words that were met before.
 */
export function createPieceEncoder(
  encodeWord: (word: string) => readonly number[],
  limit: number,
): (text: string) => readonly number[] {
  const piecesOf = remembering((word) => encodeWord(word).slice(0, limit), MAX_KNOWN_WORDS);
  return (text) => {
    const pieces: number[] = [];
    for (const [word] of text.normalize('NFKC').matchAll(/\S+/g)) {
      pieces.push(...piecesOf(word));
      if (pieces.length >= limit) break;
    }
    return pieces.length === 0 ? [UNKNOWN] : pieces.slice(0, limit);
  };
}
