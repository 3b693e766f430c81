/** KF8: each part is a skeleton, into which fragments that stand behind it are put one after the other. */
import type { BookIndex } from './index-records.ts';
import { damaged } from './palm-database.ts';
import type { BookPart } from './parts.ts';

/** Fragments are put into a part by copying it: more than this is copied for no book. */
const MOST_COPIED_BYTES = 1024 * 1024 * 1024;
const TAG_FRAGMENTS = 1;
const TAG_PLACE = 6;

/** Errors: `file_damaged`. O(bytes of a part times its fragments), bounded. */
export function kf8Parts(text: Buffer, skeletons: BookIndex, fragments: BookIndex): readonly BookPart[] {
  let nextFragment = 0;
  let copied = 0;
  return skeletons.rows.map(({ tags }) => {
    const [start = 0, length = 0] = tags.get(TAG_PLACE) ?? [];
    const count = tags.get(TAG_FRAGMENTS)?.[0] ?? 0;
    let markup = text.subarray(start, start + length);
    let from = start + length;
    for (const { name, tags: fragment } of fragments.rows.slice(nextFragment, nextFragment + count)) {
      const piece = text.subarray(from, from + (fragment.get(TAG_PLACE)?.[1] ?? 0));
      const at = fragmentPlace(name) - start;
      copied += markup.length + piece.length;
      if (copied > MOST_COPIED_BYTES) throw damaged('too many fragments');
      markup = Buffer.concat([markup.subarray(0, Math.max(0, at)), piece, markup.subarray(Math.max(0, at))]);
      from += piece.length;
    }
    nextFragment += count;
    return { start, markup };
  });
}

/** Where a fragment begins in the text of the book: its row is named so. */
export function fragmentPlace(name: string): number {
  const place = /^\d{1,10}/.exec(name)?.[0];
  if (place === undefined) throw damaged('a fragment without a place');
  return Number(place);
}
