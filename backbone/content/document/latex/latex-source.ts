/** The characters of a LaTeX source one after the other, those of expanded macros in between. */

interface Layer {
  readonly text: string;
  at: number;
}

/** How deep macros may stand in macros; the rest is left out. */
const DEEPEST_EXPANSION = 20;
const MOST_EXPANSIONS = 20_000;
/** A bracket that is never closed takes no more than this of the text. */
const LONGEST_OPTION = 1000;
const MOST_EXPANDED_CHARACTERS = 1024 * 1024;

/** Every character is read once, but for those that `peek` looks at. */
export class LatexSource {
  readonly #layers: Layer[];
  #expansions = 0;
  #expanded = 0;
  #isCut = false;
  #line = 1;
  #countedTo = 0;

  constructor(text: string) {
    this.#layers = [{ text, at: 0 }];
  }

  /** 1-based, of the file; that of the macro where one is being expanded. */
  get line(): number {
    const [{ text, at } = { text: '', at: 0 }] = this.#layers;
    for (; this.#countedTo < at; this.#countedTo += 1) {
      if (text.charCodeAt(this.#countedTo) === 0x0a) this.#line += 1;
    }
    return this.#line;
  }

  /** Empty at the end. Leaves macros that have ended. */
  peek(): string {
    const { text, at } = this.#layer();
    return text.charAt(at);
  }

  /** Whether the text goes on like this. */
  startsWith(text: string): boolean {
    const layer = this.#layer();
    return layer.text.startsWith(text, layer.at);
  }

  skip(characters: number): void {
    const layer = this.#layer();
    layer.at = Math.min(layer.at + characters, layer.text.length);
  }

  /** The longest run of characters from here that match the sticky pattern; empty when there is none. */
  match(pattern: RegExp): string {
    const layer = this.#layer();
    pattern.lastIndex = layer.at;
    const found = pattern.exec(layer.text)?.[0] ?? '';
    layer.at += found.length;
    return found;
  }

  /** Up to the end mark, which is passed over; up to the end of the layer when there is none. */
  until(end: string): string {
    const layer = this.#layer();
    const found = layer.text.indexOf(end, layer.at);
    const raw = layer.text.slice(layer.at, found < 0 ? undefined : found);
    layer.at = found < 0 ? layer.text.length : found + end.length;
    return raw;
  }

  /** What stands between braces, as it is; null where no brace opens. `[` has `]` as its end. */
  argument(open: '{' | '['): string | null {
    this.match(/[ \t]{0,1000}\n?[ \t]{0,1000}/y);
    if (this.peek() !== open) return null;
    this.skip(1);
    const { text, at } = this.#layer();
    const end =
      open === '{' ? endOfGroup(text, at, '}', text.length) : endOfGroup(text, at, ']', at + LONGEST_OPTION);
    this.skip(end + 1 - at);
    return text.slice(at, end);
  }

  /** Goes on with `text` first. False when macros have had their share; then nothing changes. */
  expand(text: string): boolean {
    this.#expansions += 1;
    this.#expanded += text.length;
    const isTooDeep = this.#layers.length > DEEPEST_EXPANSION;
    this.#isCut ||= isTooDeep || this.isExhausted;
    if (isTooDeep || this.isExhausted) return false;
    this.#layers.push({ text, at: 0 });
    return true;
  }

  /** Whether macros have had their share for good. */
  get isExhausted(): boolean {
    return this.#expansions > MOST_EXPANSIONS || this.#expanded > MOST_EXPANDED_CHARACTERS;
  }

  /** Whether a macro was left out. */
  get isCut(): boolean {
    return this.#isCut;
  }

  #layer(): Layer {
    let layer = this.#layers.at(-1) ?? { text: '', at: 0 };
    while (this.#layers.length > 1 && layer.at >= layer.text.length) {
      this.#layers.pop();
      layer = this.#layers.at(-1) ?? layer;
    }
    return layer;
  }
}

/** Where the group ends whose inside begins at `from`; `limit` or the text's end when it does not. */
function endOfGroup(text: string, from: number, end: '}' | ']', limit: number): number {
  let depth = 0;
  const last = Math.min(limit, text.length);
  for (let at = from; at < last; at += 1) {
    const character = text.charAt(at);
    if (character === '\\') at += 1;
    else if (depth === 0 && character === end) return at;
    else if (character === '{') depth += 1;
    else if (character === '}') depth -= 1;
    if (depth < 0) return at;
  }
  return last;
}
