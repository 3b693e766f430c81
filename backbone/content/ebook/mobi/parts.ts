/** A book's text cut into the parts it is read in, each with the chapters that begin there. Pure. */
import type { TocEntry } from '../table-of-contents.ts';

export interface BookPart {
  /** Offset of its first byte in the text of the book. */
  readonly start: number;
  readonly markup: Buffer;
}

export interface ChapterPlace {
  readonly label: string;
  /** Labels of the parts it belongs to, outermost first. */
  readonly above: readonly string[];
  /** Offset in the text of the book. */
  readonly at: number;
}

/** A part whose chapters can be found by the fragment of their entry. */
export interface MarkedPart {
  readonly markup: Buffer;
  readonly entries: readonly TocEntry[];
}

/** Tags are shorter than this. */
const LONGEST_TAG = 2000;
const OPEN = 0x3c;
const CLOSE = 0x3e;

/** Puts an anchor where each chapter begins. Places between two parts belong to the end of the first. O(n log n). */
export function markChapters(
  parts: readonly BookPart[],
  places: readonly ChapterPlace[],
): readonly MarkedPart[] {
  const inOrder = places.toSorted((a, b) => a.at - b.at);
  let next = 0;
  return parts.map(({ start, markup }, index) => {
    const nextStart = parts[index + 1]?.start ?? Infinity;
    const pieces: Buffer[] = [];
    const entries: TocEntry[] = [];
    let done = 0;
    for (let place = inOrder[next]; place !== undefined && place.at < nextStart; place = inOrder[next]) {
      const fragment = `chapter-${next}`;
      const at = Math.max(done, beforeTag(markup, Math.min(Math.max(place.at - start, 0), markup.length)));
      pieces.push(markup.subarray(done, at), Buffer.from(`<span id="${fragment}"></span>`));
      entries.push({ path: '', fragment, label: place.label, above: place.above });
      done = at;
      next += 1;
    }
    return { markup: Buffer.concat([...pieces, markup.subarray(done)]), entries };
  });
}

/** The place itself, or the beginning of the tag that it lies in. */
function beforeTag(markup: Buffer, at: number): number {
  for (let back = at - 1; back >= Math.max(0, at - LONGEST_TAG); back -= 1) {
    if (markup[back] === CLOSE) return at;
    if (markup[back] === OPEN) return back;
  }
  return at;
}
