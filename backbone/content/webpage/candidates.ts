/**
 * The libraries' opinions on what the main text of a page is. Each gets a tree of its own, since both
 * change the tree they are given, and may throw or find nothing: then the others carry on.
 */
import { Readability } from '@mozilla/readability';
import { DefuddleClass } from 'defuddle/node';
import { parseHTML } from 'linkedom';
import { htmlBlocks } from '../parsing/html-blocks.ts';
import { parseHtml } from '../parsing/html-tree.ts';

/** Texts of the blocks that a candidate holds, in order; null when it found nothing. */
export type Candidate = readonly string[] | null;

/** Mozilla's Readability: the best on articles. `html` is a whole document with head and body. */
export function readabilityCandidate(html: string): Candidate {
  return attempt(() => {
    return new Readability(documentOf(html), { disableJSONLD: true }).parse()?.content ?? null;
  });
}

/**
 * Defuddle: better on documentation, forums and products, at several times the cost. It calls out to
 * other sites unless told otherwise. `keepPartial` stops it from deleting by fragments of class names.
 */
export function defuddleCandidate(html: string, url: string | null, keepPartial: boolean): Candidate {
  return attempt(() => {
    const options = {
      useAsync: false,
      fetch: refuseToFetch,
      removePartialSelectors: !keepPartial,
      includeReplies: true,
      // Without an address it logs a fault of its own.
      url: url ?? 'about:blank',
    };
    return new DefuddleClass(documentOf(html), options).parse().content;
  });
}

/** A tree with the interfaces of a browser's, which both libraries expect. */
function documentOf(html: string): Document {
  const window: unknown = parseHTML(html);
  return (window as { readonly document: Document }).document;
}

type Document = ConstructorParameters<typeof Readability>[0];

function attempt(extract: () => string | null): Candidate {
  let html: string | null;
  try {
    html = extract();
  } catch {
    // Both libraries fail on some trees, and one opinion less is no reason to fail the page.
    return null;
  }
  if (html === null || html === '') return null;
  const { blocks } = htmlBlocks(parseHtml(html).root().toArray(), { baseUrl: null });
  return blocks.length === 0 ? null : blocks.map(({ block }) => block.text);
}

function refuseToFetch(): Promise<never> {
  return Promise.reject(new Error('Extractors must not open addresses.'));
}
