/** What kind of page it is, from what it declares, its address and its blocks. Pure. */
import type { ReadBlock } from '../parsing/html-blocks.ts';
import { hasType, type JsonLdNode } from './json-ld.ts';
import { ARTICLE_TYPES, FORUM_TYPES, LIST_TYPES, PRODUCT_TYPES } from './main-node.ts';
import { OUTSIDE } from './regions.ts';

export type PageKind = 'article' | 'documentation' | 'forum' | 'product' | 'list' | 'other';

export interface KindEvidence {
  readonly pageUrl: string | null;
  readonly mainNode: JsonLdNode | null;
  readonly ogType: string | null;
  readonly generator: string | null;
  readonly blocks: readonly ReadBlock[];
  /** Elements that look like one post of a thread. */
  readonly postCount: number;
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
/** As many posts make a thread. */
const THREAD_POSTS = 3;
/** Share of link text above which a page lists other pages. */
const LIST_LINKS = 0.55;
const ARTICLE_PROSE = 800;

export function pageKind(evidence: KindEvidence): PageKind {
  const { pageUrl, mainNode, generator } = evidence;
  const url = pageUrl === null ? null : URL.parse(pageUrl);
  const place = url === null ? '' : `${url.hostname}${url.pathname}`;
  if (generator !== null && FORUM_SOFTWARE.test(generator)) return 'forum';
  if (generator !== null && DOCUMENTATION_SOFTWARE.test(generator)) return 'documentation';
  const declared = declaredKind(mainNode, evidence.ogType);
  if (declared !== null) return declared;
  const text = describe(evidence.blocks);
  if (FORUM_ADDRESS.test(place) || evidence.postCount >= THREAD_POSTS) return 'forum';
  if (DOCUMENTATION_ADDRESS.test(place) && !text.isLinks) return 'documentation';
  if (text.isLinks || (url !== null && LIST_ADDRESS.test(url.pathname) && text.prose < ARTICLE_PROSE))
    return 'list';
  if (text.codeBlocks >= 3) return 'documentation';
  return text.prose >= ARTICLE_PROSE ? 'article' : 'other';
}

function declaredKind(node: JsonLdNode | null, ogType: string | null): PageKind | null {
  if (node !== null) {
    if (hasType(node, FORUM_TYPES)) return 'forum';
    if (hasType(node, PRODUCT_TYPES)) return 'product';
    if (hasType(node, DOCUMENTATION_TYPES)) return 'documentation';
    if (hasType(node, LIST_TYPES)) return 'list';
    if (hasType(node, ARTICLE_TYPES)) return 'article';
  }
  if (ogType === null) return null;
  if (PRODUCT_OG.test(ogType)) return 'product';
  return /^article$/i.test(ogType) ? 'article' : null;
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
    if ((mark & OUTSIDE) !== 0) continue;
    text += block.text.length;
    links += linkLength;
    if (block.kind === 'code') codeBlocks += 1;
    if (block.text.length > 100 && linkLength < block.text.length / 4) prose += block.text.length;
  }
  return { isLinks: text > 0 && links / text > LIST_LINKS, prose, codeBlocks };
}
