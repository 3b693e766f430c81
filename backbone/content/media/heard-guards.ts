/** What speech models make up on silence and in loops is left out. Pure. */
import type { HeardSegment } from '../../models/transcriber.ts';

/** Of Whisper's own decoder: a window this likely without speech, and this little sure of its words, has none. */
const NO_SPEECH = 0.6;
const UNSURE = Math.exp(-1);
/** Who says a phrase four times in a row may mean it; a loop goes on. */
const MOST_REPEATS = 4;
const LONGEST_PHRASE = 8;

/** @param isSilent whether nobody can be heard between two moments of the slice, in seconds */
export function withoutInventions(
  segments: readonly HeardSegment[],
  isSilent: (fromSeconds: number, toSeconds: number) => boolean,
): readonly HeardSegment[] {
  const heard = segments.filter(
    ({ startSeconds, endSeconds, noSpeech, confidence }) =>
      !(noSpeech !== null && noSpeech > NO_SPEECH && confidence !== null && confidence < UNSURE) &&
      !(startSeconds !== null && endSeconds !== null && isSilent(startSeconds, endSeconds)),
  );
  return withoutEchoes(heard).map((segment) => ({ ...segment, text: withoutLoops(segment.text) }));
}

/** The first of segments that say the same more often than people do. */
function withoutEchoes(segments: readonly HeardSegment[]): readonly HeardSegment[] {
  const runs: HeardSegment[][] = [];
  for (const segment of segments) {
    const run = runs.at(-1);
    if (run?.[0] !== undefined && spoken(run[0].text) === spoken(segment.text)) run.push(segment);
    else runs.push([segment]);
  }
  return runs.flatMap((run) => (run.length >= MOST_REPEATS ? run.slice(0, 1) : run));
}

/** A phrase of up to eight words that comes four times or more in a row stands once. O(words). */
export function withoutLoops(text: string): string {
  const words = text.split(/\s+/).filter((word) => word !== '');
  const keys = words.map(spoken);
  const kept: string[] = [];
  let at = 0;
  while (at < words.length) {
    const loop = loopAt(keys, at);
    kept.push(...words.slice(at, at + (loop?.phrase ?? 1)));
    at += loop === null ? 1 : loop.phrase * loop.repeats;
  }
  return kept.join(' ');
}

/** The shortest phrase that loops from there. */
function loopAt(
  keys: readonly string[],
  at: number,
): { readonly phrase: number; readonly repeats: number } | null {
  for (let phrase = 1; phrase <= LONGEST_PHRASE; phrase += 1) {
    let end = at + phrase;
    while (end < keys.length && keys[end] === keys[end - phrase]) end += 1;
    const repeats = Math.floor((end - at) / phrase);
    if (repeats >= MOST_REPEATS) return { phrase, repeats };
  }
  return null;
}

/** Without case and the marks around it. */
function spoken(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s]/gu, '')
    .trim();
}
