/**
 * Which blocks of a page are its content. The libraries only vote; every block is judged on its own, so
 * that what all of them lose (headings, tables, a first paragraph) can still be kept. Pure.
 */
import type { ReadBlock } from '../parsing/html-blocks.ts';
import { blockFeatures, type Features, type Votes } from './features.ts';
import type { PageKind } from './page-kind.ts';
import { isBoilerplate, isTail } from './phrases.ts';
import { isIn, OUTSIDE } from './regions.ts';
import { probabilityOf, weightsFor } from './weights.ts';

export interface Choice {
  readonly kept: readonly boolean[];
  /** `scored` by block, `votes` of the libraries alone, or `landmarks`: all but navigation and the like. */
  readonly method: 'scored' | 'votes' | 'landmarks';
  readonly reason: string;
}

/** Best cross-validated snippet F; the curve is flat between .40 and .55. */
const THRESHOLD = 0.45;
/** Probabilities between these are doubtful. */
const DOUBT_LOW = 0.2;
const DOUBT_HIGH = 0.8;
/** A result with fewer characters is checked against the simpler ones. */
const SHORT_TEXT = 250;
/** Less than this share of the libraries' text means that the judgement failed. */
const LOST_SHARE = 0.5;
/** For kinds of pages that the weights were not fitted on: being outside of navigation and the like. */
const LANDMARK_BONUS = 1.5;

/** What counts against blocks of articles and is usual on other pages. */
const PASSED_OVER: Readonly<Record<PageKind, readonly string[]>> = {
  article: [],
  other: ['isRepeated'],
  recipe: ['isShort'],
  documentation: ['links', 'in_related', 'isRepeated'],
  discussion: [
    'afterTail',
    'isTail',
    'in_related',
    'isRepeated',
    'notInArticleBody',
    'afterReadability',
    'in_byline',
  ],
  product: ['isRepeated', 'isShort', 'in_promotion', 'notInArticleBody'],
  listing: [
    'links',
    'isShort',
    'in_related',
    'isRepeated',
    'afterReadability',
    'withinReadability',
    'in_byline',
  ],
};
const WITH_BONUS: ReadonlySet<PageKind> = new Set(['discussion', 'product', 'listing']);

/** Probability of being content, a block. */
export function blockProbabilities(blocks: readonly ReadBlock[], votes: Votes, kind: PageKind): number[] {
  const weights = weightsFor(votes.defuddle !== null);
  const bias = WITH_BONUS.has(kind) ? LANDMARK_BONUS : 0;
  return blockFeatures(blocks, votes).map((features, at) => {
    const bonus = isLandmark(blocks[at], false) ? bias : 0;
    return probabilityOf(without(features, PASSED_OVER[kind]), { ...weights, bias: weights.bias + bonus });
  });
}

/** Share of the text in question that the probabilities leave open: 0 sure, 1 all in doubt. */
export function doubtOf(blocks: readonly ReadBlock[], probabilities: readonly number[]): number {
  let open = 0;
  let all = 0;
  blocks.forEach(({ block }, at) => {
    const probability = probabilities[at] ?? 0;
    if (probability > DOUBT_LOW) all += block.text.length;
    if (probability > DOUBT_LOW && probability < DOUBT_HIGH) open += block.text.length;
  });
  return all === 0 ? 1 : open / all;
}

/** The blocks to keep, with the reason. */
export function chooseBlocks(
  blocks: readonly ReadBlock[],
  votes: Votes,
  probabilities: readonly number[],
): Choice {
  const scored = completed(blocks, votes, probabilities);
  const length = textLength(blocks, scored);
  const voted = blocks.map((_, at) => votes.readability?.[at] === true || votes.defuddle?.[at] === true);
  const votedLength = textLength(blocks, voted);
  if (length >= SHORT_TEXT && length >= votedLength * LOST_SHARE) {
    return { kept: scored, method: 'scored', reason: 'blocks judged one by one' };
  }
  if (votedLength > length * 2 && votedLength >= SHORT_TEXT) {
    return {
      kept: voted,
      method: 'votes',
      reason: 'the judged blocks held too little of what the libraries found',
    };
  }
  const landmarks = landmarkBlocks(blocks);
  if (textLength(blocks, landmarks) > length * 2) {
    return { kept: landmarks, method: 'landmarks', reason: 'little text was found to be an article' };
  }
  return length > 0
    ? { kept: scored, method: 'scored', reason: 'the page is short' }
    : { kept: blocks.map(() => true), method: 'landmarks', reason: 'the page has no main part' };
}

/** Everything within `main` or `article` (when there is one) and outside of navigation and the like. */
export function landmarkBlocks(blocks: readonly ReadBlock[]): boolean[] {
  const hasArticle = blocks.some((read) => isIn(read.mark, 'article') && isLandmark(read, true));
  return blocks.map((read) => isLandmark(read, hasArticle));
}

export function textLength(blocks: readonly ReadBlock[], kept: readonly boolean[]): number {
  return blocks.reduce((sum, { block }, at) => sum + (kept[at] === true ? block.text.length : 0), 0);
}

function isLandmark(read: ReadBlock | undefined, inArticle: boolean): boolean {
  if (read === undefined || (read.mark & OUTSIDE) !== 0) return false;
  return !inArticle || isIn(read.mark, 'article');
}

function without(features: Features, names: readonly string[]): Features {
  if (names.length === 0) return features;
  return { ...features, ...Object.fromEntries(names.map((name) => [name, 0])) };
}

/**
 * Judged blocks, then what belongs to them: pictures and captions that a library saw amid the text, and the heading of
 * a part that is kept. A heading at the very end heads nothing.
 */
function completed(blocks: readonly ReadBlock[], votes: Votes, probabilities: readonly number[]): boolean[] {
  const kept = probabilities.map((probability) => probability > THRESHOLD);
  const isText = blocks.map(({ block }) => block.kind !== 'image' && block.kind !== 'caption');
  const before = neighbours(isText, kept, 1);
  const after = neighbours(isText, kept, -1);
  const last = kept.findLastIndex(
    (keep, at) => keep && isText[at] === true && blocks[at]?.block.kind !== 'heading',
  );
  return kept.map((keep, at) => {
    const block = blocks[at]?.block;
    if (block === undefined) return false;
    if (isText[at] !== true) {
      return keep || (before[at] === true && after[at] === true && votes.readability?.[at] === true);
    }
    if (block.kind !== 'heading') return keep;
    if (at > last && last >= 0) return false;
    return keep || (after[at] === true && (probabilities[at] ?? 0) > DOUBT_LOW && !isNoise(block.text));
  });
}

function isNoise(text: string): boolean {
  return isTail(text) || isBoilerplate(text);
}

/** For each block whether the nearest text block before (1) or after (-1) it is kept. */
function neighbours(isText: readonly boolean[], kept: readonly boolean[], step: 1 | -1): boolean[] {
  const result: boolean[] = kept.map(() => false);
  let nearest = false;
  for (let at = step === 1 ? 0 : kept.length - 1; at >= 0 && at < kept.length; at += step) {
    result[at] = nearest;
    if (isText[at] === true) nearest = kept[at] === true;
  }
  return result;
}
