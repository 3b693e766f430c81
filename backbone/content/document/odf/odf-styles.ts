/** Which paragraphs are titles and which lists have numbers. */
import { elementAt, elementsOf, type XmlElement } from '../../parsing/xml.ts';

export interface OdfStyles {
  isTitle(style: string): boolean;
  /** The first number of a list's level (from 1); null where it has signs. */
  firstNumber(style: string, level: number): number | null;
}

/** Styles inherit from each other a few deep. */
const DEEPEST_INHERITANCE = 10;

/** `content` and `styles` are the roots of the parts of those names. */
export function odfStyles(content: XmlElement, styles: XmlElement | null): OdfStyles {
  const parents = new Map<string, string>();
  const numbers = new Map<string, number>();
  for (const root of [styles, content]) {
    for (const list of root === null ? [] : elementsOf(root)) {
      for (const style of elementsOf(list)) {
        const name = style.attributes.get('style:name') ?? '';
        if (style.name === 'style:style')
          parents.set(name, style.attributes.get('style:parent-style-name') ?? '');
        if (style.name === 'text:list-style') addNumbers(numbers, name, style);
      }
    }
  }
  return {
    isTitle: (style) => {
      let at: string | undefined = style;
      for (let depth = 0; at !== undefined && depth < DEEPEST_INHERITANCE; depth += 1) {
        if (at === 'Title') return true;
        at = parents.get(at);
      }
      return false;
    },
    firstNumber: (style, level) => numbers.get(`${style} ${level}`) ?? null,
  };
}

function addNumbers(numbers: Map<string, number>, name: string, style: XmlElement): void {
  for (const level of elementsOf(style, 'text:list-level-style-number')) {
    // A level with an empty format shows no number.
    if ((level.attributes.get('style:num-format') ?? '') === '') continue;
    const start = Number(level.attributes.get('text:start-value') ?? 1);
    numbers.set(`${name} ${level.attributes.get('text:level') ?? ''}`, Number.isInteger(start) ? start : 1);
  }
}

/** The document's text, or null. */
export function odfText(content: XmlElement): XmlElement | null {
  return elementAt(content, 'office:body', 'office:text');
}
