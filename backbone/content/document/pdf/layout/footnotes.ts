import type { Line } from './page-text.ts';
import type { TextProfile } from './text-profile.ts';

const SMALLER = 0.93;
const LOWER_PART = 0.55;
const MARK =
  /^(?:\d{1,3}|[*\u2020\u2021\u00a7\u00b6]{1,3}|[\u00b9\u00b2\u00b3\u2070-\u2079]{1,3}|[a-z])(?=[\s\p{L}"\u201e\u201c(]|$)/u;

export interface PageParts {
  readonly body: readonly Line[];
  /** One array a note. */
  readonly footnotes: readonly (readonly Line[])[];
}

/** Takes the notes in small type at the foot of each column off a page's lines. O(lines). */
export function withoutFootnotes(
  lines: readonly Line[],
  pageHeight: number,
  profile: TextProfile,
): PageParts {
  const body: Line[] = [];
  const footnotes: (readonly Line[])[] = [];
  for (const zone of byZone(lines)) {
    const start = footnoteStart(zone, pageHeight, profile);
    body.push(...zone.slice(0, start));
    footnotes.push(...notesOf(zone.slice(start)));
  }
  return { body, footnotes };
}

function byZone(lines: readonly Line[]): readonly (readonly Line[])[] {
  const zones: Line[][] = [];
  for (const line of lines) {
    const zone = zones.at(-1);
    if (zone?.[0]?.zone === line.zone) zone.push(line);
    else zones.push([line]);
  }
  return zones;
}

function footnoteStart(zone: readonly Line[], pageHeight: number, profile: TextProfile): number {
  let start = zone.length;
  for (let index = zone.length - 1; index >= 0; index--) {
    const line = zone[index];
    if (line === undefined || !isSmall(line, profile) || line.y > LOWER_PART * pageHeight) break;
    if (startsNote(line)) start = index;
  }
  return start;
}

function isSmall(line: Line, profile: TextProfile): boolean {
  return line.size <= SMALLER * profile.bodySize;
}

function startsNote(line: Line): boolean {
  return (line.startsRaised || /^[*\u2020\u2021\u00b9\u00b2\u00b3]/u.test(line.text)) && MARK.test(line.text);
}

function notesOf(lines: readonly Line[]): readonly (readonly Line[])[] {
  const notes: Line[][] = [];
  for (const line of lines) {
    const note = notes.at(-1);
    if (note === undefined || startsNote(line)) notes.push([line]);
    else note.push(line);
  }
  return notes;
}
