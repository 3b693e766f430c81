/** Parts of a book that are no text to search: its cover, its table of contents and its index. */
import type { ReadBlock } from '../parsing/html-blocks.ts';
import { isElement, type HtmlElement } from '../parsing/html-tree.ts';
import { kindsOf } from './chapter-document.ts';
import type { RoleReference } from './package-document.ts';

export type SectionRole = 'cover' | 'contents' | 'index';

const ROLES: Readonly<Record<string, SectionRole>> = {
  cover: 'cover',
  'doc-cover': 'cover',
  toc: 'contents',
  'doc-toc': 'contents',
  index: 'index',
  'doc-index': 'index',
};

/** A cover holds a title and a name; more is a book whose guide is wrong. */
const LONGEST_COVER = 1000;
/** Of the text of a table of contents, the part that is links. */
const LINKED_SHARE = 0.5;

export interface SectionFacts {
  readonly body: HtmlElement;
  readonly isNavigation: boolean;
  /** What the guide and the landmarks say of the whole file. */
  readonly references: readonly RoleReference[];
  readonly blocks: readonly ReadBlock[];
}

/** Null for text. A role that does not fit what the section holds is not believed. */
export function roleOf(section: SectionFacts): SectionRole | null {
  const named = [
    ...kindsOf(section.body),
    ...onlyChildKinds(section.body),
    ...section.references.filter(({ fragment }) => fragment === null).map(({ role }) => role),
  ].map((name) => ROLES[name]);
  const role = section.isNavigation ? 'contents' : (named.find((name) => name !== undefined) ?? null);
  return role !== null && fits(role, section.blocks) ? role : null;
}

function onlyChildKinds(body: HtmlElement): ReadonlySet<string> | readonly string[] {
  const [first, ...others] = body.children.filter(isElement);
  return first === undefined || others.length > 0 ? [] : kindsOf(first);
}

function fits(role: SectionRole, blocks: readonly ReadBlock[]): boolean {
  const length = blocks.reduce((sum, { block }) => sum + block.text.length, 0);
  if (role === 'cover') return length <= LONGEST_COVER;
  if (role === 'index') return true;
  return blocks.reduce((sum, { linkLength }) => sum + linkLength, 0) >= length * LINKED_SHARE;
}
