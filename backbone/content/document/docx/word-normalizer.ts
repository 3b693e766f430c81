/**
 * Rewrites a Word document into the plain kind that mammoth reads without loss. What mammoth drops or
 * cannot know is put into words and places here: text boxes, notes behind the paragraph that refers to
 * them, comments, formulas, printed numbers, headings by outline level, headers and footers once.
 */
import { elementAt, elementsOf, textOf, type XmlElement } from '../../parsing/xml.ts';
import { escapeXml } from '../../parsing/xml-escape.ts';
import { branchOf, inlineContent, type InlineSink } from './inline-content.ts';
import { formatOrdinal, type ParagraphNumber } from './numbering.ts';
import { DEEPEST_LIST, ORDINAL_PREFIX, plainWordFile } from './plain-word.ts';
import { isOn, type ParagraphStyle } from './styles.ts';
import type { Story, WordParts } from './word-parts.ts';

/** Style of all paragraphs of a story; null for the body, whose paragraphs have their own. */
type StoryStyle = 'Note' | 'Margin' | null;

interface Place {
  readonly links: ReadonlyMap<string, string>;
  readonly style: StoryStyle;
}

/** The plain document as a file for mammoth. `onBlock` is told how many of the body's blocks are done. */
export function normalizeWord(parts: WordParts, onBlock: (done: number, total: number) => void): Buffer {
  return new Normalizer(parts).run(onBlock);
}

class Normalizer implements InlineSink {
  readonly #parts: WordParts;
  readonly #written: string[] = [];
  readonly #links: string[] = [];
  readonly #noteSigns = new Map<string, string>();
  readonly #noteCounts = { footnote: 0, endnote: 0, comment: 0 };
  /** What is told behind the paragraph, or behind the table it stands in. */
  #pending: (() => void)[] = [];
  #tableDepth = 0;
  #place: Place;

  constructor(parts: WordParts) {
    this.#parts = parts;
    this.#place = { links: parts.body.links, style: null };
  }

  run(onBlock: (done: number, total: number) => void): Buffer {
    const blocks = elementsOf(this.#parts.body.element);
    for (const [index, block] of blocks.entries()) {
      this.#block(block);
      onBlock(index + 1, blocks.length);
    }
    const told = new Set<string>();
    for (const margin of this.#parts.margins) {
      const words = textOf(margin.element).trim();
      // A page number alone tells nothing, and sections repeat each other's headers.
      if (!/\p{L}/u.test(words) || told.has(words)) continue;
      told.add(words);
      this.#story(margin, 'Margin');
    }
    return plainWordFile(this.#written.join(''), this.#links);
  }

  note(kind: 'footnote' | 'endnote' | 'comment', id: string): string {
    const known = this.#noteSigns.get(`${kind} ${id}`);
    if (known !== undefined) return known;
    const story = this.#parts[`${kind}s`].get(id);
    if (story === undefined) return '';
    this.#noteCounts[kind] += 1;
    const label = formatOrdinal(this.#noteCounts[kind], kind === 'endnote' ? 'lowerRoman' : 'decimal');
    const sign = kind === 'comment' ? '' : `[${label}]`;
    const lead = kind === 'comment' ? commentLead(story) : `${sign} `;
    this.#noteSigns.set(`${kind} ${id}`, sign);
    this.#pending.push(() => this.#story(story, 'Note', lead));
    return sign;
  }

  textBox(content: XmlElement): void {
    const place = this.#place;
    this.#pending.push(() => this.#within(place, () => this.#blocks(content)));
  }

  picture(description: string): void {
    this.#pending.push(() => this.#write('Picture', '', plainRun(description)));
  }

  link(relationshipId: string): string | null {
    const target = this.#place.links.get(relationshipId);
    return target === undefined ? null : `link${this.#links.push(target) - 1}`;
  }

  #story({ element, links }: Story, style: StoryStyle, lead = ''): void {
    this.#within({ links, style }, () => {
      const from = this.#written.length;
      this.#blocks(element);
      if (lead === '') return;
      const first = this.#written[from]?.replace('</w:pPr>', `</w:pPr>${plainRun(lead)}`);
      if (first !== undefined) this.#written[from] = first;
    });
  }

  #within(place: Place, work: () => void): void {
    const outer = this.#place;
    this.#place = place;
    work();
    this.#place = outer;
  }

  #blocks(parent: XmlElement): void {
    for (const element of elementsOf(parent)) this.#block(element);
  }

  #block(element: XmlElement): void {
    switch (element.name) {
      case 'w:p':
        this.#paragraph(element);
        break;
      case 'w:tbl':
        this.#table(element);
        break;
      case 'mc:AlternateContent':
        this.#blocks(branchOf(element));
        break;
      case 'w:sdt':
      case 'w:sdtContent':
      case 'w:customXml':
      case 'w:ins':
      case 'w:moveTo':
        if (!isTableOfContents(element)) this.#blocks(element);
    }
  }

  #paragraph(element: XmlElement): void {
    const style = this.#parts.styles.styleOf(elementAt(element, 'w:pPr'));
    const number = style.numbering === null ? null : this.#parts.numbering.next(style.numbering);
    if (style.role !== 'contents') {
      const runs = inlineContent(element, this);
      if (runs !== '') this.#numberedParagraph(style, number, runs);
    }
    if (this.#tableDepth === 0) this.#flush();
  }

  #numberedParagraph(style: ParagraphStyle, number: ParagraphNumber | null, runs: string): void {
    const isItem = this.#place.style === null && (style.role === 'text' || style.role === 'quote');
    if (number === null) {
      this.#write(this.#styleIdOf(style), '', runs);
      return;
    }
    const isPlainItem = !number.ordered || !/\w[.-]\w/.test(number.label);
    if (isItem && isPlainItem) {
      this.#item(number, style.numbering?.level ?? 0, runs);
      return;
    }
    // Numbers of several levels (2.1.4) and of headings are part of what is printed.
    this.#write(this.#styleIdOf(style), '', number.ordered ? plainRun(`${number.label} `) + runs : runs);
  }

  #item(number: ParagraphNumber, level: number, runs: string): void {
    const depth = Math.min(level, DEEPEST_LIST - 1);
    const properties = `<w:numPr><w:ilvl w:val="${depth}"/><w:numId w:val="${number.ordered ? 2 : 1}"/></w:numPr>`;
    const mark = `<w:bookmarkStart w:id="0" w:name="${ORDINAL_PREFIX}${number.ordinal}"/>`;
    this.#write(null, properties, number.ordered ? mark + runs : runs);
  }

  #styleIdOf({ role, headingLevel }: ParagraphStyle): string | null {
    if (this.#place.style !== null) return this.#place.style;
    if (headingLevel !== null) return `Heading${Math.min(headingLevel, 6)}`;
    const ids: Readonly<Record<string, string>> = { quote: 'Quote', caption: 'Caption', code: 'Code' };
    return ids[role] ?? null;
  }

  #write(styleId: string | null, properties: string, runs: string): void {
    const style = styleId === null ? '' : `<w:pStyle w:val="${styleId}"/>`;
    this.#written.push(`<w:p><w:pPr>${style}${properties}</w:pPr>${runs}</w:p>`);
  }

  #flush(): void {
    while (this.#pending.length > 0) {
      const pending = this.#pending;
      this.#pending = [];
      for (const tell of pending) tell();
    }
  }

  #table(table: XmlElement): void {
    const firstIsHeader = hasHeaderLook(table);
    this.#tableDepth += 1;
    this.#written.push('<w:tbl>');
    let isFirst = true;
    for (const row of rowsOf(table)) {
      this.#row(row, isFirst && firstIsHeader);
      isFirst = false;
    }
    this.#written.push('</w:tbl>');
    this.#tableDepth -= 1;
    if (this.#tableDepth === 0) this.#flush();
  }

  #row(row: XmlElement, isHeader: boolean): void {
    const properties = elementAt(row, 'w:trPr');
    if (properties !== null && elementAt(properties, 'w:del') !== null) return;
    const repeats = properties !== null && elementAt(properties, 'w:tblHeader') !== null;
    this.#written.push('<w:tr>', isHeader || repeats ? '<w:trPr><w:tblHeader/></w:trPr>' : '');
    for (const cell of cellsOf(row)) {
      this.#written.push('<w:tc>', cellProperties(cell));
      this.#blocks(cell);
      this.#written.push('<w:p/></w:tc>');
    }
    this.#written.push('</w:tr>');
  }
}

/** Rows and cells may be wrapped in content controls. */
function rowsOf(table: XmlElement): readonly XmlElement[] {
  return unwrapped(table, 'w:tr');
}

function cellsOf(row: XmlElement): readonly XmlElement[] {
  return unwrapped(row, 'w:tc');
}

function unwrapped(parent: XmlElement, name: string): readonly XmlElement[] {
  return elementsOf(parent).flatMap((element) => {
    if (element.name === name) return [element];
    return ['w:sdt', 'w:sdtContent', 'w:customXml', 'w:ins'].includes(element.name)
      ? unwrapped(element, name)
      : [];
  });
}

/** Whether the table's look sets its first row apart: an attribute today, a bit in older files. */
function hasHeaderLook(table: XmlElement): boolean {
  const look = elementAt(table, 'w:tblPr', 'w:tblLook')?.attributes;
  const bits = Number.parseInt(look?.get('w:val') ?? '', 16);
  return isOn(look?.get('w:firstRow')) || (Number.isInteger(bits) && (bits & 0x20) !== 0);
}

function cellProperties(cell: XmlElement): string {
  const span = Number(elementAt(cell, 'w:tcPr', 'w:gridSpan')?.attributes.get('w:val') ?? 1);
  const merge = elementAt(cell, 'w:tcPr', 'w:vMerge');
  const gridSpan = Number.isInteger(span) && span > 1 && span <= 100 ? `<w:gridSpan w:val="${span}"/>` : '';
  const restarts = merge?.attributes.get('w:val') === 'restart';
  const vMerge = merge === null ? '' : `<w:vMerge w:val="${restarts ? 'restart' : 'continue'}"/>`;
  return `<w:tcPr>${gridSpan}${vMerge}</w:tcPr>`;
}

function isTableOfContents(control: XmlElement): boolean {
  const gallery = elementAt(control, 'w:sdtPr', 'w:docPartObj', 'w:docPartGallery');
  return gallery?.attributes.get('w:val') === 'Table of Contents';
}

function commentLead({ element }: Story): string {
  const author = element.attributes.get('w:author')?.trim() ?? '';
  return author === '' ? 'Comment: ' : `Comment by ${author}: `;
}

function plainRun(text: string): string {
  return `<w:r><w:t xml:space="preserve">${escapeXml(text)}</w:t></w:r>`;
}
