/** Footnotes stand in bodies of their own; the text refers to them by their ids. */
import { attributeOf, childElements, isElement, labelOf, type HtmlElement } from '../../parsing/html-tree.ts';

export interface Note {
  readonly element: HtmlElement;
  /** Empty when the book gives none. */
  readonly id: string;
  /** What the text calls it, such as `[1]`; its own title when the text does not refer to it. */
  readonly sign: string;
}

const NOTE_BODY = /notes?|comment|примеч|коммент|сноск/iu;
const SIGN_LIMITS = { maxNodes: 50, maxLength: 40 };

/** The bodies that are text, and those that hold notes. A book of nothing but notes is text. */
export function bodiesOf(root: HtmlElement): {
  readonly texts: readonly HtmlElement[];
  readonly notes: readonly HtmlElement[];
} {
  const bodies = childElements(root, 'body');
  const notes = bodies.filter(holdsNotes);
  if (notes.length === bodies.length) return { texts: bodies, notes: [] };
  return { texts: bodies.filter((body) => !holdsNotes(body)), notes };
}

function holdsNotes(body: HtmlElement): boolean {
  return NOTE_BODY.test(attributeOf(body, 'name').slice(0, 100));
}

/** Gives each note out once: where the text first refers to it, or in the end. */
export class Notes {
  /** All notes in document order, by the element that holds them. */
  readonly #left = new Set<HtmlElement>();
  readonly #byId = new Map<string, HtmlElement>();

  constructor(bodies: readonly HtmlElement[]) {
    for (const element of bodies.flatMap(leavesOf)) {
      const id = attributeOf(element, 'id');
      this.#left.add(element);
      if (id !== '' && !this.#byId.has(id)) this.#byId.set(id, element);
    }
  }

  /** The notes that a part of the text refers to, and those that these refer to, in order. O(nodes). */
  of(part: HtmlElement): readonly Note[] {
    const notes: Note[] = [];
    this.#collect(part, notes);
    for (let next = 0; next < notes.length; next += 1) {
      const note = notes[next];
      if (note !== undefined) this.#collect(note.element, notes);
    }
    return notes;
  }

  /** Those that nothing referred to. */
  rest(): readonly Note[] {
    const elements = [...this.#left];
    this.#left.clear();
    return elements.map((element) => ({ element, id: attributeOf(element, 'id'), sign: ownSign(element) }));
  }

  #collect(part: HtmlElement, notes: Note[]): void {
    const stack: HtmlElement[] = [part];
    for (let element = stack.pop(); element !== undefined; element = stack.pop()) {
      if (element.name === 'a') this.#take(element, notes);
      for (const child of element.children.toReversed()) if (isElement(child)) stack.push(child);
    }
  }

  #take(reference: HtmlElement, notes: Note[]): void {
    const id = /^[^#]{0,100}#(.+)$/.exec(attributeOf(reference, 'href'))?.[1] ?? '';
    const element = this.#byId.get(id);
    if (element === undefined || !this.#left.delete(element)) return;
    notes.push({ element, id, sign: labelOf(reference, SIGN_LIMITS) || ownSign(element) });
  }
}

function ownSign(note: HtmlElement): string {
  const title = childElements(note, 'title')[0];
  return title === undefined ? '' : labelOf(title, SIGN_LIMITS);
}

/** The innermost sections; in a body without sections, its paragraphs. */
function leavesOf(body: HtmlElement): readonly HtmlElement[] {
  const leaves: HtmlElement[] = [];
  const stack = [body];
  for (let element = stack.pop(); element !== undefined; element = stack.pop()) {
    const sections = childElements(element, 'section');
    for (const section of sections.toReversed()) stack.push(section);
    if (sections.length === 0 && element !== body) leaves.push(element);
  }
  return leaves.length > 0 ? leaves : body.children.filter(isElement).filter(({ name }) => name !== 'title');
}
