import type { Cell, Line } from './page-text.ts';

/** How far from the left edge of its column a header may begin. Widths inside a cell are estimated. */
const EDGE_EM = 1;

/**
 * Header words of neighbouring narrow columns stand as close as the words of one text. Where all of the
 * rows below have more cells than the header line, a header cell that begins over one column and has a
 * word at the beginning of the next is parted there.
 */
export function withHeaderSplit(header: Line, rows: readonly Line[]): Line {
  const columns = commonColumns(rows);
  if (columns.length <= header.cells.length) return header;
  const cells = header.cells.flatMap((cell) => splitCell(cell, columns, header.size));
  return cells.length === columns.length ? { ...header, cells } : header;
}

/** The cells of the rows laid over each other; none unless all rows have the same number of cells. */
function commonColumns(rows: readonly Line[]): readonly Cell[] {
  const [first, ...others] = rows;
  if (first === undefined || others.some((row) => row.cells.length !== first.cells.length)) return [];
  return first.cells.map((cell, index) => {
    const below = others.flatMap((row) => row.cells.slice(index, index + 1));
    return {
      text: cell.text,
      x0: Math.min(cell.x0, ...below.map((other) => other.x0)),
      x1: Math.max(cell.x1, ...below.map((other) => other.x1)),
    };
  });
}

function splitCell(cell: Cell, columns: readonly Cell[], size: number): readonly Cell[] {
  const [first, ...others] = columns.filter((column) => column.x0 <= cell.x1 && cell.x0 <= column.x1);
  if (first === undefined || Math.abs(first.x0 - cell.x0) > EDGE_EM * size) return [cell];
  const parts: Cell[] = [];
  let rest = cell;
  for (const column of others) {
    const at = wordNear(rest, column.x0, size);
    if (at === null) return [cell];
    const x = xOf(rest, at);
    parts.push({ text: rest.text.slice(0, at).trimEnd(), x0: rest.x0, x1: Math.min(x, column.x0) - 1 });
    rest = { text: rest.text.slice(at), x0: Math.min(Math.max(x, column.x0), rest.x1), x1: rest.x1 };
  }
  return [...parts, rest];
}

/** Index of the word that begins nearest to x, or null when none begins near it. */
function wordNear(cell: Cell, x: number, size: number): number | null {
  let best: number | null = null;
  for (let at = 1; at < cell.text.length; at++) {
    if (cell.text.charAt(at - 1) !== ' ') continue;
    const distance = Math.abs(xOf(cell, at) - x);
    if (distance <= EDGE_EM * size && (best === null || distance < Math.abs(xOf(cell, best) - x))) best = at;
  }
  return best;
}

/** Where a letter stands, were all letters equally wide. */
function xOf(cell: Cell, at: number): number {
  return cell.x0 + ((cell.x1 - cell.x0) * at) / cell.text.length;
}
