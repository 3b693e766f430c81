import { isMet, type Figure } from './figure.ts';

const HEADINGS = ['figure', 'goal', 'measured', '', 'peer', 'of the peer', 'ratio'] as const;

/** The figures as lines of aligned columns; one that misses its goal is marked. */
export function tableOf(figures: readonly Figure[]): readonly string[] {
  const rows = [HEADINGS, ...figures.map(cellsOf)];
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function cellsOf(figure: Figure): readonly string[] {
  const { name, unit, value, peer } = figure;
  const measured = [name, goalOf(figure), `${shown(value)} ${unit}`, isMet(figure) ? '' : 'MISSED'];
  if (peer === null) return [...measured, '', '', ''];
  return [...measured, peer.name, `${shown(peer.value)} ${unit}`, (value / peer.value).toFixed(2)];
}

function goalOf({ goal, unit }: Figure): string {
  if (goal === null) return '';
  return 'atMost' in goal ? `<= ${bound(goal.atMost)} ${unit}` : `>= ${bound(goal.atLeast)} ${unit}`;
}

function bound(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** Three digits that count. */
function shown(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
