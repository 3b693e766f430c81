/**
 * Measures the EPUB reader on sample books: the order of the files, the names of the chapters and the word
 * F1 of the text. Contents and covers, which are not ingested, count here, since the expected text has them.
 * The samples are not part of the project; without them the program says so.
 * `node test/samples/ebooks.ts [-v]`
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bookMetadata } from '../../backbone/content/ebook/book-metadata.ts';
import { readBook } from '../../backbone/content/ebook/book-reader.ts';
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
  if (mean < WANTED_F1 || exact < results.length) process.exitCode = 1;
}

async function measureBook(name: string): Promise<{ readonly score: number; readonly isExact: boolean }> {
  const stem = join(folder, name.replace(/\.epub$/, ''));
  const expected = JSON.parse(readFileSync(`${stem}.expected.json`, 'utf8')) as Expected;
  const book = await readBook(readFileSync(`${stem}.epub`), {
    maxTextBytes: 64 * 1024 * 1024,
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
  const blocks = book.sections.flatMap((section) => section.blocks).filter(({ kind }) => kind !== 'image');
  const score = wordF1(
    wordsOf(blocks.map(({ text }) => text).join('\n')),
    wordsOf(readFileSync(`${stem}.expected.txt`, 'utf8')),
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
