/** Speakers that captions name in their text, as podcasts do in SRT: `Ann Lee: Welcome back.` Pure. */
import type { Cue } from './transcript.ts';

/** One to four words that begin with capitals, or a number as recognisers give: `SPEAKER 1`. */
const NAME = /^(\p{Lu}[\p{L}\p{M}.'’-]{0,30}(?: (?:\p{Lu}[\p{L}\p{M}.'’-]{0,30}|\d{1,3})){0,3}): ?(?=\S)/u;
/** Characters in which a name with its colon ends. */
const NAME_WINDOW = 140;

/**
 * A file names its speakers this way when its first cue does. Then the first name, and each that stands before
 * at least two cues, are speakers (a single `Remember: ...` is none), and cues without a name go on with the
 * one before. Other files, and files with voices, stay as they are. O(cues).
 */
export function withNamedSpeakers(cues: readonly Cue[]): readonly Cue[] {
  const first = nameIn(cues[0]);
  if (first === null || cues.some(({ speaker }) => speaker !== null)) return cues;
  const counts = new Map<string, number>();
  for (const cue of cues) {
    const name = nameIn(cue);
    if (name !== null) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  let speaker = first;
  return cues.map((cue) => {
    const name = nameIn(cue);
    if (name === null || (name !== first && (counts.get(name) ?? 0) < 2)) return { ...cue, speaker };
    speaker = name;
    return { ...cue, speaker, text: cue.text.slice(name.length + 1).trimStart() };
  });
}

function nameIn(cue: Cue | undefined): string | null {
  return NAME.exec(cue?.text.slice(0, NAME_WINDOW) ?? '')?.[1] ?? null;
}
