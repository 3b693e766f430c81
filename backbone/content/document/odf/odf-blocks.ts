/** An OpenDocument text as blocks. */
import type { Block, ContentLink, Locator } from '../../model.ts';
import { BlockWriter, type ListMarker, type TextContext } from '../../parsing/block-writer.ts';
import { elementAt, elementsOf, textOf, type XmlElement } from '../../parsing/xml.ts';
import { frameDescription, frameParts, odfLine, type OdfInlineSink } from './odf-inline.ts';
import type { OdfStyles } from './odf-styles.ts';
import { odfTable, tableBudget, type TableBudget } from './odf-table.ts';

export interface OdfContent {
  readonly blocks: readonly Block[];
  readonly links: readonly ContentLink[];
}

export interface OdfWalkOptions {
  readonly styles: OdfStyles;
  readonly tables: TableBudget;
  /** Keys that every block's locator gets. */
  readonly locator: Locator;
}

/** Indices repeat the headings; changes hold what was deleted. */
const DROPPED = new Set([
  'text:table-of-content',
  'text:alphabetical-index',
  'text:illustration-index',
  'text:table-index',
  'text:tracked-changes',
]);
const DEEPEST_LIST = 10;

/** `onBlock` is told how many of the text's elements are done. */
export function odfBlocks(
  text: XmlElement,
  styles: OdfStyles,
  onBlock: (done: number, total: number) => void,
): OdfContent {
  const walk = new OdfWalk({ styles, tables: tableBudget(), locator: {} });
  const elements = elementsOf(text);
  for (const [index, element] of elements.entries()) {
    walk.block(element);
    onBlock(index + 1, elements.length);
  }
  return walk.content;
}

/** Turns elements into blocks, one after the other. */
export class OdfWalk implements OdfInlineSink {
  readonly #writer: BlockWriter;
  readonly #links: ContentLink[] = [];
  readonly #styles: OdfStyles;
  readonly #tables: TableBudget;
  /** The number of the last item by list style, for lists that go on. */
  readonly #lastNumbers = new Map<string, number>();
  /** What is told behind the paragraph, or behind the table it stands in. */
  #pending: (() => void)[] = [];
  #notes = 0;

  constructor({ styles, tables, locator }: OdfWalkOptions) {
    this.#writer = new BlockWriter({ locator });
    this.#styles = styles;
    this.#tables = tables;
  }

  get content(): OdfContent {
    return { blocks: this.#writer.blocks.map(({ block }) => block), links: this.#links };
  }

  block(element: XmlElement): void {
    switch (element.name) {
      case 'text:h':
      case 'text:p':
        this.#paragraph(element, null);
        break;
      case 'text:list':
        this.#list(element, 1, '');
        break;
      case 'table:table':
        this.#table(element);
        break;
      case 'draw:frame':
      case 'draw:custom-shape':
        this.frame(element);
        this.#flush();
        break;
      case 'office:annotation':
        this.comment(element);
        this.#flush();
        break;
      default:
        if (!DROPPED.has(element.name)) for (const child of elementsOf(element)) this.block(child);
    }
  }

  /** All words inside as a heading of the first level. False when there are none. */
  heading(element: XmlElement): boolean {
    const text = this.#wordsOf(element);
    this.#write(text, { kind: 'heading', level: 1 }, null);
    this.#flush();
    return text !== '';
  }

  /** A footnote for each paragraph inside; `lead` stands in front of the first. */
  footnotes(lead: string, elements: readonly XmlElement[]): void {
    let before = lead;
    for (const paragraph of elements.flatMap(paragraphsIn)) {
      const text = odfLine(paragraph, this);
      if (text !== '') {
        this.#write(before + text, { kind: 'footnote' }, null);
        before = '';
      }
      this.#flush();
    }
  }

  note(note: XmlElement): string {
    this.#notes += 1;
    const sign = `[${this.#notes}]`;
    const body = elementAt(note, 'text:note-body');
    if (body !== null) this.#pending.push(() => this.#footnote(`${sign} `, body));
    return sign;
  }

  comment(annotation: XmlElement): void {
    const creator = elementAt(annotation, 'dc:creator');
    const author = creator === null ? '' : textOf(creator).replaceAll(/\s+/g, ' ').trim();
    const lead = author === '' ? 'Comment: ' : `Comment by ${author}: `;
    this.#pending.push(() => this.#footnote(lead, annotation));
  }

  frame(frame: XmlElement): void {
    const description = frameDescription(frame);
    if (description !== '') this.#pending.push(() => this.#writer.image(null, description, 0));
    for (const part of frameParts(frame)) this.#pending.push(() => this.block(part));
  }

  link(link: ContentLink): void {
    this.#links.push(link);
  }

  #footnote(lead: string, body: XmlElement): void {
    const words = this.#wordsOf(body);
    if (words !== '') this.#write(lead + words, { kind: 'footnote' }, null);
  }

  #paragraph(element: XmlElement, marker: ListMarker | null): void {
    const text = odfLine(element, this);
    this.#write(text, this.#contextOf(element), marker);
    this.#flush();
  }

  #write(text: string, context: TextContext, marker: ListMarker | null): void {
    if (text === '') return;
    this.#writer.verbatim(text, 0);
    this.#writer.close(context, marker);
  }

  #contextOf({ name, attributes }: XmlElement): TextContext {
    if (name === 'text:h') {
      const level = Number(attributes.get('text:outline-level') ?? 1);
      return { kind: 'heading', level: Number.isInteger(level) ? Math.min(Math.max(level, 1), 6) : 1 };
    }
    const isTitle = this.#styles.isTitle(attributes.get('text:style-name') ?? '');
    return isTitle ? { kind: 'heading', level: 1 } : { kind: 'paragraph' };
  }

  #list(list: XmlElement, level: number, outerStyle: string): void {
    const style = list.attributes.get('text:style-name') ?? outerStyle;
    const first = this.#styles.firstNumber(style, level);
    const key = `${style} ${level}`;
    const goesOn = list.attributes.get('text:continue-numbering') === 'true';
    let next = goesOn ? (this.#lastNumbers.get(key) ?? 0) + 1 : (first ?? 1);
    for (const item of elementsOf(list)) {
      const start = Number(item.attributes.get('text:start-value') ?? NaN);
      if (Number.isInteger(start)) next = start;
      let marker: ListMarker | null =
        item.name === 'text:list-item' ? { level, ...(first === null ? {} : { ordinal: next }) } : null;
      for (const child of elementsOf(item)) {
        if (child.name === 'text:list') this.#list(child, Math.min(level + 1, DEEPEST_LIST), style);
        else if (child.name === 'text:p' || child.name === 'text:h') {
          this.#paragraph(child, marker);
          if (marker !== null) this.#lastNumbers.set(key, next++);
          marker = null;
        }
      }
    }
  }

  #table(table: XmlElement): void {
    const { rows, headerRows } = odfTable(table, this.#tables, (cell) => this.#wordsOf(cell));
    if (rows.length > 0) this.#writer.table(rows, headerRows, 0, 0);
    this.#flush();
  }

  /** All paragraphs inside in one line. */
  #wordsOf(parent: XmlElement): string {
    const lines = elementsOf(parent).map((element) =>
      element.name === 'text:p' || element.name === 'text:h'
        ? odfLine(element, this).replaceAll('\n', ' ')
        : element.name.startsWith('dc:') || element.name.startsWith('meta:')
          ? ''
          : this.#wordsOf(element),
    );
    return lines.filter((line) => line !== '').join(' ');
  }

  #flush(): void {
    while (this.#pending.length > 0) {
      const pending = this.#pending;
      this.#pending = [];
      for (const tell of pending) tell();
    }
  }
}

function paragraphsIn(element: XmlElement): readonly XmlElement[] {
  return element.name === 'text:p' ? [element] : elementsOf(element).flatMap(paragraphsIn);
}
