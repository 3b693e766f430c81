/** The files of a book, found as forgivingly as reading systems find them. */
import { AppError } from '../../errors.ts';
import { openZip } from '../parsing/zip.ts';

export interface BookFiles {
  /** In the order of the archive. */
  readonly names: readonly string[];
  /** The name under which the archive holds the file; null when it holds none. */
  find(path: string): string | null;
  /** Null when the file is missing or damaged. Errors: `file_encrypted`. */
  read(path: string): Promise<Uint8Array | null>;
}

/** Paths are repeated in the locator of each block; real ones have some dozens of characters. */
const LONGEST_PATH = 1000;

export interface Reference {
  readonly path: string;
  /** Id of an element in the file; null when the whole file is meant. */
  readonly fragment: string | null;
}

/** Errors: `file_damaged`, `file_unsafe`. */
export async function openBookFiles(bytes: Uint8Array): Promise<BookFiles> {
  const zip = await openZip(bytes);
  const byKey = new Map<string, string>();
  for (const name of zip.names) if (!byKey.has(keyOf(name))) byKey.set(keyOf(name), name);
  const find = (path: string): string | null => (zip.has(path) ? path : (byKey.get(keyOf(path)) ?? null));
  return {
    names: zip.names,
    find,
    read: async (path) => {
      const name = find(path);
      if (name === null) return null;
      try {
        return await zip.read(name);
      } catch (error) {
        if (error instanceof AppError && error.code === 'file_damaged') return null;
        throw error;
      }
    },
  };
}

/** What a reference in the file `base` leads to inside the archive; null when it leads out of it or is too long. */
export function resolveReference(base: string, reference: string): Reference | null {
  const trimmed = reference.trim();
  if (trimmed === '' || /^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(trimmed)) return null;
  const hash = trimmed.indexOf('#');
  const file = (hash < 0 ? trimmed : trimmed.slice(0, hash)).replace(/\?.*$/s, '');
  const fragment = hash < 0 ? '' : decoded(trimmed.slice(hash + 1));
  const path = file === '' ? base : joined(base, decoded(file));
  return path.length > LONGEST_PATH ? null : { path, fragment: fragment === '' ? null : fragment };
}

function joined(base: string, relative: string): string {
  const parts = relative.startsWith('/') ? [] : base.split('/').slice(0, -1);
  for (const part of relative.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}

/** Names differ between the package and the archive in case, in percent signs and in how accents are composed. */
function keyOf(name: string): string {
  return decoded(name).normalize('NFC').toLowerCase();
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A percent sign that encodes nothing stands for itself.
    return text;
  }
}
