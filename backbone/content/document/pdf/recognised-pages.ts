import type { Block } from '../../model.ts';

/**
 * Puts the blocks of recognised pages where their pages stand among the others. A block that runs over several
 * pages counts for its first. Pure; O(blocks).
 */
export function withRecognised(
  blocks: readonly Block[],
  recognised: ReadonlyMap<number, readonly Block[]>,
  labels: ReadonlyMap<number, string>,
): readonly Block[] {
  const waiting = [...recognised]
    .sort(([one], [other]) => one - other)
    .flatMap(([page, found]) => found.map((block) => labelled(block, labels.get(page))));
  const merged: Block[] = [];
  let next = 0;
  for (const block of blocks) {
    for (; pageOf(waiting[next]) < pageOf(block); next++) merged.push(...waiting.slice(next, next + 1));
    merged.push(block);
  }
  return [...merged, ...waiting.slice(next)];
}

function pageOf(block: Block | undefined): number {
  return block?.locator.page ?? Infinity;
}

function labelled(block: Block, label: string | undefined): Block {
  return label === undefined || label === String(block.locator.page)
    ? block
    : { ...block, locator: { ...block.locator, pageLabel: label } };
}
