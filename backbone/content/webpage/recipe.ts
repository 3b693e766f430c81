/** Recipes, as pages describe them in structured data. Pure. */
import { hasType, typesOf, type JsonLdNode } from './json-ld.ts';
import { factIn, linesOf, nodesIn, valuesOf } from './structured-values.ts';

export interface RecipeStep {
  /** The part of the recipe it belongs to, such as "For the dough". */
  readonly part: string | null;
  readonly text: string;
}

export interface Recipe {
  readonly ingredients: readonly string[];
  readonly steps: readonly RecipeStep[];
  readonly yield: string | null;
  /** ISO 8601 durations, as the page gives them. */
  readonly prepTime: string | null;
  readonly cookTime: string | null;
  readonly totalTime: string | null;
}

const RECIPE_TYPES: ReadonlySet<string> = new Set(['recipe']);
const SECTION_TYPES: ReadonlySet<string> = new Set(['howtosection', 'itemlist']);
const FEWEST_INGREDIENTS = 2;
const MOST_STEPS = 500;
const MOST_INGREDIENTS = 500;
/** Pages repeat their recipe in two or three forms; the rest is not read. */
const MOST_FORMS = 20;
/** What some pages number their steps with, in the text itself. */
const NUMBER = /^(?:(?:step|schritt)\s+)?\d{1,3}\s?[.):]\s+/i;

/**
 * The recipe of a page; null when it has none, and when it has several that differ in name: then it lists recipes. JSON-LD
 * and microdata often hold the same one; the first that is complete counts.
 */
export function recipeOf(nodes: readonly JsonLdNode[]): Recipe | null {
  const described = nodes.filter((node) => hasType(node, RECIPE_TYPES));
  const names = new Set(described.map((node) => factIn(node['name'])).filter((name) => name !== null));
  if (names.size > 1) return null;
  return described.slice(0, MOST_FORMS).map(readRecipe).find(isComplete) ?? null;
}

function isComplete({ ingredients, steps }: Recipe): boolean {
  return ingredients.length >= FEWEST_INGREDIENTS && steps.length > 0;
}

function readRecipe(node: JsonLdNode): Recipe {
  const duration = (value: unknown): string | null => {
    const text = factIn(value);
    return text !== null && /^P[\dTYMWDHS.,]{2,30}$/i.test(text) ? text : null;
  };
  return {
    ingredients: valuesOf(node['recipeIngredient'] ?? node['ingredients'])
      .flatMap(linesOf)
      .slice(0, MOST_INGREDIENTS),
    steps: stepsIn(node['recipeInstructions'], null, MOST_STEPS).slice(0, MOST_STEPS),
    // Many give the number first and then the same in words.
    yield: factIn(valuesOf(node['recipeYield']).at(-1)),
    prepTime: duration(node['prepTime']),
    cookTime: duration(node['cookTime']),
    totalTime: duration(node['totalTime']),
  };
}

/** A section within a section is read as if it were one: recipes have no chapters, and nesting has no end. */
function stepsIn(instructions: unknown, part: string | null, limit: number): RecipeStep[] {
  const steps: RecipeStep[] = [];
  for (const value of valuesOf(instructions)) {
    if (steps.length >= limit) break;
    const [node] = nodesIn(value);
    const isSection = node !== undefined && typesOf(node).some((type) => SECTION_TYPES.has(type));
    if (isSection && part === null) {
      steps.push(...stepsIn(node['itemListElement'], factIn(node['name']) ?? '', limit - steps.length));
    } else {
      for (const line of stepLines(value, node)) steps.push({ part: part === '' ? null : part, text: line });
    }
  }
  return steps;
}

function stepLines(value: unknown, node: JsonLdNode | undefined): string[] {
  const lines =
    node === undefined ? linesOf(value) : linesOf(node['text'] ?? node['itemListElement'] ?? node['name']);
  return lines.map((line) => line.replace(NUMBER, '')).filter((line) => line !== '');
}
