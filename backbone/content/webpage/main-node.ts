/** Which node of a page's JSON-LD describes the page's content. Pure. */
import { hasType, textIn, isObject, type JsonLdNode } from './json-ld.ts';

export const ARTICLE_TYPES: ReadonlySet<string> = new Set(
  (
    'article newsarticle blogposting reportagenewsarticle analysisnewsarticle opinionnewsarticle ' +
    'reviewnewsarticle backgroundnewsarticle askpublicnewsarticle liveblogposting techarticle apireference ' +
    'scholarlyarticle medicalscholarlyarticle report satiricalarticle advertisercontentarticle ' +
    'socialmediaposting creativework recipe howto'
  ).split(' '),
);
export const FORUM_TYPES: ReadonlySet<string> = new Set(['discussionforumposting', 'qapage', 'question']);
export const PRODUCT_TYPES: ReadonlySet<string> = new Set(['product', 'productgroup', 'individualproduct']);
export const LIST_TYPES: ReadonlySet<string> = new Set(['collectionpage', 'searchresultspage', 'itemlist']);
const PAGE_TYPES: ReadonlySet<string> = new Set(['webpage', 'itempage', 'aboutpage', 'medicalwebpage']);

/**
 * The article, posting or product; of several the one whose address is the page's, else the first. A
 * `WebPage` node when there is nothing better, null when there is nothing at all.
 */
export function mainNodeOf(nodes: readonly JsonLdNode[], pageUrl: string | null): JsonLdNode | null {
  for (const types of [ARTICLE_TYPES, FORUM_TYPES, PRODUCT_TYPES, PAGE_TYPES]) {
    const found = nodes.filter((node) => hasType(node, types));
    const main = found.find((node) => pageUrl !== null && isAbout(node, pageUrl)) ?? found[0];
    if (main !== undefined) return main;
  }
  return null;
}

function isAbout(node: JsonLdNode, pageUrl: string): boolean {
  const page = addressOf(pageUrl);
  const main = node['mainEntityOfPage'];
  const named = [node['url'], node['@id'], main, isObject(main) ? main['@id'] : null];
  return named.some((value) => {
    const text = textIn(value);
    return text !== null && addressOf(text) === page;
  });
}

/** Host and path: scheme, `www.`, query, fragment and a closing slash say nothing about the page. */
function addressOf(url: string): string | null {
  const parsed = URL.parse(url);
  return parsed === null ? null : parsed.host.replace(/^www\./, '') + parsed.pathname.replace(/\/$/, '');
}
