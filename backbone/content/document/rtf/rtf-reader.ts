/** Reads an RTF file from end to end, once. O(bytes). */
import { AppError } from '../../../errors.ts';
import { characterOf } from './code-pages.ts';
import { applyProperty, formatOf, outermostGroup, type RtfGroup } from './rtf-group.ts';
import { RtfBytes } from './rtf-bytes.ts';
import { RtfFonts } from './rtf-fonts.ts';
import { RtfInfo } from './rtf-info.ts';
import { RtfStory, type RtfContent } from './rtf-story.ts';
import { RtfStyles } from './rtf-styles.ts';
import { rtfTokens, type RtfToken } from './rtf-tokens.ts';
import {
  addressOf,
  CHARACTERS,
  ESCAPED,
  isDroppedField,
  isSkippedGroup,
  PARAGRAPH_ENDS,
} from './rtf-vocabulary.ts';

/** Word's files have some dozens. */
const DEEPEST_GROUP = 10_000;
const LONGEST_INSTRUCTION = 4000;
const LONGEST_LINK_TEXT = 1000;

export class RtfReader {
  readonly info = new RtfInfo();
  readonly #bytes: Uint8Array;
  readonly #story: RtfStory;
  readonly #styles = new RtfStyles();
  readonly #fonts = new RtfFonts();
  readonly #outer: RtfGroup[] = [];
  #group = outermostGroup();
  readonly #text = new RtfBytes();
  #isOptional = false;
  #isHeaderRow = false;
  #author = '';

  /** `limit`: the most characters of text. */
  constructor(bytes: Uint8Array, limit: number) {
    this.#bytes = bytes;
    this.#story = new RtfStory(limit);
  }

  /** `isCut`: the file ends before its groups do. Errors: `file_damaged`, `source_too_large`. */
  read(): RtfContent {
    for (const token of rtfTokens(this.#bytes)) {
      this.#token(token);
      if (token.kind === 'close' && this.#outer.length === 0) break;
    }
    this.#flush();
    const isCut = this.#outer.length > 0;
    const format = formatOf(this.#group, this.#styles);
    while (this.#outer.length > 0) this.#close();
    return { blocks: this.#story.blocks(format), links: this.#story.links, isCut };
  }

  #token(token: RtfToken): void {
    switch (token.kind) {
      case 'bytes':
        this.#run(token.start, token.end);
        return;
      case 'byte':
        this.#byte(token.value);
        return;
      case 'symbol':
        this.#symbol(token.symbol);
        return;
      case 'word':
        this.#flush();
        if (this.#group.destination !== 'skipped') this.#word(token.word, token.parameter);
        return;
      case 'open':
        this.#flush();
        this.#text.expectStandIns(0);
        this.#open();
        return;
      case 'close':
        this.#flush();
        this.#text.expectStandIns(0);
        this.#close();
    }
  }

  #open(): void {
    if (this.#outer.length >= DEEPEST_GROUP) {
      throw new AppError('file_damaged', { cause: new Error(`groups nested deeper than ${DEEPEST_GROUP}`) });
    }
    const outer = this.#group;
    this.#outer.push(outer);
    this.#group = { ...outer, onClose: null };
    this.#isOptional = false;
    if (outer.destination === 'styles') {
      Object.assign(this.#group, { destination: 'text', style: 0, basedOn: null, outlineLevel: null });
      this.#collect((name, { style, basedOn, outlineLevel }) => {
        const ownName = name.replace(/;\s*$/, '').trim().toLowerCase();
        this.#styles.add(style, { name: ownName, basedOn, outlineLevel });
      });
    }
  }

  #close(): void {
    const closed = this.#group;
    this.#group = this.#outer.pop() ?? closed;
    closed.onClose?.(closed);
  }

  /** Text of the group is no part of the line: `use` is told all of it at the group's end. */
  #collect(use: (text: string, group: RtfGroup) => void): void {
    this.#story.beginAside();
    this.#group.destination = 'text';
    this.#group.onClose = (group) => use(this.#story.endAside(), group);
  }

  /** Word hides the places of comments. */
  #collectHidden(use: (text: string) => void): void {
    this.#collect(use);
    this.#group.isHidden = false;
  }

  #symbol(symbol: string): void {
    if (ESCAPED.has(symbol)) {
      this.#byte(symbol.charCodeAt(0));
      return;
    }
    this.#flush();
    if (symbol === '*') this.#isOptional = true;
    else if (this.#group.destination !== 'skipped') this.#shown(symbol);
  }

  #word(word: string, parameter: number | null): void {
    const isOptional = this.#isOptional;
    this.#isOptional = false;
    if (word === 'u') this.#unicode(parameter ?? 0);
    else if (this.#beginsGroup(word, isOptional)) return;
    else if (this.#group.destination === 'fonts') this.#fonts.define(word, parameter);
    else if (this.#group.destination === 'info') this.info.word(word, parameter);
    else {
      this.#fonts.use(word, parameter);
      applyProperty(this.#group, word, parameter);
      this.#shown(word);
      this.#tablePart(word);
    }
  }

  /** Words that say what the text of their group is. */
  #beginsGroup(word: string, isOptional: boolean): boolean {
    const group = this.#group;
    const begin = group.onClose === null ? this.#groupBeginnings.get(word) : undefined;
    if (begin !== undefined) begin();
    else if (group.destination === 'info' && this.info.isText(word)) {
      this.#collect((text) => this.info.text(word, text));
    } else if (isSkippedGroup(word, isOptional)) group.destination = 'skipped';
    else return false;
    return true;
  }

  readonly #groupBeginnings: ReadonlyMap<string, () => void> = new Map([
    ['rtf', () => void (this.#group.destination = 'text')],
    ['fonttbl', () => void (this.#group.destination = 'fonts')],
    ['stylesheet', () => void (this.#group.destination = 'styles')],
    ['info', () => void (this.#group.destination = 'info')],
    ['listtext', () => this.#collect((text) => this.#story.listMarker(text))],
    ['pntext', () => this.#collect((text) => this.#story.listMarker(text))],
    ['footnote', () => this.#collect((text) => this.#story.note(text))],
    ['atnauthor', () => this.#collectHidden((text) => void (this.#author = text))],
    ['annotation', () => this.#collectHidden((text) => this.#story.comment(this.#author, text))],
    ['shpinst', () => void (this.#group.destination = 'silent')],
    ['shptxt', () => this.#collect((text) => this.#story.textBox(text))],
    ['upr', () => void (this.#group.destination = 'silent')],
    ['ud', () => void (this.#group.destination = 'text')],
    ['field', () => this.#beginField()],
    ['fldinst', () => this.#collect((text) => this.#instruction(text))],
    ['fldrslt', () => this.#beginResult()],
  ]);

  #beginField(): void {
    this.#group.field = { instruction: '', text: '' };
    this.#group.isFieldResult = false;
  }

  #instruction(text: string): void {
    const { field } = this.#group;
    if (field !== null) field.instruction = (field.instruction + text).slice(0, LONGEST_INSTRUCTION);
  }

  #beginResult(): void {
    const { field } = this.#group;
    if (field === null) return;
    if (isDroppedField(field.instruction)) {
      this.#group.destination = 'skipped';
      return;
    }
    this.#group.isFieldResult = true;
    const address = addressOf(field.instruction);
    if (address !== null) this.#group.onClose = () => this.#story.link(address, field.text);
  }

  #tablePart(word: string): void {
    if (word === 'trowd') this.#isHeaderRow = false;
    else if (word === 'trhdr') this.#isHeaderRow = true;
    else if (word === 'cell') this.#story.endCell();
    else if (word === 'row') this.#story.endRow(this.#isHeaderRow);
    else if (word === 'nestcell' || word === 'nestrow') this.#emit(' ');
  }

  #shown(word: string): void {
    const text = CHARACTERS.get(word);
    if (text !== undefined) {
      if (!this.#text.isStandIn()) this.#emit(text);
    } else if (PARAGRAPH_ENDS.has(word) && this.#isShown()) {
      this.#text.expectStandIns(0);
      this.#story.endParagraph(formatOf(this.#group, this.#styles));
    }
  }

  #unicode(parameter: number): void {
    this.#emit(characterOf(parameter));
    this.#text.expectStandIns(this.#group.unicodeSkip);
  }

  #run(start: number, end: number): void {
    if (!this.#isShown()) return;
    for (const byte of this.#bytes.subarray(start, end)) this.#byte(byte);
  }

  #byte(value: number): void {
    if (!this.#isShown()) return;
    this.#text.add(value);
    if (this.#text.isFull) this.#flush();
  }

  #isShown(): boolean {
    const { destination, isHidden, isDeleted } = this.#group;
    return destination === 'text' && !isHidden && !isDeleted;
  }

  #flush(): void {
    const bytes = this.#text.take();
    if (bytes !== null) this.#emit(this.#fonts.decode(bytes, this.#group.font));
  }

  #emit(text: string): void {
    if (!this.#isShown()) return;
    this.#story.text(text);
    const { field, isFieldResult } = this.#group;
    if (field !== null && isFieldResult && field.text.length < LONGEST_LINK_TEXT) field.text += text;
  }
}
