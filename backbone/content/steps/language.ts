import { eld } from 'eld/extrasmall';

/** Looked at: as many UTF-16 units from the beginning, the middle and the end each; more changes nothing. */
const SAMPLE_PART = 1_500;

/** Below these the detector's answer is chance. Letters of scripts that write syllables or words say more. */
const LEAST_LETTERS = 10;
const LEAST_IDEOGRAPHS = 4;

/** From here on a text is judged as a text, below as a phrase, of which the detector is too sure. */
const TEXT_LETTERS = 60;
const TEXT_MARGIN = 0.02;
const PHRASE_MARGIN = 0.1;

/**
 * The language of a text, ISO 639-1; null when it is too short to tell. `hint` is what the source
 * says of itself (BCP 47, often wrong): it decides only where the detector is not sure. O(1).
 *
 * The smallest of eld's databases: 99.3 % against 99.7 % of texts, 98.7 against 99.2 % of sentences
 * right (published), for 90 MB of memory against 410.
 */
export function detectLanguage(text: string, hint: string | null): string | null {
  const sample = sampleOf(text);
  const hinted = primaryLanguage(hint);
  const letters = sample.match(/\p{L}/gu)?.length ?? 0;
  const ideographs =
    sample.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu)?.length ?? 0;
  if (letters < LEAST_LETTERS && ideographs < LEAST_IDEOGRAPHS) return hinted;
  const result = eld.detect(sample);
  if (!result.isReliable()) return hinted;
  const isText = letters >= TEXT_LETTERS;
  const [first = 0, second = 0] = Object.values(result.getScores()).sort((a, b) => b - a);
  const sure = first - second >= (isText ? TEXT_MARGIN : PHRASE_MARGIN);
  if (sure) return result.language;
  return hinted ?? (isText ? result.language : null);
}

/** `en-GB` -> `en`, `eng` -> `en`; null for what is no language tag or has no two-letter code. */
function primaryLanguage(tag: string | null): string | null {
  if (tag === null) return null;
  try {
    const { language } = new Intl.Locale(tag.trim().replaceAll('_', '-'));
    if (language === 'nb' || language === 'nn') return 'no';
    return /^[a-z]{2}$/.test(language) ? language : null;
  } catch {
    return null;
  }
}

function sampleOf(text: string): string {
  if (text.length <= 3 * SAMPLE_PART) return text;
  const middle = Math.floor(text.length / 2);
  const parts = [
    text.slice(0, SAMPLE_PART),
    text.slice(middle, middle + SAMPLE_PART),
    text.slice(-SAMPLE_PART),
  ];
  return parts.join('\n').toWellFormed();
}
