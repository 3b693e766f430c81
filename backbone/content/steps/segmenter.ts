/** Cuts at sentence or word boundaries by the rules of a language (ISO 639-1), or Unicode's own when it is unknown. */
export function segmenterOf(granularity: 'sentence' | 'word', language: string | null): Intl.Segmenter {
  const known = language !== null && /^[a-z]{2}$/.test(language);
  return new Intl.Segmenter(known ? language : undefined, { granularity });
}
