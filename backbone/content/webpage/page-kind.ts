/** What kind of page it is, from what it declares, its address and its blocks. Pure. */
import type { ReadBlock } from '../parsing/html-blocks.ts';
import { hasType, type JsonLdNode } from './json-ld.ts';
import { ARTICLE_TYPES, FORUM_TYPES, LIST_TYPES, PRODUCT_TYPES } from './main-node.ts';
import { isIn, OUTSIDE, REGION } from './regions.ts';

export const PAGE_KINDS = [
  'article',
  'documentation',
  'discussion',
  'product',
  'listing',
  'recipe',
  'other',
] as const;
export type PageKind = (typeof PAGE_KINDS)[number];

export interface KindEvidence {
  readonly pageUrl: string | null;
  readonly mainNode: JsonLdNode | null;
  readonly ogType: string | null;
  readonly generator: string | null;
  readonly blocks: readonly ReadBlock[];
  /** All typed nodes of JSON-LD and microdata. */
  readonly nodes: readonly JsonLdNode[];
  /** Whether the page describes one whole recipe. */
  readonly hasRecipe: boolean;
  /** Posts of a thread, without comments. */
  readonly postCount: number;
  /** Siblings that repeat, each with a link and some text. Asked only when it matters: counting costs a pass. */
  readonly countEntries: () => number;
}

const FORUM_SOFTWARE =
  /discourse|phpbb|vbulletin|xenforo|flarum|nodebb|mybb|smf|invision|vanilla forums|woltlab/i;
const DOCUMENTATION_SOFTWARE =
  /docusaurus|sphinx|mkdocs|gitbook|vuepress|vitepress|mdbook|docfx|javadoc|doxygen|starlight|readthedocs/i;
const DOCUMENTATION_TYPES: ReadonlySet<string> = new Set(['techarticle', 'apireference']);
const DOCUMENTATION_ADDRESS =
  /^(?:docs?|developers?|api|manual|help|wiki)\.|\/(?:docs?|documentation|reference|manual|api-docs|apidocs|man\d?)\//i;
const FORUM_ADDRESS =
  /^(?:forums?|community|discuss|board)\.|\/(?:forums?|threads?|viewtopic\.php|showthread\.php)(?:\/|\?|$)/i;
const LIST_ADDRESS =
  /^\/?$|\/(?:category|categories|tag|tags|topics?|archive|archives|author|search|page)(?:\/|$)/i;
const PRODUCT_OG = /^(?:og:)?product/i;
/** Product nodes that make a list of them. */
const LISTED_PRODUCTS = 4;
/** Repeated siblings that make a list, when there is little prose. */
const LISTED_ENTRIES = 8;
/** An article has more, and a list that says more than this of itself needs another sign. */
const LIST_PROSE = 300;
/** As many posts make a thread. */
const THREAD_POSTS = 3;
/** Share of link text above which a page lists other pages. */
const LIST_LINKS = 0.55;
const ARTICLE_PROSE = 800;

/** Declared data first, then names of software and addresses, then the shape of the text. */
export function pageKind(evidence: KindEvidence): PageKind {
  const { generator } = evidence;
  if (generator !== null && FORUM_SOFTWARE.test(generator)) return 'discussion';
  if (generator !== null && DOCUMENTATION_SOFTWARE.test(generator)) return 'documentation';
  if (evidence.hasRecipe) return 'recipe';
  const declared = declaredKind(evidence);
  return declared ?? apparentKind(evidence);
}

function apparentKind(evidence: KindEvidence): PageKind {
  const url = evidence.pageUrl === null ? null : URL.parse(evidence.pageUrl);
  const place = url === null ? '' : `${url.hostname}${url.pathname}`;
  const text = describe(evidence.blocks);
  if (FORUM_ADDRESS.test(place) || evidence.postCount >= THREAD_POSTS) return 'discussion';
  if (DOCUMENTATION_ADDRESS.test(place) && !text.isLinks) return 'documentation';
  const isListed =
    text.isLinks || hasList(evidence.nodes) || (url !== null && LIST_ADDRESS.test(url.pathname));
  if (isListed && text.prose < ARTICLE_PROSE) return 'listing';
  if (text.prose < LIST_PROSE && evidence.countEntries() >= LISTED_ENTRIES) return 'listing';
  if (text.codeBlocks >= 3) return 'documentation';
  return text.prose >= ARTICLE_PROSE ? 'article' : 'other';
}

function declaredKind({ mainNode, ogType, nodes }: KindEvidence): PageKind | null {
  const main = mainNode === null ? null : typedKind(mainNode);
  if (main === 'product' && countOf(nodes, PRODUCT_TYPES) >= LISTED_PRODUCTS && hasList(nodes))
    return 'listing';
  if (main !== null) return main;
  if (ogType !== null && PRODUCT_OG.test(ogType)) return 'product';
  if (ogType !== null && /^article$/i.test(ogType)) return 'article';
  if (countOf(nodes, FORUM_TYPES) > 0) return 'discussion';
  return countOf(nodes, PRODUCT_TYPES) === 1 ? 'product' : null;
}

function typedKind(node: JsonLdNode): PageKind | null {
  if (hasType(node, FORUM_TYPES)) return 'discussion';
  if (hasType(node, PRODUCT_TYPES)) return 'product';
  if (hasType(node, DOCUMENTATION_TYPES)) return 'documentation';
  if (hasType(node, LIST_TYPES)) return 'listing';
  return hasType(node, ARTICLE_TYPES) ? 'article' : null;
}

function hasList(nodes: readonly JsonLdNode[]): boolean {
  return countOf(nodes, LIST_TYPES) > 0;
}

function countOf(nodes: readonly JsonLdNode[], types: ReadonlySet<string>): number {
  return nodes.filter((node) => hasType(node, types)).length;
}

interface TextShape {
  readonly isLinks: boolean;
  /** Characters in long paragraphs with few links. */
  readonly prose: number;
  readonly codeBlocks: number;
}

function describe(blocks: readonly ReadBlock[]): TextShape {
  let text = 0;
  let links = 0;
  let prose = 0;
  let codeBlocks = 0;
  for (const { block, linkLength, mark } of blocks) {
    if ((mark & OUTSIDE) !== 0 && !isInWrapper(mark)) continue;
    text += block.text.length;
    links += linkLength;
    if (block.kind === 'code') codeBlocks += 1;
    if (block.text.length > 100 && linkLength < block.text.length / 4) prose += block.text.length;
  }
  return { isLinks: text > 0 && links / text > LIST_LINKS, prose, codeBlocks };
}

/** An article within something named after a sidebar, as whole pages with one are: `has-sidebar`. */
function isInWrapper(mark: number): boolean {
  return isIn(mark, 'article') && (mark & OUTSIDE) === REGION.aside;
}
