/**
 * Measures how near the text of web pages comes to what Mozilla expects of Readability on its test pages, when
 * they are there: word F1 of the texts, mean and worst, over all pages and over every other page. A guard
 * against losses rather than a goal, since Readability's own output is the expectation. Exits 1 below the goal.
 *
 *     node test/samples/readable-pages.ts        (SAMPLES_DIR, default ../shared/samples)
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalText } from '../../backbone/content/model.ts';
import { htmlBlocks } from '../../backbone/content/parsing/html-blocks.ts';
import { parseHtml } from '../../backbone/content/parsing/html-tree.ts';
import { parse } from '../../backbone/content/webpage/webpage-parser.ts';

const GOAL_F1 = 0.9;
const folder = join(
  process.env['SAMPLES_DIR'] ?? join(import.meta.dirname, '../../../shared/samples'),
  'web/readability',
);
const print = (line: string): void => void process.stdout.write(`${line}\n`);

if (existsSync(folder)) await measure();
else print(`readable pages: no samples in ${folder}, nothing measured`);

async function measure(): Promise<void> {
  const scores: { readonly page: string; readonly f1: number }[] = [];
  for (const page of readdirSync(folder).toSorted()) {
    const expected = wordsOfMarkup(readFileSync(join(folder, page, 'expected.html'), 'utf8'));
    scores.push({ page, f1: wordF1(await read(join(folder, page, 'source.html')), expected) });
  }
  const mean = (part: typeof scores): number => part.reduce((sum, { f1 }) => sum + f1, 0) / part.length;
  const [even, odd] = [0, 1].map((rest) => mean(scores.filter((_, at) => at % 2 === rest)));
  const all = mean(scores);
  const worst = scores.toSorted((a, b) => a.f1 - b.f1).slice(0, 5);
  print(
    `readable pages: ${scores.length} pages, word F1 ${all.toFixed(4)} (goal ${GOAL_F1}), even ${even?.toFixed(4)}, odd ${odd?.toFixed(4)}`,
  );
  print(`  worst ${worst.map(({ page, f1 }) => `${page} ${f1.toFixed(2)}`).join(', ')}`);
  if (!(all >= GOAL_F1)) process.exitCode = 1;
}

async function read(file: string): Promise<string[]> {
  try {
    const extraction = await parse(
      {
        bytes: readFileSync(file),
        mediaType: 'text/html',
        declaredCharset: 'utf-8',
        baseUrl: 'http://fakehost/test/page.html',
        fileName: null,
        options: {},
      },
      { progress: () => undefined },
    );
    return wordsOf(canonicalText(extraction.blocks).text);
  } catch {
    return [];
  }
}

function wordsOfMarkup(html: string): string[] {
  const { blocks } = htmlBlocks(parseHtml(html).root().toArray(), { baseUrl: null });
  return wordsOf(blocks.map(({ block }) => block.text).join(' '));
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

function wordF1(found: readonly string[], expected: readonly string[]): number {
  const open = new Map<string, number>();
  for (const word of expected) open.set(word, (open.get(word) ?? 0) + 1);
  let shared = 0;
  for (const word of found) {
    const left = open.get(word) ?? 0;
    if (left > 0) shared += 1;
    open.set(word, left - 1);
  }
  return found.length + expected.length === 0 ? 1 : (2 * shared) / (found.length + expected.length);
}
