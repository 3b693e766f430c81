import type { Block } from '../../../model.ts';
import { blocksOf } from './blocks.ts';
import { outlineIndex, type OutlineTarget } from './headings.ts';
import { vocabularyOf } from './hyphenation.ts';
import type { Line, PageLines } from './page-text.ts';
import { withoutRunningHeads, type WithoutHeads } from './running-heads.ts';
import { textProfile } from './text-profile.ts';

export interface LayoutResult {
  readonly blocks: readonly Block[];
  /** Printed label by physical page: the document's own labels, else the numbers found on the pages. */
  readonly labels: ReadonlyMap<number, string>;
}

/** The whole pass from lines to blocks. `labels`: what the document itself calls its pages, if it does. */
export function layout(
  pages: readonly PageLines[],
  outline: readonly OutlineTarget[],
  labels: ReadonlyMap<number, string>,
): LayoutResult {
  const { pages: bodies, printed } = bodiesOf(pages);
  const all = labels.size > 0 ? labels : printed;
  const lines = bodies.flatMap((page): readonly Line[] => page.lines);
  const blocks = blocksOf(bodies, {
    profile: textProfile(lines),
    vocabulary: vocabularyOf(lines),
    outline: outlineIndex(outline),
    labels: all,
  });
  return { blocks, labels: all };
}

/** Where nothing but heads would go, as on copies of one slide, they are the text. */
function bodiesOf(pages: readonly PageLines[]): WithoutHeads {
  const found = withoutRunningHeads(pages);
  return found.pages.some((page) => page.lines.length > 0) ? found : { ...found, pages };
}
