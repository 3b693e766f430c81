import { readFile } from 'node:fs/promises';
import type { Extraction, JsonObject } from '../../../backbone/content/model.ts';
import { parse } from '../../../backbone/content/webpage/webpage-parser.ts';

/** Reads a page of `test/fixtures/webpage` as if it came from `https://valley.example/news/flood`. */
export async function readFixture(name: string, options: JsonObject = {}): Promise<Extraction> {
  const file = new URL(`../../fixtures/webpage/${name}.html`, import.meta.url);
  return readPage(await readFile(file), options);
}

export async function readPage(
  page: string | Uint8Array,
  options: JsonObject = {},
  baseUrl: string | null = 'https://valley.example/news/flood',
): Promise<Extraction> {
  const bytes = typeof page === 'string' ? new TextEncoder().encode(page) : page;
  return parse(
    { bytes, mediaType: 'text/html', declaredCharset: null, baseUrl, fileName: null, options },
    { progress: () => undefined },
  );
}
