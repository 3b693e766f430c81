import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { errorsTable, settingsTable, withTables } from '../../../backbone/cli/readme-tables.ts';
import { ERRORS } from '../../../backbone/error-table.ts';

const README = path.resolve(import.meta.dirname, '../../../README.md');

describe('the tables of the README', () => {
  test('are those of the code', async () => {
    const readme = await readFile(README, 'utf8');
    expect(withTables(readme)).toBe(readme);
  });

  test('list every setting but the one for tests', () => {
    expect(settingsTable()).toContain('`DATA_DIR`');
    expect(settingsTable()).not.toContain('CRASH_FILE');
  });

  test('list every error code', () => {
    for (const code of Object.keys(ERRORS)) expect(errorsTable()).toContain(`\`${code}\``);
  });

  test('are not forgotten when their markers are gone', () => {
    expect(() => withTables('no markers')).toThrow(/settings/);
  });
});
