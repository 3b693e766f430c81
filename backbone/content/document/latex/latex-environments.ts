/** What stands between `\begin` and `\end` of LaTeX. */
import type { LatexSource } from './latex-source.ts';
import { oneLine, type LatexStory } from './latex-story.ts';
import { CODE, ENVIRONMENT_SETTINGS, FORMULAS, LISTS, QUOTES, TABLES, UNREAD } from './latex-vocabulary.ts';

interface OpenList {
  readonly isNumbered: boolean;
  items: number;
}

const DEEPEST_LIST = 10;
/** Deeper ones are read as if their begin and end were not there. */
const MOST_OPEN = 1000;
/** An end closes what stands within and has none. */
const MOST_UNENDED = 20;
/** `language=Python` of a listing. */
const LANGUAGE = /language=\{?(?:\[[^\]]{0,40}\])?([\w+#-]{1,40})/i;

export class LatexEnvironments {
  readonly #source: LatexSource;
  readonly #story: LatexStory;
  readonly #open: string[] = [];
  readonly #lists: OpenList[] = [];
  #hasEnded = false;

  constructor(source: LatexSource, story: LatexStory) {
    this.#source = source;
    this.#story = story;
  }

  /** Behind `\end{document}` nothing counts. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  begin(name: string): void {
    if (CODE.has(name)) this.#code(name);
    else if (FORMULAS.has(name)) this.formula(this.#source.until(`\\end{${name}}`));
    else if (UNREAD.has(name)) this.#source.until(`\\end{${name}}`);
    else if (this.#open.length < MOST_OPEN) this.#enter(name);
  }

  end(name: string): void {
    if (name === 'document') {
      this.#hasEnded = true;
      return;
    }
    if (this.#open.slice(-MOST_UNENDED).includes(name)) while (this.#leave() !== name);
  }

  endAll(): void {
    while (this.#leave() !== null);
  }

  item(): void {
    const list = this.#lists.at(-1);
    const label = this.#source.peek() === '[' ? oneLine(this.#source.argument('[') ?? '') : '';
    if (list === undefined) this.#story.endParagraph();
    else {
      list.items += 1;
      const level = Math.min(this.#lists.length, DEEPEST_LIST);
      this.#story.item({ level, ...(list.isNumbered && label === '' ? { ordinal: list.items } : {}) });
    }
    if (label !== '') this.#story.text(`${label} `, this.#source.line);
  }

  /** An entry of the bibliography. */
  source(): void {
    if (this.#source.peek() === '[') this.#source.argument('[');
    const key = this.#source.argument('{') ?? '';
    this.#story.item({ level: 1 });
    if (key !== '') this.#story.text(`[${key}] `, this.#source.line);
  }

  formula(source: string): void {
    const formula = source.replaceAll(/\\label\{[^{}]{0,200}\}/g, '').trim();
    this.#story.source(formula, 'paragraph', { line: this.#source.line, language: '' });
  }

  /** Name of the innermost one, which ends; null when none is open. */
  #leave(): string | null {
    const name = this.#open.pop();
    if (name === undefined) return null;
    if (TABLES.has(name)) this.#story.endTable(this.#source.line);
    else this.#story.endParagraph();
    if (LISTS.has(name) || name === 'thebibliography') this.#lists.pop();
    if (QUOTES.has(name))
      this.#story.kind = this.#open.some((outer) => QUOTES.has(outer)) ? 'quote' : 'paragraph';
    return name;
  }

  #enter(name: string): void {
    this.#open.push(name);
    if (!TABLES.has(name)) this.#story.endParagraph();
    if (this.#source.peek() === '[') this.#source.argument('[');
    for (let group = ENVIRONMENT_SETTINGS.get(name) ?? 0; group > 0; group -= 1) this.#source.argument('{');
    if (LISTS.has(name)) this.#lists.push({ isNumbered: name === 'enumerate', items: 0 });
    else if (TABLES.has(name)) this.#story.beginTable();
    else if (QUOTES.has(name)) this.#story.kind = 'quote';
    else if (name === 'abstract') this.#story.heading('Abstract', 2, this.#source.line);
    else if (name === 'thebibliography') {
      this.#lists.push({ isNumbered: false, items: 0 });
      this.#story.heading('References', 2, this.#source.line);
    }
  }

  #code(name: string): void {
    const options = this.#source.peek() === '[' ? (this.#source.argument('[') ?? '') : '';
    const language =
      name === 'minted' ? (this.#source.argument('{') ?? '') : (LANGUAGE.exec(options)?.[1] ?? '');
    const line = this.#source.line;
    this.#story.source(this.#source.until(`\\end{${name}}`), 'code', {
      line,
      language: language.slice(0, 40).toLowerCase(),
    });
  }
}
