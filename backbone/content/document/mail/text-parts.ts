/** Decoded text parts of a message as blocks. Pure. */
import type { Block, ContentLink } from '../../model.ts';
import { htmlBlocks } from '../../parsing/html-blocks.ts';
import { parseHtml } from '../../parsing/html-tree.ts';
import type { Attachment } from './attachments.ts';
import { calendarBlocks } from './calendar-blocks.ts';
import { plainBodyBlocks } from './plain-body.ts';

export interface PartContent {
  readonly blocks: readonly Block[];
  readonly links: readonly ContentLink[];
  /** Not yet listed in `blocks`. */
  readonly attachments: readonly Attachment[];
  readonly isHtml: boolean;
}

export const NOTHING: PartContent = { blocks: [], links: [], attachments: [], isHtml: false };

interface TextPlace {
  readonly parameters: ReadonlyMap<string, string>;
  readonly headingPath: readonly string[];
}

/** Errors: those of the HTML reader. */
export function textPart(
  text: string,
  role: 'plain' | 'html' | 'calendar' | 'verbatim',
  { parameters, headingPath }: TextPlace,
): PartContent {
  switch (role) {
    case 'html':
      return htmlPart(text, headingPath);
    case 'plain':
      return {
        ...NOTHING,
        blocks: under(
          headingPath,
          plainBodyBlocks(text, {
            flowed: parameters.get('format')?.toLowerCase() === 'flowed',
            dropSpace: parameters.get('delsp')?.toLowerCase() === 'yes',
          }),
        ),
      };
    case 'calendar':
      return { ...NOTHING, blocks: under(headingPath, calendarBlocks(text)) };
    case 'verbatim':
      return { ...NOTHING, blocks: under(headingPath, verbatimBlocks(text)) };
  }
}

/** The whole body: a message has no menus to leave out. Pictures without a text are spacers and trackers. */
function htmlPart(html: string, headingPath: readonly string[]): PartContent {
  const read = htmlBlocks(parseHtml(html)('body').toArray(), { baseUrl: null, headingPath });
  return {
    ...NOTHING,
    blocks: read.blocks.map(({ block }) => block).filter(({ text }) => text.trim() !== ''),
    links: read.links.map(({ url, text }) => ({ url, text })),
    isHtml: true,
  };
}

function verbatimBlocks(text: string): readonly Block[] {
  const shown = text.replaceAll(/\r\n?/g, '\n').trim();
  return shown === '' ? [] : [{ kind: 'code', text: shown, locator: {} }];
}

function under(headingPath: readonly string[], blocks: readonly Block[]): readonly Block[] {
  return headingPath.length === 0 ? blocks : blocks.map((block) => ({ ...block, locator: { headingPath } }));
}
