/** Reads a LaTeX source from end to end, once; macros are expanded within limits. O(text). */
import type { LatexStory } from './latex-story.ts';
import { accented, accentMark, namedCharacter, printedText } from './latex-characters.ts';
import { LatexEnvironments } from './latex-environments.ts';
import { LatexMacros } from './latex-macros.ts';
import type { LatexSource } from './latex-source.ts';
import * as known from './latex-vocabulary.ts';

/** What the source says about itself. */
export interface LatexFacts {
  title: string;
  authors: string;
  date: string;
  /** Files that it includes. */
  readonly included: string[];
}

type OnClose = (() => void) | null;

/** A formula in a line ends at a blank line at the latest. Repetitions are bounded, since the matcher remembers each. */
const FORMULA = /[^$\\\n]{0,2000}(?:(?:\\[\s\S]|\n(?!\s{0,50}\n))[^$\\\n]{0,2000}){0,500}/y;

export class LatexReader {
  readonly facts: LatexFacts = { title: '', authors: '', date: '', included: [] };
  readonly #source: LatexSource;
  readonly #story: LatexStory;
  readonly #macros = new LatexMacros();
  readonly #environments: LatexEnvironments;
  readonly #groups: OnClose[] = [];
  #isInBody: boolean;

  /** `hasPreamble`: text counts only behind `\begin{document}`. */
  constructor(source: LatexSource, story: LatexStory, hasPreamble: boolean) {
    this.#source = source;
    this.#story = story;
    this.#environments = new LatexEnvironments(source, story);
    this.#isInBody = !hasPreamble;
  }

  read(): void {
    while (this.#source.peek() !== '' && !this.#environments.hasEnded) this.#step();
    while (this.#groups.length > 0) this.#groups.pop()?.();
    this.#environments.endAll();
    this.#story.endParagraph();
  }

  #step(): void {
    const source = this.#source;
    const text = source.match(/[^\\{}%$&\n]{1,10000}/y);
    if (text !== '') {
      this.#emit(printedText(text));
      return;
    }
    const sign = source.peek();
    source.skip(1);
    if (sign === '\\') this.#command(source.match(/[a-zA-Z]{1,100}|[\s\S]/y));
    else if (sign === '{') this.#groups.push(null);
    else if (sign === '}') this.#groups.pop()?.();
    else if (sign === '%') this.#comment();
    else if (sign === '$') this.#math();
    else if (sign === '\n') this.#lineEnd();
    else if (this.#story.isInTable) this.#story.endCell();
    else this.#emit('&');
  }

  /** It takes its line end with it, but not the blank line below. */
  #comment(): void {
    this.#source.until('\n');
    const isBlankBelow = this.#source.match(/[ \t]{0,1000}\n\s{0,10000}/y) !== '';
    if (isBlankBelow && this.#isInBody) this.#story.endParagraph();
    else this.#source.match(/[ \t]{0,1000}/y);
  }

  /** A blank line ends a paragraph. */
  #lineEnd(): void {
    if (this.#source.match(/[ \t]{0,1000}\n\s{0,10000}/y) === '') this.#emit(' ');
    else if (this.#isInBody) this.#story.endParagraph();
  }

  #math(): void {
    const isDisplayed = this.#source.startsWith('$');
    if (isDisplayed) {
      this.#source.skip(1);
      this.#formula(this.#source.until('$$'));
      return;
    }
    const formula = this.#source.match(FORMULA).replaceAll(/\s+/g, ' ');
    const isClosed = this.#source.peek() === '$';
    if (isClosed) this.#source.skip(1);
    this.#emit(isClosed ? `$${formula}$` : `$${formula}`);
  }

  #formula(formula: string): void {
    if (this.#isInBody) this.#environments.formula(formula);
  }

  #command(name: string): void {
    if (/^[a-zA-Z]/.test(name)) this.#source.match(/\*?[ \t]{0,1000}/y);
    const character = namedCharacter(name);
    const mark = accentMark(name);
    if (this.#macros.expand(name, this.#source)) return;
    if (mark !== null) this.#emit(this.#accented(mark));
    else if (character !== null) this.#emit(character);
    else if (!this.#structure(name) && !this.#reference(name)) this.#setting(name);
  }

  #accented(mark: string): string {
    const written =
      this.#source.argument('{') ?? this.#source.match(/\\[ij](?![a-zA-Z])[ \t]?|[^\s\\{}$&%]/y);
    const name = written.trim();
    const letters = name.startsWith('\\') ? (namedCharacter(name.slice(1)) ?? '') : name;
    const [base = '', ...rest] = letters;
    return base === '' ? '' : accented(base, mark) + rest.join('');
  }

  #structure(name: string): boolean {
    const line = this.#source.line;
    const level = known.HEADINGS.get(name);
    if (level !== undefined) this.#collect((text) => this.#story.heading(text, level, line), true);
    else if (name === 'begin') this.#begin();
    else if (name === 'end') this.#environments.end(this.#source.argument('{') ?? '');
    else if (name === 'title') this.#collect((text) => void (this.facts.title = text));
    else if (name === 'author') this.#collect((text) => void (this.facts.authors += ` ; ${text}`));
    else if (name === 'date') this.facts.date = this.#source.argument('{') ?? '';
    else if (name === 'and') this.#emit(' ; ');
    else if (name === 'maketitle') this.#story.heading(this.facts.title, 1, line);
    else if (name === 'caption') this.#collect((text) => this.#story.caption(text, line), true);
    else if (name === 'footnote') this.#collect((text) => this.#story.note(text, line), true);
    else if (known.DROPPED.has(name)) this.#collect(() => undefined);
    else if (known.DEFINITIONS.has(name)) this.#macros.define(this.#source);
    else if (name === 'def') this.#macros.defineByTex(this.#source);
    else if (known.INCLUSIONS.has(name)) this.facts.included.push(this.#source.argument('{') ?? '');
    else return this.#layout(name);
    return true;
  }

  #layout(name: string): boolean {
    if (name === '\\' || name === 'newline' || name === 'tabularnewline') this.#lineBreak();
    else if (name === 'par') this.#story.endParagraph();
    else if (name === 'item') this.#environments.item();
    else if (name === 'bibitem') this.#environments.source();
    else if (known.RULES.has(name)) this.#story.rule();
    else if (name === '(') this.#emit(`$${this.#source.until('\\)')}$`);
    else if (name === '[') this.#formula(this.#source.until('\\]'));
    else if (name === 'verb') this.#verb();
    else return false;
    return true;
  }

  #begin(): void {
    const environment = this.#source.argument('{') ?? '';
    if (environment === 'document') this.#isInBody = true;
    else if (this.#isInBody) this.#environments.begin(environment);
  }

  #lineBreak(): void {
    this.#source.match(/\*?(?:\[[^\]\n]{0,20}\])?/y);
    if (this.#story.isInTable) this.#story.endRow();
    else this.#emit('\n');
  }

  #verb(): void {
    const mark = this.#source.peek();
    this.#source.skip(1);
    this.#emit(this.#source.until(mark === '' ? '\n' : mark).slice(0, 1000));
  }

  #reference(name: string): boolean {
    if (name === 'url' || name === 'href') {
      const address = this.#source.argument('{') ?? '';
      if (name === 'url') this.#emit(address);
      this.#story.link(address, name === 'url' ? address : (this.#source.argument('{') ?? address));
      return true;
    }
    if (!known.REFERENCES.test(name)) return false;
    while (this.#source.peek() === '[') this.#source.argument('[');
    const key = this.#source.argument('{') ?? '';
    if (key !== '') this.#emit(`[${key}]`);
    return true;
  }

  /** Of a command we do not know the text in its braces is kept. */
  #setting(name: string): void {
    if (this.#source.peek() === '[') this.#source.argument('[');
    for (let group = known.SETTINGS.get(name) ?? 0; group > 0; group -= 1) {
      this.#source.argument('{');
      if (this.#source.peek() === '[') this.#source.argument('[');
    }
  }

  /** Text of the group behind the command is no part of the line: `use` is told all of it at the group's end. */
  #collect(use: (text: string) => void, bodyOnly = false): void {
    if (this.#source.peek() === '[') this.#source.argument('[');
    if (this.#source.peek() !== '{') return;
    this.#source.skip(1);
    this.#story.beginAside();
    const isInBody = this.#isInBody;
    this.#isInBody = true;
    this.#groups.push(() => {
      const text = this.#story.endAside();
      this.#isInBody = isInBody;
      if (isInBody || !bodyOnly) use(text);
    });
  }

  #emit(text: string): void {
    if (this.#isInBody) this.#story.text(text, this.#source.line);
  }
}
