import type {
  FontStyle,
  Line,
  PageItems,
  PageLines,
  Segment,
  TextItem,
} from '../../../backbone/content/document/pdf/layout/page-text.ts';

/** Pieces of pages for the tests of the layout pass: type of ten points, half an em a letter. */

export const PLAIN: FontStyle = { bold: false, italic: false, monospace: false };
export const BOLD: FontStyle = { ...PLAIN, bold: true };
export const MONO: FontStyle = { ...PLAIN, monospace: true };

export function item(text: string, x: number, y: number, rest: Partial<TextItem> = {}): TextItem {
  const size = rest.size ?? 10;
  return {
    text,
    x,
    y,
    width: text.length * size * 0.5,
    size,
    style: PLAIN,
    rightToLeft: false,
    spaceBefore: 'none',
    ...rest,
  };
}

export function segment(
  text: string,
  x: number,
  y: number,
  order: number,
  rest: Partial<TextItem> = {},
): Segment {
  const only = item(text, x, y, rest);
  return { items: [only], x0: x, x1: x + only.width, y, size: only.size, order };
}

export function line(text: string, y: number, rest: Partial<Line> = {}): Line {
  const x0 = rest.x0 ?? 70;
  const size = rest.size ?? 10;
  const x1 = rest.x1 ?? x0 + text.length * size * 0.5;
  return {
    page: 1,
    zone: 0,
    text,
    x0,
    x1,
    y,
    size,
    style: PLAIN,
    cells: [{ text, x0, x1 }],
    startsRaised: false,
    ...rest,
  };
}

/** A line of a table: texts at these places. */
export function row(
  y: number,
  cells: readonly (readonly [string, number])[],
  rest: Partial<Line> = {},
): Line {
  const placed = cells.map(([text, x0]) => ({ text, x0, x1: x0 + text.length * 5 }));
  return line(cells.map(([text]) => text).join(' '), y, {
    x0: placed[0]?.x0 ?? 0,
    x1: placed.at(-1)?.x1 ?? 0,
    cells: placed,
    ...rest,
  });
}

export function pageOfItems(
  items: readonly TextItem[],
  rotated: readonly (readonly TextItem[])[] = [],
): PageItems {
  return { page: 1, width: 595, height: 842, items, rotated };
}

export function pageOfLines(page: number, lines: readonly Line[]): PageLines {
  return { page, width: 595, height: 842, lines: lines.map((one) => ({ ...one, page })), rotated: [] };
}

/** Lines of equal distance from the top down. */
export function lines(texts: readonly string[], top: number, rest: Partial<Line> = {}): readonly Line[] {
  return texts.map((text, index) => line(text, top - index * 12, rest));
}
