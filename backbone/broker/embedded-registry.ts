import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { AppError } from '../errors.ts';
import type { SchemaRegistry } from './schema-registry.ts';

/** Subject -> version -> id and file, as kept in `ids.json`. */
const idTable = z.record(
  z.string(),
  z.record(
    z.string().regex(/^\d+$/),
    z.object({ id: z.int32().positive(), file: z.string().regex(/^[a-z0-9.-]+\.avsc$/) }),
  ),
);

export interface RegisteredSchema {
  readonly subject: string;
  readonly version: number;
  readonly id: number;
  readonly schemaJson: string;
}

export const SCHEMA_FOLDER = new URL('../../schemas/', import.meta.url);

/** The registry of one machine: the checked-in files, read once. `folder` is a file URL that ends in a slash. */
export async function openEmbeddedRegistry(folder: URL = SCHEMA_FOLDER): Promise<SchemaRegistry> {
  const schemas = await readRegisteredSchemas(folder);
  return {
    idOf: (subject, schemaJson) => {
      const wanted = withoutLayout(schemaJson);
      const found = schemas.find(
        (one) => one.subject === subject && withoutLayout(one.schemaJson) === wanted,
      );
      return found ? Promise.resolve(found.id) : Promise.reject(unregistered(subject));
    },
    schemaById: (id) => {
      const found = schemas.find((one) => one.id === id);
      return found ? Promise.resolve(found.schemaJson) : Promise.reject(new AppError('undecodable_message'));
    },
  };
}

/** Every version of every message. Rejects with `config_invalid` when the table or a file is broken. */
export async function readRegisteredSchemas(folder: URL): Promise<readonly RegisteredSchema[]> {
  try {
    const table = idTable.parse(JSON.parse(await readFile(new URL('ids.json', folder), 'utf8')));
    const rows = Object.entries(table).flatMap(([subject, versions]) =>
      Object.entries(versions).map(([version, { id, file }]) => ({
        subject,
        version: Number(version),
        id,
        file,
      })),
    );
    if (new Set(rows.map((row) => row.id)).size < rows.length) throw new Error('an id is used twice');
    return await Promise.all(
      rows.map(async ({ file, ...row }) => ({
        ...row,
        schemaJson: await readFile(new URL(file, folder), 'utf8'),
      })),
    );
  } catch (cause) {
    throw new AppError('config_invalid', { params: { faults: `message schemas (${String(cause)})` }, cause });
  }
}

function unregistered(subject: string): AppError {
  return new AppError('config_invalid', {
    params: { faults: `the present schema of ${subject} has no number in schemas/ids.json` },
  });
}

function withoutLayout(schemaJson: string): string {
  return JSON.stringify(JSON.parse(schemaJson));
}
