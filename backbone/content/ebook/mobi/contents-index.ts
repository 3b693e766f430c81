/** The chapters as the index of contents (NCX) names them. Pure. */
import { chapterName } from '../xml-names.ts';
import type { BookIndex, IndexRow } from './index-records.ts';
import { fragmentPlace } from './kf8-parts.ts';
import type { ChapterPlace } from './parts.ts';

const TAG_OFFSET = 1;
const TAG_LABEL = 3;
const TAG_FRAGMENT_PLACE = 6;
const TAG_PARENT = 21;
const DEEPEST = 8;

/** `fragments` is that of KF8, null for the old form. Rows without a label or a place are left out. O(rows). */
export function chaptersOf(contents: BookIndex, fragments: BookIndex | null): readonly ChapterPlace[] {
  const labels = contents.rows.map(({ tags }) =>
    chapterName(contents.text(tags.get(TAG_LABEL)?.[0]) ?? '').trim(),
  );
  return contents.rows.flatMap((row, index) => {
    const label = labels[index] ?? '';
    const at = fragments === null ? (row.tags.get(TAG_OFFSET)?.[0] ?? null) : placeIn(row, fragments);
    return label === '' || at === null ? [] : [{ label, above: above(row, contents.rows, labels), at }];
  });
}

function placeIn({ tags }: IndexRow, fragments: BookIndex): number | null {
  const [fragment, offset = 0] = tags.get(TAG_FRAGMENT_PLACE) ?? [];
  const row = fragment === undefined ? undefined : fragments.rows[fragment];
  return row === undefined ? null : fragmentPlace(row.name) + offset;
}

function above(row: IndexRow, rows: readonly IndexRow[], labels: readonly string[]): readonly string[] {
  const names: string[] = [];
  let parent = row.tags.get(TAG_PARENT)?.[0];
  for (let up = 0; up < DEEPEST && parent !== undefined; up += 1) {
    const label = labels[parent] ?? '';
    if (label !== '') names.unshift(label);
    parent = rows[parent]?.tags.get(TAG_PARENT)?.[0];
  }
  return names;
}
