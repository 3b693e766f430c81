/** Candidates made of sections: the posts of a thread, the entries of a list. Each section is cited on its own. */
import type { Block, Locator } from '../model.ts';
import type { ReadBlock, ReadLink } from '../parsing/html-blocks.ts';
import type { TextCandidate } from './select.ts';
import { votesOf } from './votes.ts';

export interface PageSection {
  readonly heading: string;
  /** Where the section can be opened; null when it has no address. */
  readonly href: string | null;
  readonly blocks: readonly ReadBlock[];
  readonly links: readonly ReadLink[];
}

export interface SectionedPage {
  readonly name: TextCandidate['name'];
  readonly title: string | null;
  readonly sections: readonly PageSection[];
  /** The page's blocks and which of them count as its content: for what stands above the first section. */
  readonly pageBlocks: readonly ReadBlock[];
  readonly kept: readonly boolean[];
}

/** Headings within a section stand below its own, which has the second level. */
const SECTION_LEVEL = 2;
/** Above the sections only whole sentences are kept: the rest is what pages put over their lists. */
const SHORTEST_LEAD = 80;

export function sectionedCandidate(page: SectionedPage): TextCandidate {
  const { name, title, sections } = page;
  const top: readonly ReadBlock[] =
    title === null ? [] : [unlinked({ kind: 'heading', level: 1, text: title, locator: {} })];
  const parts = sections.flatMap((section) => sectionBlocks(section, title));
  const links = sections.flatMap((section) => section.links.map(({ url, text }) => ({ url, text })));
  return { name, blocks: [...top, ...leadOf(page), ...parts], links };
}

/** The headings above the text of a section. */
export function sectionPath(title: string | null, heading: string): readonly string[] {
  return title === null ? [heading] : [title, heading];
}

function sectionBlocks({ heading, href, blocks }: PageSection, title: string | null): ReadBlock[] {
  const locator: Locator = {
    ...(title === null ? {} : { headingPath: [title] }),
    ...(href === null ? {} : { href }),
  };
  const head: Block = { kind: 'heading', level: SECTION_LEVEL, text: heading, locator };
  return [
    unlinked(head),
    ...blocks.map((read) => {
      if (read.block.kind !== 'heading') return read;
      const level = Math.min(6, (read.block.level ?? 1) + SECTION_LEVEL);
      return { ...read, block: { ...read.block, level } };
    }),
  ];
}

function leadOf({ pageBlocks, kept, sections, title }: SectionedPage): ReadBlock[] {
  const texts = sections.flatMap(({ heading, blocks }) => [
    heading,
    ...blocks.map(({ block }) => block.text),
  ]);
  const first = votesOf(pageBlocks, texts)?.indexOf(true) ?? -1;
  return pageBlocks
    .slice(0, Math.max(first, 0))
    .filter(
      ({ block }, at) => kept[at] === true && block.kind !== 'heading' && block.text.length >= SHORTEST_LEAD,
    )
    .map((read) => ({
      ...read,
      block: { ...read.block, locator: title === null ? {} : { headingPath: [title] } },
    }));
}

function unlinked(block: Block): ReadBlock {
  return { block, linkLength: 0, mark: 0 };
}
