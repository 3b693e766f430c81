import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { SCHEMA_FOLDER, openEmbeddedRegistry } from '../../../backbone/broker/embedded-registry.ts';

const SUBJECT = 'content_ingestion.Note';
const FIRST = '{"type":"record","name":"Note","fields":[]}';
const SECOND = '{"type":"record","name":"Note","fields":[{"name":"text","type":"string","default":""}]}';

let path: string;
let folder: URL;

beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'schemas-'));
  folder = pathToFileURL(path + '/');
  await writeFile(join(path, 'note.v1.avsc'), FIRST);
  await writeFile(join(path, 'note.avsc'), SECOND);
});

afterEach(() => rm(path, { recursive: true }));

async function writeTable(table: unknown): Promise<void> {
  await writeFile(join(path, 'ids.json'), JSON.stringify(table));
}

const TABLE = { [SUBJECT]: { 1: { id: 11, file: 'note.v1.avsc' }, 2: { id: 12, file: 'note.avsc' } } };

describe('the embedded registry', () => {
  test('knows the id of each version, however its file is laid out', async () => {
    await writeTable(TABLE);
    const registry = await openEmbeddedRegistry(folder);
    await expect(registry.idOf(SUBJECT, FIRST)).resolves.toBe(11);
    await expect(registry.idOf(SUBJECT, JSON.stringify(JSON.parse(SECOND), null, 4))).resolves.toBe(12);
  });

  test('gives the schema of an id', async () => {
    await writeTable(TABLE);
    const registry = await openEmbeddedRegistry(folder);
    await expect(registry.schemaById(12)).resolves.toBe(SECOND);
    await expect(registry.schemaById(13)).rejects.toMatchObject({ code: 'undecodable_message' });
  });

  test('refuses a schema that is not in the table, and one of another subject', async () => {
    await writeTable(TABLE);
    const registry = await openEmbeddedRegistry(folder);
    await expect(registry.idOf(SUBJECT, '{"type":"string"}')).rejects.toMatchObject({
      code: 'config_invalid',
    });
    await expect(registry.idOf('other', FIRST)).rejects.toMatchObject({ code: 'config_invalid' });
  });

  test('reads the checked-in files by default', async () => {
    const registry = await openEmbeddedRegistry();
    const schemaJson = await readFile(new URL('stage-task.avsc', SCHEMA_FOLDER), 'utf8');
    await expect(registry.idOf('content_ingestion.StageTask', schemaJson)).resolves.toBe(1_000_000_000);
  });

  test.each([
    [
      'an id used twice',
      { [SUBJECT]: { 1: { id: 11, file: 'note.avsc' }, 2: { id: 11, file: 'note.v1.avsc' } } },
    ],
    ['a file that is missing', { [SUBJECT]: { 1: { id: 11, file: 'absent.avsc' } } }],
    ['a file of another folder', { [SUBJECT]: { 1: { id: 11, file: '../note.avsc' } } }],
    ['an id that is none', { [SUBJECT]: { 1: { id: 0, file: 'note.avsc' } } }],
    ['no table', []],
  ])('does not open with %s', async (_, table) => {
    await writeTable(table);
    await expect(openEmbeddedRegistry(folder)).rejects.toMatchObject({ code: 'config_invalid' });
  });
});
