/** Chapters that a description lists: lines with a time that begin at 0:00 and rise. Pure. */
import type { Chapter } from '../transcripts/transcript-blocks.ts';
import { secondsOfTimeCode } from '../transcripts/time-code.ts';

/** YouTube itself makes chapters of three or more; two are enough to be cited by. */
const FEWEST = 2;
const MOST_LINES = 2000;
const LONGEST_LINE = 300;
const TIME = /(?:\d{1,3}:)?\d{1,3}:\d{2}/;
/** `0:00 Title`, `(0:00) - Title`, `1. Title 0:00`. */
const LEADING = new RegExp(`^[^\\p{L}\\d]{0,10}(${TIME.source})(?![\\d:])(.*)$`, 'u');
const TRAILING = new RegExp(`^(.*?[^\\d:])(${TIME.source})[^\\p{L}\\d]{0,5}$`, 'u');
/** What parts a title from its time. */
const EDGES = /^[\s()[\]\-–—:|.•►▶*~]+|[\s()[\]\-–—:|•►▶*~]+$/gu;

/**
 * Empty when the times do not begin at 0:00 or do not rise: then they are remarks. Times at or after the end of the video
 * are left out. O(description).
 * @param durationSeconds of the video; null when that is not known
 */
export function chaptersIn(description: string, durationSeconds: number | null): readonly Chapter[] {
  const chapters: Chapter[] = [];
  for (const line of description.split('\n', MOST_LINES)) {
    const chapter = chapterIn(line.slice(0, LONGEST_LINE));
    if (chapter === null || chapter.startSeconds >= (durationSeconds ?? Number.POSITIVE_INFINITY)) continue;
    const last = chapters.at(-1);
    if (last === undefined && chapter.startSeconds !== 0) continue;
    // A second list begins, or remarks on moments: the first list counts.
    if (last !== undefined && chapter.startSeconds <= last.startSeconds) break;
    chapters.push(chapter);
  }
  return chapters.length < FEWEST ? [] : chapters;
}

function chapterIn(line: string): Chapter | null {
  const [, time, title] = LEADING.exec(line) ?? inverted(TRAILING.exec(line));
  const startSeconds = time === undefined ? null : secondsOfTimeCode(time);
  const name = (title ?? '').replaceAll(EDGES, '').replaceAll(/\s+/g, ' ').toWellFormed();
  return startSeconds === null || name === '' ? null : { title: name, startSeconds };
}

function inverted(found: RegExpExecArray | null): readonly (string | undefined)[] {
  return found === null ? [] : [found[0], found[2], found[1]];
}
