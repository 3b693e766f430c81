/**
 * Measures the readers of EPUB, FictionBook and Kindle books on sample books: the word F1 of the text, and of an EPUB the
 * order of the files and the names of the chapters. Contents and covers, which are not ingested, count here, since the expected text has them.
 * The samples are not part of the project; without them the program says so.
 * `node test/samples/ebooks.ts [-v]`
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bookMetadata } from '../../backbone/content/ebook/book-metadata.ts';
import { readBook } from '../../backbone/content/ebook/book-reader.ts';
import { readBodies } from '../../backbone/content/ebook/fb2/body-reader.ts';
import { readFb2File } from '../../backbone/content/ebook/fb2/fb2-file.ts';
import { parseMobi } from '../../backbone/content/ebook/mobi/mobi-parser.ts';
import type { Block } from '../../backbone/content/model.ts';
import { countWords, wordF1, type WordCounts } from '../support/word-overlap.ts';

interface Expected {
  readonly metadata: { readonly title: readonly string[]; readonly creator: readonly string[] };
  readonly spine: readonly { readonly href: string; readonly linear: boolean }[];
  readonly toc: readonly { readonly label: string }[];
}

const folder = join(
  process.env['SAMPLES_DIR'] ?? join(import.meta.dirname, '../../../shared/samples'),
  'ebook',
);
const verbose = process.argv.includes('-v');
const MAX_TEXT_BYTES = 64 * 1024 * 1024;
const WANTED_F1 = 0.98;
const print = (line: string): boolean => process.stdout.write(`${line}\n`);

if (existsSync(folder)) await measure();
else print(`ebooks: no samples at ${folder}, nothing measured`);

async function measure(): Promise<void> {
  const results: { readonly score: number; readonly isExact: boolean }[] = [];
  for (const name of readdirSync(folder).filter((entry) => entry.endsWith('.epub')))
    results.push(await measureBook(name));
  const mean = results.reduce((sum, { score }) => sum + score, 0) / results.length;
  const exact = results.filter(({ isExact }) => isExact).length;
  print(`ebooks: word F1 ${mean.toFixed(3)} (mean), order and names exact in ${exact} of ${results.length}`);
  const others = await Promise.all(readdirSync(folder).filter(isFb2).map(measureFb2));
  for (const name of readdirSync(folder).filter((entry) => entry.endsWith('.mobi')))
    others.push(await measureMobi(name));
  if (others.some((score) => score < WANTED_F1)) process.exitCode = 1;
  if (mean < WANTED_F1 || exact < results.length) process.exitCode = 1;
}

function isFb2(name: string): boolean {
  return /\.fb2(?:\.zip)?$/.test(name);
}

async function measureFb2(name: string): Promise<number> {
  const { root } = await readFb2File(readFileSync(join(folder, name)), MAX_TEXT_BYTES);
  const { blocks, chapters } = readBodies(root, () => undefined);
  const score = scoreOf(join(folder, name.replace(/\.fb2(?:\.zip)?$/, '')), blocks);
  print(`ebooks: ${score.toFixed(3)} ${blocks.length} blocks, ${chapters.length} chapters ${name}`);
  return score;
}

async function measureMobi(name: string): Promise<number> {
  const bytes = readFileSync(join(folder, name));
  const input = { mediaType: '', declaredCharset: null, baseUrl: null, fileName: name, options: {} };
  const { blocks, typeMetadata } = await parseMobi({ ...input, bytes }, { progress: () => undefined });
  const score = scoreOf(join(folder, name.replace(/\.mobi$/, '')), blocks);
  const chapters = Array.isArray(typeMetadata['chapters']) ? typeMetadata['chapters'].length : 0;
  print(`ebooks: ${score.toFixed(3)} ${blocks.length} blocks, ${chapters} chapters ${name}`);
  return score;
}

function scoreOf(stem: string, blocks: readonly Block[]): number {
  const texts = blocks.filter(({ kind }) => kind !== 'image').map(({ text }) => text);
  return wordF1(wordsOf(texts.join('\n')), wordsOf(readFileSync(`${stem}.expected.txt`, 'utf8')));
}

async function measureBook(name: string): Promise<{ readonly score: number; readonly isExact: boolean }> {
  const stem = join(folder, name.replace(/\.epub$/, ''));
  const expected = JSON.parse(readFileSync(`${stem}.expected.json`, 'utf8')) as Expected;
  const book = await readBook(readFileSync(`${stem}.epub`), {
    maxTextBytes: MAX_TEXT_BYTES,
    progress: () => undefined,
  });
  const wanted = [...expected.spine].sort((a, b) => Number(b.linear) - Number(a.linear));
  const faults = [
    difference(
      'order',
      wanted.map(({ href }) => href),
      book.sections.map(({ path }) => path),
    ),
    difference(
      'names',
      expected.toc.map(({ label }) => tidy(label)),
      book.entries.map(({ label }) => label),
    ),
  ].filter((fault) => fault !== null);
  const score = scoreOf(
    stem,
    book.sections.flatMap(({ blocks }) => blocks),
  );
  print(`ebooks: ${score.toFixed(3)} ${faults.length === 0 ? 'order exact' : faults.join('; ')} ${name}`);
  if (verbose) {
    const { metadata } = bookMetadata(book.package);
    const roles = book.sections
      .filter(({ role }) => role !== null)
      .map(({ path, role }) => `${path}: ${role ?? ''}`);
    print(
      `  ${metadata.title?.value ?? ''}, ${metadata.authors?.value.join('; ') ?? ''}\n  ${roles.join(', ')}`,
    );
  }
  return { score, isExact: faults.length === 0 };
}

function difference(what: string, expected: readonly string[], found: readonly string[]): string | null {
  const at = expected.findIndex((value, index) => value !== found[index]);
  if (at < 0 && expected.length === found.length) return null;
  return `${what} differ at ${at}: ${expected[at] ?? 'nothing'} / ${found[at] ?? 'nothing'} (${expected.length}, ${found.length})`;
}

function tidy(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

/** Words and their counts; where no spaces part them, characters. */
function wordsOf(text: string): WordCounts {
  return countWords(text, /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]|[\p{L}\p{M}\p{N}]+/gu);
}
