/** Values in the tags of films, made safe to show and to store. Pure. */
import { publicationInstant } from '../../publication-instant.ts';
import type { Chapter } from '../../transcripts/transcript-blocks.ts';
import { secondsOf } from '../../transcripts/time-code.ts';

const LONGEST_LABEL = 1000;
const LONGEST_TEXT = 200_000;
const MOST_CHAPTERS = 2000;
const LANGUAGE = /^[a-z]{2,3}(?:-[a-z\d]{2,8}){0,3}$/i;
/** ISO 639-2: undetermined, no linguistic content, several, not coded. */
const NO_LANGUAGE = /^(?:und|zxx|mul|mis)(?:-|$)/i;
const DATE = /^\d{4}(?:-\d{2}(?:-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?)?)?$/;

/** One line; null when nothing is left. */
export function labelOf(text: string | null | undefined): string | null {
  const line = (text ?? '')
    .slice(0, LONGEST_LABEL)
    .replaceAll(/[\s\0]+/g, ' ')
    .trim()
    .toWellFormed();
  return line === '' ? null : line;
}

/** Lines; null when nothing is left. */
export function textOf(text: string | null | undefined): string | null {
  const lines = (text ?? '').slice(0, LONGEST_TEXT).replaceAll('\0', '').trim().toWellFormed();
  return lines === '' ? null : lines;
}

/** BCP 47 of an ISO 639 code or a tag; null for none and for "undetermined". */
export function languageOf(code: string | null | undefined): string | null {
  if (code === null || code === undefined || !LANGUAGE.test(code) || NO_LANGUAGE.test(code)) return null;
  try {
    return new Intl.Locale(code).baseName;
  } catch {
    return null;
  }
}

/** ISO 8601 as precise as the tag; null for what is no date. */
export function dateOf(text: string | null | undefined): string | null {
  const date = (text ?? '').trim().slice(0, 40);
  return DATE.test(date) && publicationInstant(date) !== null ? date : null;
}

/** Chapters with a name, in order of time. */
export function chaptersOf(
  read: readonly { readonly title: string; readonly startSeconds: number }[],
): readonly Chapter[] {
  return read
    .slice(0, MOST_CHAPTERS)
    .flatMap((chapter): Chapter[] => {
      const title = labelOf(chapter.title);
      const startSeconds = secondsOf(chapter.startSeconds);
      return title === null || startSeconds === null ? [] : [{ title, startSeconds }];
    })
    .sort((one, other) => one.startSeconds - other.startSeconds);
}
