/** Paragraphs and tables of a slide. */
import { elementAt, elementsOf, textOf, type XmlElement } from '../../parsing/xml.ts';
import { linearFormula } from '../ooxml/formula.ts';

export interface SlideParagraph {
  readonly text: string;
  /** Nesting from 1. */
  readonly level: number;
  /** Null: as the placeholder has it. */
  readonly bullet: 'none' | 'sign' | 'number' | null;
  /** Where numbering begins. */
  readonly startAt: number;
  /** Relationship ids of the links in it and their words. */
  readonly links: readonly { readonly id: string; readonly text: string }[];
}

export interface SlideTable {
  readonly rows: readonly (readonly string[])[];
  readonly headerRows: number;
}

const DEEPEST_LEVEL = 9;
/** A merged cell with more text stands in its first place only; shorter ones are repeated. */
const LONGEST_REPEATED = 80;
const MOST_COLUMNS = 200;

/** Those with text. `body` is a `txBody`. */
export function paragraphsOf(body: XmlElement): readonly SlideParagraph[] {
  return elementsOf(body, 'a:p').flatMap((paragraph) => {
    const text = lineOf(paragraph);
    return text === '' ? [] : [{ ...looksOf(paragraph), text, links: linksOf(paragraph) }];
  });
}

export function tableOf(table: XmlElement): SlideTable {
  const rows: string[][] = [];
  for (const tr of elementsOf(table, 'a:tr')) {
    const above = rows.at(-1) ?? [];
    const row: string[] = [];
    for (const cell of elementsOf(tr, 'a:tc').slice(0, MOST_COLUMNS)) row.push(cellOf(cell, row, above));
    rows.push(row);
  }
  const filled = rows.filter((row) => row.some((cell) => cell !== ''));
  const look = elementAt(table, 'a:tblPr')?.attributes.get('firstRow');
  return { rows: filled, headerRows: isOn(look) && filled.length > 1 ? 1 : 0 };
}

function cellOf(cell: XmlElement, row: readonly string[], above: readonly string[]): string {
  const merged = isOn(cell.attributes.get('hMerge'))
    ? row.at(-1)
    : isOn(cell.attributes.get('vMerge'))
      ? above[row.length]
      : undefined;
  if (merged !== undefined) return merged.length > LONGEST_REPEATED ? '' : merged;
  const body = elementAt(cell, 'a:txBody');
  const lines = body === null ? [] : paragraphsOf(body).map(({ text }) => text);
  return lines.join(' ').replaceAll(/\s+/g, ' ');
}

function isOn(value: string | undefined): boolean {
  return value === '1' || value === 'true';
}

function lineOf(paragraph: XmlElement): string {
  return elementsOf(paragraph)
    .map(pieceOf)
    .join('')
    .replaceAll(/[^\S\n]+/g, ' ')
    .replaceAll(/ ?\n\s*/g, '\n')
    .trim()
    .toWellFormed();
}

function pieceOf(element: XmlElement): string {
  switch (element.name) {
    case 'a:r':
      return wordsOf(element);
    case 'a:br':
      return '\n';
    case 'a:fld':
      // The number and the day of showing are no content.
      return /^(?:slidenum|datetime)/.test(element.attributes.get('type') ?? '') ? '' : wordsOf(element);
    case 'mc:AlternateContent':
      return elementsOf(elementsOf(element)[0] ?? element)
        .map(pieceOf)
        .join('');
    case 'a14:m':
      return elementsOf(element)
        .map((formula) => ` ${linearFormula(formula)} `)
        .join('');
    default:
      return '';
  }
}

function wordsOf(run: XmlElement): string {
  // A vertical tab is how some programs write a line break.
  return elementsOf(run, 'a:t').map(textOf).join('').replaceAll('\v', '\n');
}

function looksOf(paragraph: XmlElement): Pick<SlideParagraph, 'level' | 'bullet' | 'startAt'> {
  const properties = elementAt(paragraph, 'a:pPr');
  const level = Number(properties?.attributes.get('lvl') ?? 0) + 1;
  const mark = properties === null ? null : elementsOf(properties).find(({ name }) => name in BULLETS);
  const startAt = Number(mark?.attributes.get('startAt') ?? 1);
  return {
    level: Number.isInteger(level) && level >= 1 ? Math.min(level, DEEPEST_LEVEL) : 1,
    bullet: BULLETS[mark?.name ?? ''] ?? null,
    startAt: Number.isInteger(startAt) ? startAt : 1,
  };
}

const BULLETS: Readonly<Record<string, 'none' | 'sign' | 'number'>> = {
  'a:buNone': 'none',
  'a:buChar': 'sign',
  'a:buBlip': 'sign',
  'a:buAutoNum': 'number',
};

function linksOf(paragraph: XmlElement): SlideParagraph['links'] {
  return elementsOf(paragraph, 'a:r').flatMap((run) => {
    const id = elementAt(run, 'a:rPr', 'a:hlinkClick')?.attributes.get('r:id') ?? '';
    return id === '' ? [] : [{ id, text: wordsOf(run).trim() }];
  });
}
