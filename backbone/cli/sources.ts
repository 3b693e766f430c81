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
      /** Named with it; null when its bytes tell. */
      readonly contentType: string | null;
    };

/** What was typed names nothing that could be ingested; the message is one sentence. */
export class SourceFault extends Error {
  override readonly name = 'SourceFault';
}

interface Sample {
  readonly file: string;
  readonly contentType: string | null;
}

/** What comes with the project, in `backbone/samples`. A paper is told from other PDFs by its name alone. */
const SAMPLES: readonly Sample[] = [
  { file: 'web-page.html', contentType: null },
  { file: 'two-columns.pdf', contentType: null },
  { file: 'report.docx', contentType: null },
  { file: 'keepers-year.epub', contentType: null },
  { file: 'episode.mp3', contentType: null },
  { file: 'film.mp4', contentType: null },
  { file: 'paper.pdf', contentType: 'academic_paper' },
];

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

/** The bundled samples, of every content type. */
export async function sampleSources(): Promise<readonly Source[]> {
  const folder = path.resolve(import.meta.dirname, '../samples');
  const sources: Source[] = [];
  for (const { file, contentType } of SAMPLES) {
    const source = await resolveSource(file, folder);
    sources.push(source.kind === 'file' ? { ...source, contentType } : source);
  }
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
  return { kind: 'file', file, sizeBytes: found.size, name: path.basename(file), contentType: null };
}

const SCHEME_HINT = '; a web address begins with https://.';

function pathOf(text: string, folder: string): string {
  try {
    return /^file:/i.test(text) ? fileURLToPath(text) : path.resolve(folder, text);
  } catch {
    throw new SourceFault(`${text} is not the address of a file.`);
  }
}
