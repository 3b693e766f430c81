/**
 * What the elements around a text say about its place on the page, as bits of a number that the block
 * walker carries down the tree. Judged by element, ARIA role, and common words in class and id.
 */
import { attributeOf, type HtmlElement } from '../parsing/html-tree.ts';

export const REGION = {
  navigation: 1,
  footer: 2,
  header: 4,
  aside: 8,
  form: 16,
  comments: 32,
  related: 64,
  share: 128,
  promotion: 256,
  article: 512,
  byline: 1024,
  body: 2048,
} as const;

export type RegionName = keyof typeof REGION;

const BY_ELEMENT: Readonly<Record<string, number>> = {
  nav: REGION.navigation,
  footer: REGION.footer,
  header: REGION.header,
  aside: REGION.aside,
  form: REGION.form,
  article: REGION.article,
  main: REGION.article,
};

const BY_ROLE: Readonly<Record<string, number>> = {
  navigation: REGION.navigation,
  menu: REGION.navigation,
  contentinfo: REGION.footer,
  banner: REGION.header,
  complementary: REGION.aside,
  search: REGION.form,
  main: REGION.article,
  article: REGION.article,
};

const word = (words: string): RegExp => new RegExp(`(?:^|[\\s_-])(?:${words})(?:$|[\\s_-])`, 'i');

const BY_NAME: readonly (readonly [RegExp, number])[] = [
  [word('nav|menu|breadcrumbs?|navbar|navigation|topbar|toolbar|pagination|pager'), REGION.navigation],
  [/footer|colophon|copyright/i, REGION.footer],
  [/sidebar|aside|widget/i, REGION.aside],
  [/comment|disqus|respond|replies/i, REGION.comments],
  [
    /related|recommend|teaser|more-?(?:news|stories|articles|posts)|also-?like|popular|trending|most-?read|read-?more|recent|latest|outbrain|taboola|link-?list|up-?next/i,
    REGION.related,
  ],
  [/share|sharing|social|follow-?us/i, REGION.share],
  [
    word(
      'ad|ads|advert\\w*|sponsor\\w*|promo\\w*|newsletter\\w*|subscri\\w*|cookies?|consent|gdpr|banner|popup|' +
        'modal|overlay|paywall|signup|login|donat\\w*',
    ),
    REGION.promotion,
  ],
  [
    /author|byline|bio(?:$|[\s_-])|meta(?:$|[\s_-])|(?:^|[\s_-])tags?(?:$|[\s_-])|tag-?list|categor|dateline|posted|published|timestamp/i,
    REGION.byline,
  ],
];

const BODY_NAME = /(?:article|entry|post|story|content|text)[_-]?(?:body|content|text)/i;
/** Class and id of these describe the page, not a part of it. */
const WHOLE_PAGE = new Set(['html', 'body', 'main', 'article']);
const LONGEST_NAMES = 500;

/** The bits of an element: its parent's and its own. */
export function regionOf(element: HtmlElement, parent: number): number {
  const { name } = element;
  let region = parent | (BY_ELEMENT[name] ?? 0) | (BY_ROLE[attributeOf(element, 'role')] ?? 0);
  if (attributeOf(element, 'itemprop') === 'articleBody') region |= REGION.body;
  const names = `${attributeOf(element, 'class')} ${attributeOf(element, 'id')}`.slice(0, LONGEST_NAMES);
  if (names === ' ') return region;
  if (BODY_NAME.test(names)) region |= REGION.body;
  if (WHOLE_PAGE.has(name)) return region;
  for (const [pattern, bit] of BY_NAME) if ((region & bit) === 0 && pattern.test(names)) region |= bit;
  return region;
}

export function isIn(region: number, name: RegionName): boolean {
  return (region & REGION[name]) !== 0;
}

/** Every region but those that hold an article or its data. */
export const OUTSIDE =
  REGION.navigation |
  REGION.footer |
  REGION.header |
  REGION.aside |
  REGION.form |
  REGION.comments |
  REGION.related |
  REGION.share |
  REGION.promotion;
