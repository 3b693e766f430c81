/** Which chapter each passage belongs to. A file may hold many chapters, and a chapter may take many files. */
import type { TocEntry } from './table-of-contents.ts';
import { startOf, type Places } from './chapter-document.ts';
import type { Block } from '../model.ts';

/** A chapter and the position in its document from which it runs. */
export interface ChapterStart {
  readonly at: number;
  readonly entry: TocEntry;
}

/**
 * Where chapters begin in a document, in order. An entry whose place is missing counts from the beginning
 * when it is the document's first, and not at all otherwise. O(entries log entries).
 */
export function chapterStarts(entries: readonly TocEntry[], places: Places): readonly ChapterStart[] {
  const starts = entries.flatMap((entry, index) => {
    const at = startOf(places, entry.fragment) ?? (index === 0 ? 0 : null);
    return at === null ? [] : [{ at, entry }];
  });
  return starts.sort((a, b) => a.at - b.at);
}

/** The block under the names of its parts and its chapter, which the headings of the text often repeat. */
export function underChapter(block: Block, entry: TocEntry | null): Block {
  if (entry === null) return block;
  const names = [...entry.above, entry.label];
  const known = new Set(names.map(comparable));
  const own = block.kind === 'heading' ? comparable(block.text) : null;
  const below = (block.locator.headingPath ?? []).filter((heading) => !known.has(comparable(heading)));
  const headingPath = [...names.filter((name) => comparable(name) !== own), ...below];
  const { headingPath: _path, ...locator } = block.locator;
  return {
    ...block,
    locator: { ...locator, chapter: entry.label, ...(headingPath.length === 0 ? {} : { headingPath }) },
  };
}

/** Letters and digits alone: the contents punctuate names in their own way. */
function comparable(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '');
}
