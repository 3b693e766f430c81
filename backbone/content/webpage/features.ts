/** What can be said of each block of a page before it is judged. Pure; linear in the number of blocks. */
import type { BlockKind } from '../model.ts';
import type { ReadBlock } from '../parsing/html-blocks.ts';
import { isBoilerplate, isTail } from './phrases.ts';
import { isIn, OUTSIDE, REGION } from './regions.ts';

/** Which blocks a candidate for the main text holds; null when there is no such candidate. */
export interface Votes {
  readonly readability: readonly boolean[] | null;
  readonly defuddle: readonly boolean[] | null;
  readonly articleBody: readonly boolean[] | null;
}

const KINDS: readonly BlockKind[] = ['heading', 'list_item', 'table', 'code', 'quote', 'caption', 'image'];
const NEIGHBOURS = 3;

/** Names and values (0 to about 1) of what is known about a block. A name that is absent counts as 0. */
export type Features = Readonly<Record<string, number>>;

export function blockFeatures(blocks: readonly ReadBlock[], votes: Votes): Features[] {
  const page = describePage(blocks, votes);
  return blocks.map((read, at) => ({
    ...voteFeatures(at, votes, page),
    ...textFeatures(read),
    ...placeFeatures(read, at, page),
  }));
}

interface Page {
  readonly textBefore: readonly number[];
  readonly votedBefore: readonly number[];
  readonly first: number;
  readonly last: number;
  readonly h1: number;
  readonly hasArticle: boolean;
  readonly hasBody: boolean;
  readonly isShort: boolean;
  readonly afterTail: readonly boolean[];
  readonly repeated: readonly boolean[];
}

/** Readability drops much from pages with less text than this. */
const SHORT_PAGE = 500;

function describePage(blocks: readonly ReadBlock[], { readability }: Votes): Page {
  const textBefore = [0];
  const votedBefore = [0];
  let text = 0;
  let voted = 0;
  blocks.forEach(({ block }, at) => {
    text += block.text.length;
    if (readability?.[at] === true) voted += block.text.length;
    textBefore.push(text);
    votedBefore.push(voted);
  });
  return {
    textBefore,
    votedBefore,
    first: readability?.indexOf(true) ?? -1,
    last: readability?.lastIndexOf(true) ?? -1,
    h1: blocks.findIndex(({ block }) => block.kind === 'heading' && block.level === 1),
    hasArticle: blocks.some(({ mark }) => isIn(mark, 'article')),
    hasBody: blocks.some(({ mark }) => isIn(mark, 'body')),
    isShort: voted < SHORT_PAGE,
    afterTail: markAfterTail(blocks, text),
    repeated: markRepeated(blocks),
  };
}

/** Blocks below a heading such as "Related", once half of the page's text has passed or the heading is one. */
function markAfterTail(blocks: readonly ReadBlock[], total: number): boolean[] {
  let seen = 0;
  let level: number | null = null;
  return blocks.map(({ block }) => {
    seen += block.text.length;
    const isHeading = block.kind === 'heading';
    if (isTail(block.text) && (isHeading || seen > total / 2)) {
      level = isHeading ? (block.level ?? 6) : 6;
    } else if (level !== null && isHeading && (block.level ?? 6) < level) {
      level = null;
    }
    return level !== null;
  });
}

function markRepeated(blocks: readonly ReadBlock[]): boolean[] {
  const counts = new Map<string, number>();
  for (const { block } of blocks) counts.set(block.text, (counts.get(block.text) ?? 0) + 1);
  return blocks.map(({ block }) => (counts.get(block.text) ?? 0) > 1);
}

function voteFeatures(at: number, votes: Votes, page: Page): Features {
  const inReadability = votes.readability?.[at] === true;
  const inDefuddle = votes.defuddle?.[at] === true;
  const inBody = votes.articleBody?.[at];
  return {
    inReadability: flag(inReadability),
    withinReadability: flag(page.first >= 0 && at >= page.first && at <= page.last),
    afterReadability: flag(page.first >= 0 && at > page.last),
    fromH1ToReadability: flag(page.h1 >= 0 && at > page.h1 && at < page.first),
    beforeH1: flag(page.h1 >= 0 && at < page.h1),
    votedBefore: votedShare(page, at - NEIGHBOURS, at),
    votedAfter: votedShare(page, at + 1, at + 1 + NEIGHBOURS),
    votedJustBefore: votedShare(page, at - 1, at),
    votedJustAfter: votedShare(page, at + 1, at + 2),
    inDefuddle: flag(inDefuddle),
    inBoth: flag(inDefuddle && inReadability),
    inArticleBody: flag(inBody === true),
    notInArticleBody: flag(inBody === false),
  };
}

function votedShare({ textBefore, votedBefore }: Page, from: number, to: number): number {
  const start = Math.max(0, from);
  const end = Math.min(textBefore.length - 1, to);
  const text = (textBefore[end] ?? 0) - (textBefore[start] ?? 0);
  return end <= start || text === 0 ? 0 : ((votedBefore[end] ?? 0) - (votedBefore[start] ?? 0)) / text;
}

function textFeatures({ block, linkLength }: ReadBlock): Features {
  const { text, kind } = block;
  const length = text.length;
  const links = length === 0 ? 0 : Math.min(1, linkLength / length);
  return {
    length: Math.log1p(length) / 7,
    isShort: flag(length < 30),
    isLong: flag(length > 150),
    isProse: flag(length > 100 && links < 0.2),
    endsSentence: flag(/[.!?。！？…:]["'”’»)]?$/.test(text)),
    hasSentence: flag(/[.!?。！？]/.test(text)),
    links,
    isOnlyLink: flag(links > 0.9),
    isBoilerplate: flag(isBoilerplate(text)),
    isTail: flag(isTail(text)),
    hasDigitsMostly: flag(length < 80 && (text.match(/\d/g)?.length ?? 0) > length / 4),
    ...Object.fromEntries(KINDS.filter((name) => name === kind).map((name) => [`is_${name}`, 1])),
  };
}

function placeFeatures({ block, mark, linkLength }: ReadBlock, at: number, page: Page): Features {
  const regions = Object.entries(REGION).filter(([, bit]) => (mark & bit) !== 0);
  const links = block.text.length === 0 ? 0 : linkLength / block.text.length;
  return {
    ...Object.fromEntries(regions.map(([name]) => [`in_${name}`, 1])),
    inNoRegion: flag((mark & OUTSIDE) === 0),
    outsideArticle: flag(page.hasArticle && !isIn(mark, 'article')),
    outsideBody: flag(page.hasBody && !isIn(mark, 'body')),
    linkedOutside: flag((mark & OUTSIDE) !== 0 && links > 0.5),
    pageIsShort: flag(page.isShort),
    longOnShortPage: flag(page.isShort && block.text.length > 100),
    afterTail: flag(page.afterTail[at] === true),
    isRepeated: flag(page.repeated[at] === true),
  };
}

function flag(value: boolean): number {
  return value ? 1 : 0;
}
