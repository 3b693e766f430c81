/**
 * Which of several readings of a page is its text. Each is judged by what it holds of the others, what the others hold
 * of it, its share of links, and how well such a reading suits the kind of page. Pure; linear in the texts.
 */
import type { ContentLink } from '../model.ts';
import type { ReadBlock } from '../parsing/html-blocks.ts';
import type { PageKind } from './page-kind.ts';

/** `judged`: the blocks of the page that were chosen one by one. The others are made for one kind of page. */
export type CandidateName =
  | 'judged'
  | 'article_body'
  | 'posts'
  | 'entries'
  | 'recipe'
  | 'product'
  | 'documentation';

export interface TextCandidate {
  readonly name: CandidateName;
  readonly blocks: readonly ReadBlock[];
  readonly links: readonly ContentLink[];
}

export interface Selection {
  readonly candidate: TextCandidate;
  /** What each candidate was worth, in the order given. */
  readonly scores: readonly number[];
}

const HOLDS_OTHERS = 1;
const HELD_BY_OTHERS = 0.5;
const LINKS = 0.5;
const SHORT = 0.5;
const SHORT_TEXT = 250;
/** A reading made for a kind that holds less than this of the judged text has missed what the page is about. */
const FEWEST_HELD = 0.6;
/** Pages that are taken for lists are articles more often than other kinds are: little may be missing. */
const FEWEST_HELD_BY_ENTRIES = 0.85;
const MISSED = 1;
/**
 * Of two readings one of which holds the other, the longer gets half of the share that the shorter lacks: so posts
 * win over judged blocks that have somewhat more text, and JSON-LD's body when three fifths of it are missing.
 */
const SUITS: Readonly<Record<CandidateName, (kind: PageKind) => number>> = {
  judged: () => 0.02,
  article_body: (kind) => (kind === 'article' || kind === 'other' ? -0.3 : -0.5),
  posts: (kind) => (kind === 'discussion' ? 0.25 : -1),
  entries: (kind) => (kind === 'listing' ? 0.25 : -1),
  recipe: (kind) => (kind === 'recipe' ? 0.15 : -1),
  product: (kind) => (kind === 'product' ? 0.1 : -1),
  documentation: (kind) => (kind === 'documentation' ? 0.1 : -1),
};

/** The first of the best. `candidates` has at least one. */
export function selectCandidate(
  candidates: readonly [TextCandidate, ...TextCandidate[]],
  kind: PageKind,
): Selection {
  if (candidates.length === 1) return { candidate: candidates[0], scores: [1] };
  const bags = candidates.map(({ blocks }) => bagOf(blocks));
  const scores = candidates.map((candidate, at) => {
    const own = bags[at] ?? EMPTY;
    const others = bags.filter((_, other) => other !== at);
    const holds = others.reduce((sum, other) => sum + sharedShare(other, own), 0) / others.length;
    const held = Math.max(...others.map((other) => sharedShare(own, other)));
    const isShort = own.length < SHORT_TEXT ? SHORT * (1 - own.length / SHORT_TEXT) : 0;
    const penalty = isShort + (misses(candidate, own, candidates, bags) ? MISSED : 0);
    return (
      HOLDS_OTHERS * holds +
      HELD_BY_OTHERS * held -
      LINKS * linkShare(candidate) -
      penalty +
      SUITS[candidate.name](kind)
    );
  });
  const best = scores.indexOf(Math.max(...scores));
  return { candidate: candidates[best] ?? candidates[0], scores };
}

function misses(
  { name }: TextCandidate,
  own: Bag,
  candidates: readonly TextCandidate[],
  bags: readonly Bag[],
): boolean {
  if (name === 'judged' || name === 'article_body') return false;
  const fewest = name === 'entries' ? FEWEST_HELD_BY_ENTRIES : FEWEST_HELD;
  const judged = bags[candidates.findIndex((candidate) => candidate.name === 'judged')];
  return judged !== undefined && sharedShare(judged, own) < fewest;
}

interface Bag {
  /** Each once: what a page says twice counts as if it said it once. */
  readonly words: ReadonlySet<string>;
  /** Characters. */
  readonly length: number;
}

const EMPTY: Bag = { words: new Set(), length: 0 };

function bagOf(blocks: readonly ReadBlock[]): Bag {
  const words = new Set<string>();
  let length = 0;
  for (const { block } of blocks) {
    length += block.text.length;
    for (const word of block.text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) words.add(word);
  }
  return { words, length };
}

/** Share of the words of `part` that `whole` has, too; 1 for no words. */
function sharedShare(part: Bag, whole: Bag): number {
  if (part.words.size === 0) return 1;
  let shared = 0;
  for (const word of part.words) if (whole.words.has(word)) shared += 1;
  return shared / part.words.size;
}

function linkShare({ blocks }: TextCandidate): number {
  const text = blocks.reduce((sum, { block }) => sum + block.text.length, 0);
  return text === 0 ? 0 : blocks.reduce((sum, { linkLength }) => sum + linkLength, 0) / text;
}
