import { stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** One thing to ingest. */
export type Source =
  | { readonly kind: 'url'; readonly url: string; readonly name: string }
  | {
      readonly kind: 'file';
      /** Absolute. */
      readonly file: string;
      readonly sizeBytes: number;
      readonly name: string;
    };

/** What was typed names nothing that could be ingested; the message is one sentence. */
export class SourceFault extends Error {
  override readonly name = 'SourceFault';
}

/** The pages and documents that come with the project. */
export const SAMPLES: readonly string[] = ['web-page.html', 'two-columns.pdf', 'report.docx'].map((name) =>
  path.resolve(import.meta.dirname, '../samples', name),
);

const ADDRESS = /^[a-z][a-z0-9+.-]*:\/\//i;
const HOST_LIKE = /^[\w-]+(\.[\w-]+)*\.[a-z]{2,}(:\d+)?(\/|$)/i;

/**
 * Addresses are taken as they stand, and the backbone judges them; everything else must be a file.
 * @param folder the one that relative paths start from
 * @throws SourceFault for what is missing or no file
 */
export async function resolveSources(typed: readonly string[], folder: string): Promise<readonly Source[]> {
  const sources: Source[] = [];
  for (const text of typed) sources.push(await resolveSource(text, folder));
  return sources;
}

async function resolveSource(text: string, folder: string): Promise<Source> {
  if (ADDRESS.test(text) && !/^file:/i.test(text)) return { kind: 'url', url: text, name: text };
  const file = pathOf(text, folder);
  const found = await stat(file).catch(() => null);
  if (found === null)
    throw new SourceFault(`There is no file ${text}${HOST_LIKE.test(text) ? SCHEME_HINT : '.'}`);
  if (found.isDirectory()) throw new SourceFault(`${text} is a folder: name the files in it.`);
  if (!found.isFile()) throw new SourceFault(`${text} is not a file.`);
  return { kind: 'file', file, sizeBytes: found.size, name: path.basename(file) };
}

const SCHEME_HINT = '; a web address begins with https://.';

function pathOf(text: string, folder: string): string {
  try {
    return /^file:/i.test(text) ? fileURLToPath(text) : path.resolve(folder, text);
  } catch {
    throw new SourceFault(`${text} is not the address of a file.`);
  }
}
