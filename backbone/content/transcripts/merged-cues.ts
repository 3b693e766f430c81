/** Captions that roll: each shows the line before once more. Pure. */
import type { Cue } from './transcript.ts';

/** Captions of one roll follow each other at once; rounding of time codes may part them so far. In seconds. */
const SAME_ROLL_SECONDS = 0.1;
/** Rolling captions have two or three lines. */
const MOST_ROLLED_LINES = 8;

interface Shown {
  readonly lines: readonly string[];
  readonly cue: Cue;
}

/**
 * Leaves out what a cue repeats of the one before: the same lines, lines that rolled up, or a line that grows
 * word by word. A cue that brings nothing new only lengthens the one before. Cues of different speakers, and
 * those with a pause between them, are never merged: who says "No" twice has said it twice. O(text).
 */
export function mergeRepeats(cues: readonly Cue[]): readonly Cue[] {
  const merged: Cue[] = [];
  let shown: Shown | null = null;
  for (const cue of cues) {
    const lines = cue.text.split('\n');
    const added = shown !== null && rollsOn(shown.cue, cue) ? newText(shown.lines, lines) : cue.text;
    if (added !== '') merged.push({ ...cue, text: added });
    else lengthen(merged, cue);
    shown = { lines, cue };
  }
  return merged;
}

function rollsOn(before: Cue, cue: Cue): boolean {
  if (before.speaker !== cue.speaker || before.endSeconds === null || cue.startSeconds === null) return false;
  return cue.startSeconds - before.endSeconds <= SAME_ROLL_SECONDS;
}

/** What stands in `lines` but not yet in `before`; empty when all of it does. */
function newText(before: readonly string[], lines: readonly string[]): string {
  const most = Math.min(before.length, lines.length, MOST_ROLLED_LINES);
  for (let count = most; count > 0; count -= 1) {
    const rolled = lines.slice(0, count);
    if (before.slice(-count).every((line, at) => line === rolled[at])) return lines.slice(count).join('\n');
  }
  const [first = '', ...others] = lines;
  const last = before.at(-1) ?? '';
  const grows = last !== '' && first.startsWith(`${last} `);
  return grows ? [first.slice(last.length + 1), ...others].join('\n') : lines.join('\n');
}

function lengthen(merged: Cue[], { endSeconds }: Cue): void {
  const last = merged.at(-1);
  if (last === undefined || endSeconds === null) return;
  merged[merged.length - 1] = { ...last, endSeconds: Math.max(last.endSeconds ?? 0, endSeconds) };
}
