/**
 * Finds the posts of a thread: containers that repeat, each with an author or a time of its own. By microdata and by
 * the names that forum software gives its elements. One pass over the tree; every label is bounded.
 */
import type { CheerioAPI } from 'cheerio/slim';
import { webUrl } from '../parsing/html-references.ts';
import { attributeOf, isElement, labelOf, type HtmlElement, type HtmlNode } from '../parsing/html-tree.ts';
import { isoDate } from './dates.ts';

export interface Post {
  readonly element: HtmlElement;
  readonly author: string | null;
  /** ISO 8601. */
  readonly publishedAt: string | null;
  /** What holds the text; null when nothing says so: then it is all but what stands in `bylines`. */
  readonly body: HtmlElement | null;
  readonly bylines: ReadonlySet<HtmlElement>;
  /** Named a comment or reply, as below articles, too. */
  readonly isComment: boolean;
}

export interface PostPlace {
  /** Address of the page, null for uploads. */
  readonly pageUrl: string | null;
  readonly now: Date;
}

interface Draft {
  readonly element: HtmlElement;
  readonly isComment: boolean;
  readonly bylines: Set<HtmlElement>;
  author: string | null;
  publishedAt: string | null;
  body: HtmlElement | null;
  leadsElsewhere: boolean;
}

type Step = { readonly node: HtmlNode; readonly draft: Draft | null; readonly inBody: boolean };

/** The search ends at so many: a thread as long is read as one text, since sections cost memory by the post. */
export const MOST_POSTS = 20_000;
const LONGEST_NAMES = 300;
const LONGEST_AUTHOR = 80;
const CONTAINER_TYPE = /\/(?:DiscussionForumPosting|Question|Answer|Comment)$/;
const CONTAINER_ID = /^(?:js-|p_?)?(?:post|message|answer|msg)[-_]?\d+$/i;
const CONTAINER_NAME =
  /(?:^|\s)(?:(?:forum|topic|thread)-?(?:post|message)|post(?:-?container|-?wrapper|-?row|bit(?:_legacy)?)?|message(?:--post)?|question|answer|crawler-post|topic-body|comtr)(?:\s|$)/i;
const COMMENT_NAME = /(?:^|\s)(?:comment|comment-?item|reply|thread-?comment)(?:\s|$)/i;
const AUTHOR_NAME =
  /(?:^|[\s_-])(?:author|user-?name|member-?name|poster(?:-?name)?|creator|nickname|hnuser|who)(?:$|[\s_-])/i;
const TIME_NAME = /(?:^|[\s_-])(?:date(?:-?time)?|post-?(?:date|time)|timestamp|posted|age)(?:$|[\s_-])/i;
const BODY_NAME =
  /(?:^|\s)(?:(?:post|message|comment|entry|answer|question|js-post)[-_]?(?:body|content|text|message|inner-content)|content|cooked|bbwrapper|usertext-body|commtext|s-prose)(?:\s|$)/i;
const SHORTEST_TITLE = 8;

/** In the order of the page, at most `MOST_POSTS`. Empty when what repeats are entries that lead to pages of their own. */
export function findPosts($: CheerioAPI, place: PostPlace): readonly Post[] {
  const drafts: Draft[] = [];
  const steps: Step[] = $('body')
    .toArray()
    .map((node) => ({ node, draft: null, inBody: false }));
  for (let step = steps.pop(); step !== undefined && drafts.length < MOST_POSTS; step = steps.pop()) {
    const { node } = step;
    if (!('children' in node)) continue;
    const inner = isElement(node) ? enter(node, step, place, drafts) : step;
    for (let at = node.children.length - 1; at >= 0; at -= 1) {
      const child = node.children[at];
      if (child !== undefined) steps.push({ ...inner, node: child });
    }
  }
  const posts = drafts.filter(({ author, publishedAt }) => author !== null || publishedAt !== null);
  const entries = posts.filter(({ leadsElsewhere }) => leadsElsewhere).length;
  return entries * 2 > posts.length ? [] : posts;
}

function enter(element: HtmlElement, step: Step, place: PostPlace, drafts: Draft[]): Omit<Step, 'node'> {
  const { draft, inBody } = step;
  if (inBody) return step;
  const names = `${attributeOf(element, 'class')} ${attributeOf(element, 'itemprop')}`.slice(
    0,
    LONGEST_NAMES,
  );
  if (draft !== null && draft.body === null && isBody(element, names)) {
    draft.body = element;
    return { draft, inBody: true };
  }
  const opened = draftFor(element, names);
  if (opened !== null) {
    drafts.push(opened);
    return { draft: opened, inBody: false };
  }
  if (draft !== null) note(element, names, draft, place);
  return step;
}

function draftFor(element: HtmlElement, names: string): Draft | null {
  if (element.name === 'a' || element.name === 'form' || element.name === 'time') return null;
  const isComment = COMMENT_NAME.test(names);
  const isContainer =
    isComment ||
    CONTAINER_NAME.test(names) ||
    CONTAINER_ID.test(attributeOf(element, 'id')) ||
    CONTAINER_TYPE.test(attributeOf(element, 'itemtype')) ||
    element.attribs['data-post-id'] !== undefined;
  if (!isContainer) return null;
  const author = attributeOf(element, 'data-author').slice(0, LONGEST_AUTHOR);
  return {
    element,
    isComment,
    bylines: new Set(),
    author: author === '' ? null : author.toWellFormed(),
    publishedAt: null,
    body: null,
    leadsElsewhere: false,
  };
}

function isBody(element: HtmlElement, names: string): boolean {
  const property = attributeOf(element, 'itemprop');
  if (property === 'text' || property === 'articleBody' || property === 'commentText') return true;
  return BODY_NAME.test(names) && attributeOf(element, 'itemtype') === '';
}

function note(element: HtmlElement, names: string, draft: Draft, place: PostPlace): void {
  if (element.name === 'time' || TIME_NAME.test(names) || /datePublished|dateCreated/.test(names)) {
    const time = timeOf(element, place.now);
    if (time !== null) {
      draft.bylines.add(element);
      draft.publishedAt ??= time;
    }
  } else if (AUTHOR_NAME.test(names)) {
    noteAuthor(element, draft);
  } else if (/^h[1-4]$/.test(element.name)) {
    draft.leadsElsewhere ||= leadsElsewhere(element, place.pageUrl);
  }
}

function noteAuthor(element: HtmlElement, draft: Draft): void {
  const label = labelOf(element, { maxNodes: 30, maxLength: LONGEST_AUTHOR * 2 });
  const name =
    label
      .replace(/^(?:by|von|de|par)\s+/i, '')
      .split(/\s[»•·|–]\s|,\s/)[0]
      ?.trim() ?? '';
  if (name === '' || name.length > LONGEST_AUTHOR || !/\p{L}|\d/u.test(name)) return;
  draft.bylines.add(element);
  draft.author ??= name;
}

function timeOf(element: HtmlElement, now: Date): string | null {
  for (const name of ['datetime', 'content', 'title', 'data-time-string']) {
    const value = attributeOf(element, name).slice(0, 100);
    const date = value === '' ? null : isoDate(value, now);
    if (date !== null) return date;
  }
  return isoDate(labelOf(element, { maxNodes: 20, maxLength: 80 }), now);
}

/** Titles of entries lead to the entry's own page, those of posts to the post. */
function leadsElsewhere(heading: HtmlElement, pageUrl: string | null): boolean {
  const link = heading.children.find((child): child is HtmlElement => isElement(child) && child.name === 'a');
  if (link === undefined || labelOf(link).length < SHORTEST_TITLE) return false;
  const target = URL.parse(webUrl(attributeOf(link, 'href'), pageUrl) ?? '');
  return target !== null && target.pathname !== URL.parse(pageUrl ?? '')?.pathname;
}
