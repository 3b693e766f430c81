/** The text of a page by its kind: gathers what readings there are, and lets `select.ts` choose among them. */
import type { JsonObject } from '../model.ts';
import type { HtmlBlocks, ReadBlock } from '../parsing/html-blocks.ts';
import { threadSections } from './discussion.ts';
import { entrySections, findEntries } from './entries.ts';
import type { JsonLdNode } from './json-ld.ts';
import { documentationBlocks, productBlocks, recipeBlocks } from './kind-candidates.ts';
import type { MainText } from './main-text.ts';
import type { PageFacts } from './page-facts.ts';
import { pageKind, type PageKind } from './page-kind.ts';
import { findPosts, MOST_POSTS, type Post } from './posts.ts';
import { productOf, type DescribedProduct } from './product.ts';
import { recipeOf, type Recipe } from './recipe.ts';
import { sectionedCandidate, type PageSection } from './sections.ts';
import { selectCandidate, type CandidateName, type Selection, type TextCandidate } from './select.ts';

/** What a page holds besides prose, found before its text is chosen. */
export interface PageStructure {
  readonly kind: PageKind;
  readonly posts: readonly Post[];
  readonly recipe: Recipe | null;
  readonly product: DescribedProduct | null;
}

export interface KindedText extends Selection {
  /** Facts of the kind, as stored; empty for most pages. */
  readonly kindFacts: JsonObject;
}

const FEWEST_POSTS = 2;
const FEWEST_ENTRIES = 3;
/** Entries of a list that are told apart in the metadata. */
const MOST_LISTED = 200;

export function pageStructure(facts: PageFacts, page: HtmlBlocks, now: Date): PageStructure {
  const { $, pageUrl, mainNode, meta } = facts;
  const nodes: readonly JsonLdNode[] = [...facts.jsonLd, ...facts.microdata];
  const posts = findPosts($, { pageUrl, now });
  const recipe = recipeOf(nodes);
  const kind = pageKind({
    pageUrl,
    mainNode,
    nodes,
    ogType: meta.first('og:type')?.value ?? null,
    generator: meta.first('generator')?.value ?? null,
    blocks: page.blocks,
    hasRecipe: recipe !== null,
    postCount: posts.filter(({ isComment }) => !isComment).length,
    countEntries: () => findEntries($).length,
  });
  return { kind, posts, recipe, product: kind === 'product' ? productOf(nodes, mainNode, meta) : null };
}

export interface TextChoice {
  readonly facts: PageFacts;
  readonly page: HtmlBlocks;
  readonly main: MainText;
  readonly structure: PageStructure;
  readonly title: string | null;
  /** Blocks of the body that JSON-LD gives; empty when it gives none. */
  readonly articleBody: readonly ReadBlock[];
}

/** `posts` and the like are made for pages of their kind alone. */
export function chooseText(choice: TextChoice): KindedText {
  const { page, main, structure, title, articleBody } = choice;
  const sections = sectionsOf(choice);
  const links = page.links.filter((link) => main.kept[link.blockIndex] === true);
  const judged: TextCandidate = {
    name: 'judged',
    blocks: page.blocks.filter((_, at) => main.kept[at] === true),
    links: links.map(({ url, text }) => ({ url, text })),
  };
  const { kept } = main;
  const special = completed(structure, { title, blocks: page.blocks, kept });
  const others: TextCandidate[] = [];
  if (special !== null) others.push({ ...special, links: judged.links });
  if (sections !== null)
    others.push(sectionedCandidate({ ...sections, title, pageBlocks: page.blocks, kept }));
  if (articleBody.length > 0) others.push({ name: 'article_body', blocks: articleBody, links: judged.links });
  const selection = selectCandidate([judged, ...others], structure.kind);
  return {
    ...selection,
    kindFacts: kindFacts(structure, selection.candidate.name, sections?.sections ?? []),
  };
}

interface NamedSections {
  readonly name: 'posts' | 'entries';
  readonly sections: readonly PageSection[];
}

function sectionsOf({ facts, structure, title }: TextChoice): NamedSections | null {
  const { pageUrl, baseUrl } = facts;
  const { kind, posts } = structure;
  if (kind === 'discussion' && posts.length >= FEWEST_POSTS && posts.length < MOST_POSTS) {
    const sections = threadSections({ posts, title, pageUrl, baseUrl });
    return sections.length < FEWEST_POSTS ? null : { name: 'posts', sections };
  }
  if (kind !== 'listing') return null;
  const sections = entrySections(findEntries(facts.$), { title, baseUrl });
  return sections.length < FEWEST_ENTRIES ? null : { name: 'entries', sections };
}

function completed(
  { kind, recipe, product }: PageStructure,
  page: Parameters<typeof documentationBlocks>[0],
): { readonly name: CandidateName; readonly blocks: readonly ReadBlock[] } | null {
  if (recipe !== null && kind === 'recipe') return { name: 'recipe', blocks: recipeBlocks(page, recipe) };
  if (product !== null) return { name: 'product', blocks: productBlocks(page, product) };
  return kind === 'documentation' ? { name: 'documentation', blocks: documentationBlocks(page) } : null;
}

function kindFacts(
  { kind, recipe, product }: PageStructure,
  chosen: CandidateName,
  sections: readonly PageSection[],
): JsonObject {
  if (recipe !== null && kind === 'recipe') {
    const { ingredients, steps, ...times } = recipe;
    return { recipe: { ...times, ingredients, stepCount: steps.length } };
  }
  if (product !== null) return { product: { ...product.facts } };
  if (chosen === 'posts') return { postCount: sections.length };
  if (chosen !== 'entries') return {};
  const entries = sections.slice(0, MOST_LISTED).map(({ heading, href }) => ({ title: heading, url: href }));
  return { entryCount: sections.length, entries };
}
