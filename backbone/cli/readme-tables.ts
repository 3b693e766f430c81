/** `npm run readme`: writes the tables of README.md anew, from the settings and the errors as the code has them. */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { settingRows } from '../config.ts';
import { ERRORS } from '../error-table.ts';
import { displayWidth, padded } from './plain-text.ts';

/** Every setting, its default and what it is for. `CRASH_FILE` is left out: it is there for tests. */
export function settingsTable(): string {
  const rows = settingRows().filter(({ name }) => name !== 'CRASH_FILE');
  return markdownTable([
    ['Setting', 'Default', 'Meaning'],
    ...rows.map(({ name, defaultValue, description }) => [
      `\`${name}\``,
      defaultValue === '' ? '' : `\`${defaultValue}\``,
      description,
    ]),
  ]);
}

/** Every error code with its sentence and what to do about it. */
export function errorsTable(): string {
  return markdownTable([
    ['Code', 'What it says', 'What to do'],
    ...Object.entries(ERRORS).map(([code, { message, hint }]) => [`\`${code}\``, message, hint]),
  ]);
}

/** The text with both tables between their markers, such as `<!-- settings -->` and `<!-- /settings -->`. */
export function withTables(readme: string): string {
  return between(between(readme, 'settings', settingsTable()), 'errors', errorsTable());
}

/** @throws Error when a marker is missing: then the table would be silently left as it is */
function between(text: string, name: string, table: string): string {
  const [opening, closing] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const begin = text.indexOf(opening);
  const end = text.indexOf(closing);
  if (begin < 0 || end < begin) throw new Error(`the markers ${opening} and ${closing} are missing`);
  return `${text.slice(0, begin + opening.length)}\n\n${table}\n\n${text.slice(end)}`;
}

/** Aligned as Prettier aligns it; the first row is the header. */
function markdownTable(rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const [header = [], ...body] = cells;
  const widths = header.map((_, column) => Math.max(...cells.map((row) => displayWidth(row[column] ?? ''))));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => padded(cell, widths[column] ?? 0)).join(' | ')} |`;
  return [header, widths.map((width) => '-'.repeat(width)), ...body].map(line).join('\n');
}

if (import.meta.main) {
  const file = path.resolve(import.meta.dirname, '../../README.md');
  await writeFile(file, withTables(await readFile(file, 'utf8')));
}
