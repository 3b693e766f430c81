/** Macros that a LaTeX source defines for itself. */
import type { LatexSource } from './latex-source.ts';
import { HEADINGS } from './latex-vocabulary.ts';

interface Macro {
  readonly parameters: number;
  /** Of the first parameter, when it may be left out. */
  readonly standard: string | null;
  readonly body: string;
}

const MOST_MACROS = 2000;
const MOST_PARAMETERS = 9;
const LONGEST_EXPANSION = 200_000;

export class LatexMacros {
  readonly #macros = new Map<string, Macro>();

  /** Behind `\newcommand`: `{\name}[parameters][standard]{body}`. */
  define(source: LatexSource): void {
    source.match(/\*?/y);
    const name = source.argument('{') ?? source.match(/\s{0,20}\\(?:[a-zA-Z]{1,100}|[^a-zA-Z])/y);
    const parameters = Number(source.argument('[') ?? '0');
    const standard = source.argument('[');
    this.#add(name, { parameters, standard, body: source.argument('{') ?? '' });
  }

  /** Behind `\def`: `\name#1#2{body}`. */
  defineByTex(source: LatexSource): void {
    const name = source.match(/\s{0,20}\\(?:[a-zA-Z]{1,100}|[^a-zA-Z])/y);
    const parameters = source.match(/(?:#\d){0,9}/y).length / 2;
    this.#add(name, { parameters, standard: null, body: source.argument('{') ?? '' });
  }

  /** Goes on with what the macro stands for. False when there is none of this name, or macros have had their share. */
  expand(name: string, source: LatexSource): boolean {
    const macro = this.#macros.get(name);
    if (macro === undefined || source.isExhausted) return false;
    const values = Array.from({ length: macro.parameters }, (_, at) =>
      at === 0 && macro.standard !== null
        ? (source.argument('[') ?? macro.standard)
        : (source.argument('{') ?? source.match(/[^\s\\{}]/y)),
    );
    return source.expand(filled(macro.body, values));
  }

  #add(written: string, macro: Macro): void {
    const name = written.trim().replace(/^\\/, '');
    const isSound = !HEADINGS.has(name) && macro.parameters >= 0 && macro.parameters <= MOST_PARAMETERS;
    if (name !== '' && isSound && this.#macros.size < MOST_MACROS) this.#macros.set(name, macro);
  }
}

/** What would become too long keeps the values alone. */
function filled(body: string, values: readonly string[]): string {
  const longest = values.reduce((most, value) => Math.max(most, value.length), 0);
  const length = body.length + (body.split('#').length - 1) * longest;
  if (length > LONGEST_EXPANSION) return values.join(' ');
  return body.replaceAll(/#(\d)/g, (_, digit: string) => values[Number(digit) - 1] ?? '');
}
