/** Markdown as blocks: markdown-it makes HTML that remembers its lines, and the HTML is read as any other. */
import MarkdownIt from 'markdown-it';
import type { Block, ContentLink } from '../../model.ts';
import { htmlBlocks } from '../../parsing/html-blocks.ts';
import { attributeOf, parseHtml } from '../../parsing/html-tree.ts';

const LINE = 'data-source-line';

export interface MarkdownContent {
  readonly blocks: readonly Block[];
  readonly links: readonly ContentLink[];
}

/** CommonMark with tables; HTML in it is read, not run. */
export function markdownBlocks(text: string, baseUrl: string | null): MarkdownContent {
  const markdown = new MarkdownIt({ html: true, linkify: false });
  rememberLines(markdown.core.ruler);
  const page = parseHtml(markdown.render(text));
  const read = htmlBlocks(page('body').toArray(), {
    baseUrl,
    markOf: (element, outer) => Number(attributeOf(element, LINE)) || outer,
  });
  return {
    blocks: read.blocks.map(({ block, mark }) =>
      mark === 0 ? block : { ...block, locator: { ...block.locator, line: mark } },
    ),
    links: read.links.map(({ url, text: label }) => ({ url, text: label })),
  };
}

/** Blocks carry the line they begin on as an attribute into the HTML. */
function rememberLines(ruler: InstanceType<typeof MarkdownIt>['core']['ruler']): void {
  ruler.push('source-line', ({ tokens }) => {
    for (const token of tokens) {
      if (token.map !== null && token.nesting >= 0) token.attrSet(LINE, String(token.map[0] + 1));
    }
  });
}
