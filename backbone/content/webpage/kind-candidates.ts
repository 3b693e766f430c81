/** Readings of recipes, products and documentation: judged blocks, completed by what such pages are read for. Pure. */
import type { Block } from '../model.ts';
import type { ReadBlock } from '../parsing/html-blocks.ts';
import type { DescribedProduct } from './product.ts';
import type { Recipe } from './recipe.ts';
import { OUTSIDE } from './regions.ts';
import { votesOf } from './votes.ts';

export interface JudgedPage {
  readonly title: string | null;
  readonly blocks: readonly ReadBlock[];
  readonly kept: readonly boolean[];
}

const PART_LEVEL = 2;
/** Pages set amount, unit and name of an ingredient apart. */
const MOST_PARTS_OF_LINE = 4;

/**
 * What is told around the recipe, then its ingredients as a list and its steps by number. The page's own list of
 * them is left out, with headings that head nothing any more.
 */
export function recipeBlocks(page: JudgedPage, recipe: Recipe): ReadBlock[] {
  const lines = [...recipe.ingredients, ...recipe.steps.map(({ text }) => text)];
  const inRecipe = votesOf(page.blocks, lines) ?? [];
  const inParts = partsOf(page.blocks, lines);
  const around = page.blocks.filter(
    (_, at) => page.kept[at] === true && inRecipe[at] !== true && !inParts.has(at),
  );
  const under = page.title === null ? [] : [page.title];
  const ingredients = recipe.ingredients.map(
    (text): Block => ({ kind: 'list_item', level: 1, text, locator: {} }),
  );
  return [
    ...withoutEmptySections(around),
    ...section('Ingredients', PART_LEVEL, ingredients, under),
    ...instructions(recipe, under),
  ];
}

/** Judged blocks with the description that only the data has in front, and tables and properties with them. */
export function productBlocks(page: JudgedPage, product: DescribedProduct): ReadBlock[] {
  const shown = page.blocks.filter((read, at) => page.kept[at] === true || isFact(read));
  const isShown = textMatcher(shown);
  const hidden = product.description.filter((line) => !isShown(line));
  const rows = product.properties.filter(([name, value]) => !isShown(name) || !isShown(value));
  const under = page.title === null ? {} : { headingPath: [page.title] };
  const description = hidden.map((text): Block => ({ kind: 'paragraph', text, locator: under }));
  const table: Block[] =
    rows.length === 0
      ? []
      : [
          {
            kind: 'table',
            rows,
            headerRows: 0,
            text: rows.map((row) => row.join('\t')).join('\n'),
            locator: under,
          },
        ];
  return [...shown, ...description.map(unlinked), ...table.map(unlinked)];
}

/** Judged blocks with all code and tables between the first and the last of them. */
export function documentationBlocks({ blocks, kept }: JudgedPage): ReadBlock[] {
  const first = kept.indexOf(true);
  const last = kept.lastIndexOf(true);
  return blocks.filter((read, at) => kept[at] === true || (at > first && at < last && isFact(read)));
}

/** Blocks that make one of the lines together with their neighbours. */
function partsOf(blocks: readonly ReadBlock[], lines: readonly string[]): ReadonlySet<number> {
  const wanted = new Set(lines.map(squeezed));
  const longest = Math.max(0, ...[...wanted].map((line) => line.length));
  const texts = blocks.map(({ block }) => squeezed(block.text.slice(0, longest * 2)));
  const parts = new Set<number>();
  for (let from = 0; from < texts.length; from += 1) {
    let joined = texts[from] ?? '';
    for (let to = from + 1; to < from + MOST_PARTS_OF_LINE && joined.length <= longest; to += 1) {
      joined += texts[to] ?? '';
      if (!wanted.has(joined)) continue;
      for (let at = from; at <= to; at += 1) parts.add(at);
    }
  }
  return parts;
}

function isFact({ block, mark, linkLength }: ReadBlock): boolean {
  const isKind = block.kind === 'table' || block.kind === 'code';
  return isKind && (mark & OUTSIDE) === 0 && linkLength < block.text.length / 2;
}

function instructions({ steps }: Recipe, under: readonly string[]): ReadBlock[] {
  const parts: { readonly name: string | null; readonly items: Block[] }[] = [];
  for (const { part, text } of steps) {
    if (parts.at(-1)?.name !== part || parts.length === 0) parts.push({ name: part, items: [] });
    const items = parts.at(-1)?.items ?? [];
    items.push({ kind: 'list_item', level: 1, ordinal: items.length + 1, text, locator: {} });
  }
  const head = 'Instructions';
  return [
    ...section(head, PART_LEVEL, parts[0]?.name === null ? parts[0].items : [], under),
    ...parts
      .filter(({ name }, at) => name !== null || at > 0)
      .flatMap(({ name, items }) => section(name ?? head, PART_LEVEL + 1, items, [...under, head])),
  ];
}

function section(
  name: string,
  level: number,
  items: readonly Block[],
  under: readonly string[],
): ReadBlock[] {
  const above = under.length === 0 ? {} : { headingPath: under };
  return [
    unlinked({ kind: 'heading', level, text: name, locator: above }),
    ...items.map((item) => unlinked({ ...item, locator: { headingPath: [...under, name] } })),
  ];
}

/**
 * A heading below the first level heads nothing when the next block is a heading no lower than it, or there is none. One
 * with a number says something by itself: "For 12 pieces".
 */
function withoutEmptySections(blocks: readonly ReadBlock[]): ReadBlock[] {
  return blocks.filter(({ block }, at) => {
    if (block.kind !== 'heading' || (block.level ?? 1) === 1 || /\d/.test(block.text)) return true;
    const next = blocks[at + 1]?.block;
    return next !== undefined && (next.kind !== 'heading' || (next.level ?? 1) > (block.level ?? 1));
  });
}

function textMatcher(blocks: readonly ReadBlock[]): (line: string) => boolean {
  const all = blocks.map(({ block }) => squeezed(block.text)).join('\n');
  return (line) => all.includes(squeezed(line));
}

function squeezed(text: string): string {
  return text.toLowerCase().replaceAll(/\s+/g, '');
}

function unlinked(block: Block): ReadBlock {
  return { block, linkLength: 0, mark: 0 };
}
