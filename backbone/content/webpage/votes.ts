/** Finds a candidate's texts again among the blocks of the page. Pure. */
import type { ReadBlock } from '../parsing/html-blocks.ts';
import type { Candidate } from './candidates.ts';

/** Shorter texts must be a whole line of the candidate: they occur within others by chance. */
const SHORTEST_PART = 25;
/** Characters that searches without a find may read in all: half a second. Ordinary pages need a hundredth. */
const SEARCH_BUDGET = 1_000_000_000;

/**
 * For each block whether the candidate holds it; null for no candidate. White space and how the text is
 * cut into blocks do not matter, since libraries turn lines into paragraphs and the like. Looked for from
 * the last find on, so the usual case costs one pass over both texts.
 */
export function votesOf(blocks: readonly ReadBlock[], candidate: Candidate): boolean[] | null {
  if (candidate === null) return null;
  const lines = candidate.flatMap((text) => [text, ...text.split('\n')]).map(squeezed);
  const whole = new Set(lines);
  const all = squeezed(candidate.join(''));
  let from = 0;
  let budget = SEARCH_BUDGET;
  return blocks.map(({ block }) => {
    const text = squeezed(block.text);
    if (whole.has(text)) return true;
    if (text.length < SHORTEST_PART || budget <= 0) return false;
    const found = find(all, text, from);
    if (found >= 0) from = found;
    else budget -= all.length;
    return found >= 0;
  });
}

function find(all: string, text: string, from: number): number {
  const after = all.indexOf(text, from);
  return after >= 0 ? after : all.lastIndexOf(text, from);
}

function squeezed(text: string): string {
  return text.replaceAll(/\s+/g, '');
}
