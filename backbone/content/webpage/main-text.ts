/** From a page's tree to its main text: asks the libraries, dearest last and only when in doubt. */
import type { CheerioAPI } from 'cheerio/slim';
import type { ReadBlock } from '../parsing/html-blocks.ts';
import { serializeHtml, treeSize } from '../parsing/html-tree.ts';
import { defuddleCandidate, readabilityCandidate } from './candidates.ts';
import {
  blockProbabilities,
  chooseBlocks,
  doubtOf,
  landmarkBlocks,
  textLength,
  type Choice,
} from './choose.ts';
import type { Votes } from './features.ts';
import type { PageKind } from './page-kind.ts';
import { votesOf } from './votes.ts';

export interface MainText extends Choice {
  /** Characters of the page's text that each library holds; null when it was not asked or found nothing. */
  readonly readabilityLength: number | null;
  readonly defuddleLength: number | null;
  /** What made Defuddle worth its cost; null when it was not asked. */
  readonly askedDefuddle: string | null;
}

/** Above these both libraries take longer than they are worth; landmarks decide. */
const MOST_BLOCKS = 20_000;
const LONGEST_HTML = 4_000_000;
/** Elements times depth: Readability reads the text of each ancestor anew. The largest real pages have two million. */
const LARGEST_TREE = 3_000_000;
/** Real pages stay below a hundred. */
const DEEPEST_TREE = 256;
/** Posts of a thread from which Defuddle, and then Readability, too, take seconds to say what the posts say themselves. */
const MOST_POSTS_FOR_DEFUDDLE = 100;
const MOST_POSTS_FOR_LIBRARIES = 1000;
/**
 * Share of doubtful text from which Defuddle is asked. On trafilatura’s set that is a fifth of the
 * pages and more than half of the gain of asking always.
 */
const DOUBT = 0.35;
/** Defuddle's result counts as short below this share of the text outside of navigation and the like. */
const SHORT_SHARE = 0.3;
const NOT_STRICTLY_NEEDED = 'script, style, svg, template, link, iframe, noscript:not(:has(img))';

export interface MainTextOptions {
  readonly kind: PageKind;
  readonly url: string | null;
  /** What JSON-LD says the text is. */
  readonly articleBody: string | null;
  /** Posts that stand as sections of their own; 0 unless the page is a discussion. */
  readonly postCount: number;
}

/** Strips the tree of scripts and styles on its way. */
export function findMainText(
  $: CheerioAPI,
  blocks: readonly ReadBlock[],
  options: MainTextOptions,
): MainText {
  if (options.postCount > MOST_POSTS_FOR_LIBRARIES)
    return byLandmarks(blocks, 'the thread has too many posts for closer judgement');
  const html = blocks.length > MOST_BLOCKS ? null : markupOf($);
  if (html === null || html.length > LONGEST_HTML) {
    return byLandmarks(blocks, 'the page is too large for closer judgement');
  }
  const articleBody = options.articleBody === null ? null : votesOf(blocks, [options.articleBody]);
  const readability = votesOf(blocks, readabilityCandidate(html));
  let votes: Votes = { readability, defuddle: null, articleBody };
  let probabilities = blockProbabilities(blocks, votes, options.kind);
  const askedDefuddle = reasonForDefuddle(blocks, votes, probabilities, options);
  if (askedDefuddle !== null) {
    votes = { ...votes, defuddle: defuddleVotes(blocks, html, options.url) };
    probabilities = blockProbabilities(blocks, votes, options.kind);
  }
  return {
    ...chooseBlocks(blocks, votes, probabilities),
    readabilityLength: readability === null ? null : textLength(blocks, readability),
    defuddleLength: votes.defuddle === null ? null : textLength(blocks, votes.defuddle),
    askedDefuddle,
  };
}

function byLandmarks(blocks: readonly ReadBlock[], reason: string): MainText {
  return {
    kept: landmarkBlocks(blocks),
    method: 'landmarks',
    reason,
    readabilityLength: null,
    defuddleLength: null,
    askedDefuddle: null,
  };
}

/** Null when the tree is too large for the libraries. */
function markupOf($: CheerioAPI): string | null {
  const { elements, depth } = treeSize($._root);
  if (depth > DEEPEST_TREE || elements * depth > LARGEST_TREE) return null;
  $(NOT_STRICTLY_NEEDED).remove();
  return serializeHtml($);
}

function reasonForDefuddle(
  blocks: readonly ReadBlock[],
  votes: Votes,
  probabilities: readonly number[],
  { kind, postCount }: MainTextOptions,
): string | null {
  if (postCount > MOST_POSTS_FOR_DEFUDDLE) return null;
  if (votes.readability === null) return 'Readability found nothing';
  if (kind !== 'article' && kind !== 'recipe' && kind !== 'other') return `the page is of the kind ${kind}`;
  return doubtOf(blocks, probabilities) >= DOUBT ? 'much of the text was in doubt' : null;
}

/** A second run keeps what the first deletes by fragments of class names, when too little is left. */
function defuddleVotes(blocks: readonly ReadBlock[], html: string, url: string | null): boolean[] | null {
  const first = votesOf(blocks, defuddleCandidate(html, url, false));
  const wanted = textLength(blocks, landmarkBlocks(blocks)) * SHORT_SHARE;
  if (first !== null && textLength(blocks, first) >= wanted) return first;
  const second = votesOf(blocks, defuddleCandidate(html, url, true));
  if (first === null || second === null) return second ?? first;
  return textLength(blocks, second) > textLength(blocks, first) ? second : first;
}
