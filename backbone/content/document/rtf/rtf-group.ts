/** What holds within a group of RTF and ends with it. */
import type { ParagraphFormat } from './rtf-story.ts';
import type { RtfStyles } from './rtf-styles.ts';

/**
 * - `text`    text belongs to the document, or to what the group collects;
 * - `silent`  it does not, but groups within may hold some;
 * - `skipped` nothing within is of interest;
 * - `fonts`, `styles`, `info`  tables in front of the text.
 */
export type Destination = 'text' | 'silent' | 'skipped' | 'fonts' | 'styles' | 'info';

export interface RtfField {
  instruction: string;
  /** Of the result, as far as a link needs it. */
  text: string;
}

export interface RtfGroup {
  destination: Destination;
  /** Told when this group ends; groups within do not inherit it. */
  onClose: ((group: RtfGroup) => void) | null;
  font: number | null;
  /** Characters to step over behind `\u`: they stand for it in programs of old. */
  unicodeSkip: number;
  isHidden: boolean;
  isDeleted: boolean;
  style: number;
  basedOn: number | null;
  outlineLevel: number | null;
  isInTable: boolean;
  isListed: boolean;
  /** From 0. */
  listLevel: number;
  field: RtfField | null;
  isFieldResult: boolean;
}

const DEEPEST_LIST = 10;
const MOST_SKIPPED = 16;

export function outermostGroup(): RtfGroup {
  return {
    destination: 'silent',
    onClose: null,
    font: null,
    unicodeSkip: 1,
    isHidden: false,
    isDeleted: false,
    style: 0,
    basedOn: null,
    outlineLevel: null,
    isInTable: false,
    isListed: false,
    listLevel: 0,
    field: null,
    isFieldResult: false,
  };
}

type Property = (group: RtfGroup, parameter: number | null) => void;

const PROPERTIES: ReadonlyMap<string, Property> = new Map<string, Property>([
  ['pard', (group) => Object.assign(group, plainParagraph())],
  ['plain', (group) => Object.assign(group, { font: null, isHidden: false })],
  ['f', (group, parameter) => void (group.font = parameter)],
  [
    'uc',
    (group, parameter) => void (group.unicodeSkip = Math.min(Math.max(parameter ?? 1, 0), MOST_SKIPPED)),
  ],
  ['v', (group, parameter) => void (group.isHidden = parameter !== 0)],
  ['deleted', (group, parameter) => void (group.isDeleted = parameter !== 0)],
  ['s', (group, parameter) => void (group.style = parameter ?? 0)],
  ['sbasedon', (group, parameter) => void (group.basedOn = parameter)],
  ['outlinelevel', (group, parameter) => void (group.outlineLevel = parameter)],
  ['intbl', (group) => void (group.isInTable = true)],
  ['itap', (group, parameter) => void (group.isInTable = parameter !== 0)],
  ['ls', (group, parameter) => void (group.isListed = parameter !== 0)],
  ['ilvl', (group, parameter) => void (group.listLevel = parameter ?? 0)],
]);

/** What the word changes for the rest of the group, if anything. */
export function applyProperty(group: RtfGroup, word: string, parameter: number | null): void {
  PROPERTIES.get(word)?.(group, parameter);
}

export function formatOf(group: RtfGroup, styles: RtfStyles): ParagraphFormat {
  const level = Math.min(Math.max(group.listLevel, 0) + 1, DEEPEST_LIST);
  return {
    meaning: styles.meaningOf(group.style, group.outlineLevel),
    isInTable: group.isInTable,
    listLevel: group.isListed ? level : null,
  };
}

function plainParagraph(): Partial<RtfGroup> {
  return { style: 0, outlineLevel: null, isInTable: false, isListed: false, listLevel: 0 };
}
