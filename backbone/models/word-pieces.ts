/** Words whose pieces are remembered; then they are forgotten all at once. */
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
  const known = new Map<string, readonly number[]>();
  const piecesOf = (word: string): readonly number[] => {
    const remembered = known.get(word);
    if (remembered !== undefined) return remembered;
    const pieces = encodeWord(word).slice(0, limit);
    if (known.size >= MAX_KNOWN_WORDS) known.clear();
    known.set(word, pieces);
    return pieces;
  };
  return (text) => {
    const pieces: number[] = [];
    for (const [word] of text.normalize('NFKC').matchAll(/\S+/g)) {
      pieces.push(...piecesOf(word));
      if (pieces.length >= limit) break;
    }
    return pieces.length === 0 ? [UNKNOWN] : pieces.slice(0, limit);
  };
}
