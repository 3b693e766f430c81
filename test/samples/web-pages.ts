/**
 * Measures how well web pages are read, on trafilatura's evaluation pages when they are there:
 * wanted and unwanted snippets (P, R, F), titles, authors, dates, pages taken for walls, and the median
 * time a page against Readability on linkedom in the same run. Exits 1 below the goal.
 *
 *     node test/samples/web-pages.ts        (SAMPLES_DIR, default ../shared/samples)
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Readability } from '@mozilla/readability';
import { parseHTML } from 'linkedom';
import { canonicalText, type Extraction } from '../../backbone/content/model.ts';
import { decodeText } from '../../backbone/content/parsing/charset.ts';
import { parse } from '../../backbone/content/webpage/webpage-parser.ts';

type PeerDocument = ConstructorParameters<typeof Readability>[0];

interface Gold {
  readonly url: string;
  readonly with: readonly string[];
  readonly without: readonly string[];
  readonly title?: string;
  readonly author?: string | readonly string[];
  readonly date?: string;
}

interface Snippets {
  truePositive: number;
  falseNegative: number;
  falsePositive: number;
}

interface Tally {
  /** Of every other page: what is fitted on one half is judged on the other. */
  readonly halves: readonly [even: Snippets, odd: Snippets];
  readonly right: Record<'title' | 'author' | 'date', [right: number, of: number]>;
  readonly refused: string[];
  readonly ownMs: number[];
  readonly peerMs: number[];
  readonly kinds: Map<string, number>;
}

const GOAL_F = 0.9;
const folder = join(
  process.env['SAMPLES_DIR'] ?? join(import.meta.dirname, '../../../shared/samples'),
  'web/trafilatura',
);
const print = (line: string): void => void process.stdout.write(`${line}\n`);

if (existsSync(join(folder, 'gold.json'))) await measure();
else print(`web pages: no samples in ${folder}, nothing measured`);

async function measure(): Promise<void> {
  const gold = JSON.parse(readFileSync(join(folder, 'gold.json'), 'utf8')) as Readonly<Record<string, Gold>>;
  const tally = emptyTally();
  for (const [at, [file, page]] of Object.entries(gold).entries()) {
    const bytes = gunzipSync(readFileSync(join(folder, 'html', `${file}.gz`)));
    await score(file, { bytes, page, half: tally.halves[at % 2 === 0 ? 0 : 1] }, tally);
  }
  report(Object.keys(gold).length, tally);
}

interface Sample {
  readonly bytes: Uint8Array;
  readonly page: Gold;
  readonly half: Snippets;
}

async function score(file: string, { bytes, page, half }: Sample, tally: Tally): Promise<void> {
  tally.peerMs.push(timeReadability(bytes));
  const start = performance.now();
  const extraction = await read(file, bytes, page, tally);
  tally.ownMs.push(performance.now() - start);
  const text = extraction === null ? '' : flat(canonicalText(extraction.blocks).text);
  const found = page.with.filter((snippet) => text.includes(flat(snippet).trim())).length;
  half.truePositive += found;
  half.falseNegative += page.with.length - found;
  half.falsePositive += page.without.filter((snippet) => text.includes(flat(snippet).trim())).length;
  const { title, authors, publishedAt } = extraction?.metadata ?? {
    title: null,
    authors: null,
    publishedAt: null,
  };
  count(tally, 'title', page.title, (wanted) => letters(title?.value ?? '') === letters(wanted));
  count(tally, 'author', [page.author ?? ''].flat().join('; '), (wanted) =>
    shareName(authors?.value ?? [], wanted),
  );
  count(tally, 'date', page.date, (wanted) => (publishedAt?.value ?? '').startsWith(wanted));
  const pageKind = extraction?.typeMetadata['pageKind'];
  if (process.env['SHOW'] === 'kinds' && pageKind !== 'article')
    print(`${JSON.stringify(pageKind)}: ${page.url}`);
  const kind = typeof pageKind === 'string' ? pageKind : 'refused';
  tally.kinds.set(kind, (tally.kinds.get(kind) ?? 0) + 1);
}

async function read(file: string, bytes: Uint8Array, page: Gold, tally: Tally): Promise<Extraction | null> {
  try {
    return await parse(
      {
        bytes,
        mediaType: 'text/html',
        declaredCharset: null,
        baseUrl: page.url,
        fileName: null,
        options: {},
      },
      { progress: () => undefined },
    );
  } catch (error) {
    tally.refused.push(`${file}: ${String(error)}`);
    return null;
  }
}

function timeReadability(bytes: Uint8Array): number {
  const start = performance.now();
  const { text } = decodeText(bytes, { declared: null, kind: 'html' });
  try {
    const window: unknown = parseHTML(text);
    new Readability((window as { readonly document: PeerDocument }).document).parse();
  } catch {
    // What it cannot read still took its time.
  }
  return performance.now() - start;
}

function count(
  tally: Tally,
  field: keyof Tally['right'],
  wanted: string | undefined,
  isRight: (wanted: string) => boolean,
): void {
  if (wanted === undefined || wanted === '') return;
  tally.right[field][1] += 1;
  if (isRight(wanted)) tally.right[field][0] += 1;
  else if (process.env['SHOW'] === field) print(`${field} wanted: ${wanted}`);
}

function report(pages: number, tally: Tally): void {
  const [even, odd] = tally.halves;
  const { precision, recall, f } = ratesOf([even, odd]);
  const own = median(tally.ownMs);
  const peer = median(tally.peerMs);
  const rate = (field: keyof Tally['right']): string =>
    `${field} ${(tally.right[field][0] / tally.right[field][1]).toFixed(3)}`;
  print(
    `web pages: ${pages} pages, P ${precision.toFixed(3)} R ${recall.toFixed(3)} F ${f.toFixed(4)} (goal ${GOAL_F})`,
  );
  print(`  every other page: F ${ratesOf([even]).f.toFixed(4)} and ${ratesOf([odd]).f.toFixed(4)}`);
  print(`  exact ${rate('title')}, found ${rate('author')}, same day ${rate('date')}`);
  print(
    `  p50 ${own.toFixed(1)} ms a page, Readability on linkedom ${peer.toFixed(1)} ms, ratio ${(own / peer).toFixed(2)}`,
  );
  print(`  kinds ${[...tally.kinds].map(([kind, pages_]) => `${kind} ${pages_}`).join(', ')}`);
  for (const line of tally.refused) print(`  refused ${line}`);
  if (!(f >= GOAL_F)) process.exitCode = 1;
}

function ratesOf(parts: readonly Snippets[]): Record<'precision' | 'recall' | 'f', number> {
  const sum = (name: keyof Snippets): number => parts.reduce((all, part) => all + part[name], 0);
  const precision = sum('truePositive') / (sum('truePositive') + sum('falsePositive'));
  const recall = sum('truePositive') / (sum('truePositive') + sum('falseNegative'));
  return { precision, recall, f: (2 * precision * recall) / (precision + recall) };
}

function emptyTally(): Tally {
  return {
    halves: [
      { truePositive: 0, falseNegative: 0, falsePositive: 0 },
      { truePositive: 0, falseNegative: 0, falsePositive: 0 },
    ],
    right: { title: [0, 0], author: [0, 0], date: [0, 0] },
    refused: [],
    ownMs: [],
    peerMs: [],
    kinds: new Map(),
  };
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}

function flat(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}

function letters(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
}

function shareName(names: readonly string[], wanted: string): boolean {
  const wantedNames = wanted.split(/[;,]/).map(letters);
  return names.some((name) => wantedNames.some((one) => one !== '' && letters(name).includes(one)));
}
