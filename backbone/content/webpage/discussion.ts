/** A thread as text: each post a section with its author, its time and the address of its own. */
import { attributeOf, type HtmlElement } from '../parsing/html-tree.ts';
import { htmlBlocks } from '../parsing/html-blocks.ts';
import type { Post } from './posts.ts';
import { sectionPath, type PageSection } from './sections.ts';

export interface Thread {
  readonly posts: readonly Post[];
  readonly title: string | null;
  readonly pageUrl: string | null;
  readonly baseUrl: string | null;
}

/** Around the text of a post, not in it. */
const AROUND =
  /(?:^|[\s_-])(?:signature|sig|avatar|user-?(?:info|details|card)|post-?profile|(?:post|message)-?(?:actions?|menu|controls|buttons|attribution|user)|reactions?|toolbar|js-voting-container|share|permalink)(?:$|[\s_-])/i;
const DROPPED = new Set(['form', 'nav']);

/** Posts without any text are left out. O(nodes): what stands in a post within a post is read once. */
export function threadSections({ posts, title, pageUrl, baseUrl }: Thread): PageSection[] {
  const containers = new Set(posts.map(({ element }) => element));
  return posts.flatMap((post, at) => {
    const heading = headingOf(post, at + 1);
    const href = addressOf(post.element, pageUrl);
    const { blocks, links } = htmlBlocks([post.body ?? post.element], {
      baseUrl,
      headingPath: sectionPath(title, heading),
      locator: href === null ? {} : { href },
      isDropped: (element) => containers.has(element) || isAround(element, post),
    });
    return blocks.every(({ block }) => block.text === '') ? [] : [{ heading, href, blocks, links }];
  });
}

/** "Ada Field, 2024-05-03 08:30"; a post that nobody signed is named by its place in the thread. */
export function headingOf(
  { author, publishedAt }: Pick<Post, 'author' | 'publishedAt'>,
  number: number,
): string {
  const time = publishedAt?.slice(0, 16).replace('T', ' ');
  return [author ?? `Post ${number}`, time].filter((part) => part !== undefined).join(', ');
}

function addressOf(element: HtmlElement, pageUrl: string | null): string | null {
  const id = attributeOf(element, 'id').slice(0, 200);
  if (id === '' || pageUrl === null) return null;
  const url = URL.parse(pageUrl);
  if (url === null) return null;
  url.hash = id;
  return url.href;
}

function isAround(element: HtmlElement, { bylines, body }: Post): boolean {
  if (DROPPED.has(element.name)) return true;
  if (body !== null) return false;
  return bylines.has(element) || AROUND.test(attributeOf(element, 'class').slice(0, 300));
}
