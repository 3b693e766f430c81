/** A slide as blocks: its title, its shapes in reading order, its notes. */
import type { Block, ContentLink, Locator } from '../../model.ts';
import { webUrl } from '../../parsing/html-references.ts';
import { elementAt, type XmlElement } from '../../parsing/xml.ts';
import { descriptionOf, placeholderOf, shapesInOrder } from './shapes.ts';
import type { SlideParts } from './slide-parts.ts';
import { paragraphsOf, tableOf, type SlideParagraph } from './slide-text.ts';

export interface SlideContent {
  readonly blocks: readonly Block[];
  readonly links: readonly ContentLink[];
}

/** Placeholders that repeat on every slide. */
const MARGINS = new Set(['sldNum', 'dt', 'ftr', 'hdr', 'sldImg']);
/** Placeholders whose paragraphs have bullets unless they say otherwise. */
const LISTS = new Set(['body', 'obj']);
/** Some programs write the picture's file name where its description belongs. */
const FILE_NAME = /^\S+\.(?:png|jpe?g|gif|emf|wmf|svg|bmp|tiff?)$/i;
const LONGEST_HEADING = 200;

export function slideContent(parts: SlideParts): SlideContent {
  return new SlideWriter(parts).write();
}

class SlideWriter {
  readonly #parts: SlideParts;
  readonly #blocks: Block[] = [];
  readonly #links: ContentLink[] = [];
  #locator: Locator;

  constructor(parts: SlideParts) {
    this.#parts = parts;
    this.#locator = { slide: parts.number };
  }

  write(): SlideContent {
    const shapes = shapesOf(this.#parts.slide, this.#parts);
    const title = shapes.find((shape) => placeholderOf(shape)?.type === 'title' && wordsOf(shape) !== '');
    if (title !== undefined) this.#title(title);
    for (const shape of shapes) if (shape !== title) this.#shape(shape);
    this.#notes();
    return { blocks: this.#blocks, links: this.#links };
  }

  #title(shape: XmlElement): void {
    const text = wordsOf(shape);
    this.#blocks.push({ kind: 'heading', text, level: 1, locator: this.#locator });
    this.#locator = { ...this.#locator, headingPath: [text.slice(0, LONGEST_HEADING).toWellFormed()] };
    this.#noteLinks(paragraphsIn(shape));
  }

  #shape(shape: XmlElement): void {
    const type = placeholderOf(shape)?.type ?? '';
    if (MARGINS.has(type)) return;
    const table = elementAt(shape, 'a:graphic', 'a:graphicData', 'a:tbl');
    if (table !== null) this.#table(table);
    else if (shape.name === 'p:sp') this.#paragraphs(paragraphsIn(shape), LISTS.has(type));
    else this.#picture(descriptionOf(shape));
  }

  #paragraphs(paragraphs: readonly SlideParagraph[], isList: boolean): void {
    const counts: number[] = [];
    for (const { text, level, bullet, startAt } of paragraphs) {
      const kind = bullet ?? (isList ? 'sign' : 'none');
      // A number goes on only as long as nothing else comes between on its level or above.
      counts.length = Math.min(counts.length, level);
      const before = counts[level - 1];
      const ordinal = kind === 'number' ? (before === undefined ? startAt : before + 1) : undefined;
      if (ordinal === undefined) counts.length = level - 1;
      else counts[level - 1] = ordinal;
      const locator = this.#locator;
      if (kind === 'none') this.#blocks.push({ kind: 'paragraph', text, locator });
      else
        this.#blocks.push({
          kind: 'list_item',
          text,
          level,
          ...(ordinal === undefined ? {} : { ordinal }),
          locator,
        });
    }
    this.#noteLinks(paragraphs);
  }

  #table(table: XmlElement): void {
    const { rows, headerRows } = tableOf(table);
    if (rows.length === 0) return;
    const text = rows.map((row) => row.join('\t')).join('\n');
    this.#blocks.push({ kind: 'table', text, rows, headerRows, locator: this.#locator });
  }

  #picture(description: string): void {
    if (description === '' || FILE_NAME.test(description)) return;
    this.#blocks.push({ kind: 'image', text: description.toWellFormed(), locator: this.#locator });
  }

  #notes(): void {
    const { notes } = this.#parts;
    const shapes = notes === null ? [] : shapesOf(notes, this.#parts);
    const paragraphs = shapes
      .filter((shape) => placeholderOf(shape)?.type === 'body')
      .flatMap((shape) => paragraphsIn(shape));
    for (const [index, { text }] of paragraphs.entries()) {
      const words = index === 0 ? `Notes: ${text}` : text;
      this.#blocks.push({ kind: 'footnote', text: words, locator: this.#locator });
    }
  }

  #noteLinks(paragraphs: readonly SlideParagraph[]): void {
    for (const { id, text } of paragraphs.flatMap(({ links }) => links)) {
      const url = webUrl(this.#parts.links.get(id) ?? '', null);
      if (url !== null) this.#links.push({ url, text });
    }
  }
}

function shapesOf(root: XmlElement, { positions }: SlideParts): readonly XmlElement[] {
  const tree = elementAt(root, 'p:cSld', 'p:spTree');
  return tree === null ? [] : shapesInOrder(tree, positions);
}

function paragraphsIn(shape: XmlElement): readonly SlideParagraph[] {
  const body = elementAt(shape, 'p:txBody');
  return body === null ? [] : paragraphsOf(body);
}

/** A title of several lines is one heading. */
function wordsOf(shape: XmlElement): string {
  return paragraphsIn(shape)
    .map(({ text }) => text.replaceAll('\n', ' '))
    .join(' ');
}
