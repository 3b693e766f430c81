/** Tables of values as rows, and how to tell them from tables that only arrange a page. */
import { isElement, attributeOf, labelOf, textOf, type HtmlElement, type HtmlNode } from './html-tree.ts';
import { DROPPED, isHidden } from './html-elements.ts';

export interface HtmlTable {
  readonly rows: readonly (readonly string[])[];
  readonly headerRows: number;
  readonly linkLength: number;
  readonly anchors: readonly HtmlElement[];
  readonly caption: string | null;
}

interface Cell {
  readonly element: HtmlElement;
  readonly text: string;
  readonly isHeader: boolean;
}

/** Beyond these the attributes are attacks or mistakes; HTML itself allows 1,000 and 65,534. */
const MOST_COLUMNS = 200;
const MOST_SPANNED_ROWS = 1000;
/** A cell longer than this stands in its first row only; shorter ones are repeated so that each row reads alone. */
const LONGEST_REPEATED = 80;
const MOST_CELLS = 200_000;
const MOST_ANCHORS = 5000;
/** A cell with more text than this, in blocks of its own, is a part of a page. */
const LONGEST_VALUE = 600;
const BLOCK_CONTENT = new Set('p div h1 h2 h3 ul ol form article section figure blockquote'.split(' '));

/**
 * The table's values; null when it arranges a page (one column, one row, blocks or tables within cells,
 * `role=presentation`) and is to be read as text. O(nodes up to the first nested table).
 */
export function readTable(table: HtmlElement): HtmlTable | null {
  const role = attributeOf(table, 'role');
  if (role === 'presentation' || role === 'none') return null;
  const trs = rowsOf(table);
  const cells: Cell[][] = [];
  const anchors: HtmlElement[] = [];
  let linkLength = 0;
  for (const tr of trs) {
    const row: Cell[] = [];
    for (const element of tr.children) {
      if (!isElement(element) || (element.name !== 'td' && element.name !== 'th')) continue;
      const content = cellContent(element);
      if (content === null) return null;
      linkLength += content.linkLength;
      anchors.push(...content.anchors.slice(0, MOST_ANCHORS - anchors.length));
      row.push({ element, text: content.text, isHeader: element.name === 'th' });
    }
    if (row.some((cell) => cell.text !== '')) cells.push(row);
  }
  if (!isGrid(cells)) return null;
  return {
    rows: spread(cells),
    headerRows: headerRowsOf(cells),
    linkLength,
    anchors,
    caption: captionOf(table),
  };
}

function isGrid(rows: readonly (readonly Cell[])[]): boolean {
  const columns = rows.reduce((most, row) => Math.max(most, row.length), 0);
  if (columns < 2) return false;
  if (rows.length >= 2) return true;
  return rows.some((row) => row.some((cell) => cell.isHeader));
}

function captionOf(table: HtmlElement): string | null {
  const caption = table.children.find((child) => isElement(child) && child.name === 'caption');
  const text = caption === undefined ? '' : labelOf(caption, { maxNodes: 1000, maxLength: 2000 });
  return text === '' ? null : text;
}

function rowsOf(table: HtmlElement): HtmlElement[] {
  const rows: HtmlElement[] = [];
  for (const child of table.children) {
    if (!isElement(child) || isHidden(child.name, child.attribs)) continue;
    if (child.name === 'tr') rows.push(child);
    else if (child.name === 'tbody' || child.name === 'thead' || child.name === 'tfoot') {
      for (const row of child.children) {
        if (isElement(row) && row.name === 'tr' && !isHidden(row.name, row.attribs)) rows.push(row);
      }
    }
  }
  return rows;
}

/** Rows at the top that name the columns: those in `thead`, else those of `th` cells alone. */
function headerRowsOf(rows: readonly (readonly Cell[])[]): number {
  let count = 0;
  for (const row of rows) {
    const section = row[0]?.element.parent?.parent;
    const inHead = section !== null && section !== undefined && 'name' in section && section.name === 'thead';
    if (!inHead && !row.every((cell) => cell.isHeader)) break;
    count += 1;
  }
  return count === rows.length ? Math.min(count, 1) : count;
}

interface CellContent {
  readonly text: string;
  readonly linkLength: number;
  readonly anchors: readonly HtmlElement[];
}

/** Null when the cell holds parts of a page. */
function cellContent(cell: HtmlElement): CellContent | null {
  const anchors: HtmlElement[] = [];
  const parts: string[] = [];
  let linkLength = 0;
  let length = 0;
  let blocks = 0;
  const stack: { readonly node: HtmlNode; readonly inLink: boolean }[] = [{ node: cell, inLink: false }];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { node, inLink } = top;
    const text = textOf(node);
    if (text !== null) {
      parts.push(text);
      length += text.trim().length;
      if (inLink) linkLength += text.trim().length;
      continue;
    }
    if (!isElement(node) || DROPPED.has(node.name) || isHidden(node.name, node.attribs)) continue;
    if (node.name === 'table' || node.name === 'pre') return null;
    if (node.name === 'img') parts.push(` ${attributeOf(node, 'alt')} `);
    if (BREAKING.has(node.name)) parts.push(' ');
    if (BLOCK_CONTENT.has(node.name)) blocks += 1;
    if (length > LONGEST_VALUE && blocks > 1) return null;
    if (node.name === 'a') anchors.push(node);
    const deeper = inLink || node.name === 'a';
    for (const child of node.children.toReversed()) stack.push({ node: child, inLink: deeper });
  }
  return { text: parts.join('').replaceAll(/\s+/g, ' ').trim().toWellFormed(), linkLength, anchors };
}

const BREAKING = new Set('br p div li ul ol tr td th dd dt dl h1 h2 h3 h4 h5 h6 section'.split(' '));

/** Lays the cells on a grid. A value spanning columns stands in the first of them. */
function spread(rows: readonly (readonly Cell[])[]): string[][] {
  const grid: string[][] = rows.map(() => []);
  let cells = 0;
  rows.forEach((row, rowAt) => {
    const line = grid[rowAt] ?? [];
    let column = 0;
    for (const cell of row) {
      while (line[column] !== undefined) column += 1;
      const right = Math.min(column + spanOf(cell.element, 'colspan', MOST_COLUMNS), MOST_COLUMNS);
      const down = Math.min(spanOf(cell.element, 'rowspan', MOST_SPANNED_ROWS), rows.length - rowAt);
      for (let below = 0; below < down && cells < MOST_CELLS; below += 1) {
        const target = grid[rowAt + below];
        if (target === undefined) break;
        const shown = below === 0 || cell.text.length <= LONGEST_REPEATED;
        for (let at = column; at < right; at += 1) {
          target[at] = at === column && shown ? cell.text : '';
          cells += 1;
        }
      }
      line[column] ??= cell.text;
      column = Math.max(right, column + 1);
    }
  });
  return grid.map((line) => Array.from(line, (cell: string | undefined) => cell ?? ''));
}

function spanOf(cell: HtmlElement, name: string, most: number): number {
  const span = Number.parseInt(attributeOf(cell, name) || '1', 10);
  return Number.isFinite(span) && span >= 1 ? Math.min(span, most) : 1;
}
