/** The package ships no types; this is the part of it that `terms.ts` uses. */
declare module 'snowball-stemmers' {
  interface Stemmer {
    /** `word` in lower case. */
    stem(word: string): string;
  }
  const snowball: { newStemmer(algorithm: string): Stemmer };
  export default snowball;
}
