import type { Block } from '../../../model.ts';
import { blocksOf } from './blocks.ts';
import { outlineIndex, type OutlineTarget } from './headings.ts';
import { vocabularyOf } from './hyphenation.ts';
import type { Line, PageLines } from './page-text.ts';
import { withoutRunningHeads, type KnownTitle, type WithoutHeads } from './running-heads.ts';
import { textProfile } from './text-profile.ts';

export interface LayoutResult {
  readonly blocks: readonly Block[];
  /** Printed label by physical page: the document's own labels, else the numbers found on the pages. */
  readonly labels: ReadonlyMap<number, string>;
}

/** What the document says about itself. */
export interface StatedFacts {
  readonly title: string | null;
  readonly authors: readonly string[];
}

const NOTHING_STATED: StatedFacts = { title: null, authors: [] };

/** The whole pass from lines to blocks. `labels`: what the document itself calls its pages, if it does. */
export function layout(
  pages: readonly PageLines[],
  outline: readonly OutlineTarget[],
  labels: ReadonlyMap<number, string>,
  stated: StatedFacts = NOTHING_STATED,
): LayoutResult {
  const titles = [...(stated.title === null ? [] : [{ title: stated.title, page: 1 }]), ...outline];
  const { pages: bodies, printed } = bodiesOf(pages, titles);
  const all = labels.size > 0 ? labels : printed;
  const lines = bodies.flatMap((page): readonly Line[] => page.lines);
  const blocks = blocksOf(bodies, {
    profile: textProfile(lines),
    vocabulary: vocabularyOf(lines),
    outline: outlineIndex(outline),
    labels: all,
    authors: stated.authors,
  });
  return { blocks, labels: all };
}

/** Where nothing but heads would go, as on copies of one slide, they are the text. */
function bodiesOf(pages: readonly PageLines[], titles: readonly KnownTitle[]): WithoutHeads {
  const found = withoutRunningHeads(pages, titles);
  return found.pages.some((page) => page.lines.length > 0) ? found : { ...found, pages };
}
