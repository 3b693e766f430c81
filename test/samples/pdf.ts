import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PDFParse } from 'pdf-parse';
import { canonicalText, type Extraction } from '../../backbone/content/model.ts';
import { parse } from '../../backbone/content/document/pdf/pdf-parser.ts';
import { loadOptions } from '../../backbone/content/document/pdf/pdf-source.ts';
import { AppError } from '../../backbone/errors.ts';

/**
 * Measures the PDF reader on sample files: word and 4-gram F1 against a known text, beside pdf-parse's own
 * text in the same run; then the facts of every sample. Exits 1 when 4-gram F1 falls below the goal.
 * Words are runs of letters and digits, other signs count one by one; NFKC, lower case. For comparison,
 * 4-gram F1 is printed for two other ways to count as well: what stands between white space, and words alone.
 */

const GOAL = 0.94;
const BOOK = 'GeoTopo-komprimiert';
const folder = join(
  process.env['SAMPLES_DIR'] ?? resolve(import.meta.dirname, '../../../shared/samples'),
  'pdf',
);

type Tokens = (text: string) => readonly string[];

const wordsAndSigns: Tokens = (text) => text.match(/[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]/gu) ?? [];
const betweenSpaces: Tokens = (text) => text.match(/\S+/gu) ?? [];
const wordsOnly: Tokens = (text) => text.match(/[\p{L}\p{N}]+/gu) ?? [];

interface SampleFacts {
  readonly pages: number | null;
  readonly encrypted: boolean;
  readonly producer: string | null;
  readonly forms: number | null;
}

interface Timed<T> {
  readonly value: T;
  readonly seconds: number;
}

if (existsSync(folder)) process.exitCode = await measure();
else print(`No samples in ${folder}: nothing measured.`);

async function measure(): Promise<number> {
  const bytes = readFileSync(join(folder, `${BOOK}.pdf`));
  const wanted = readFileSync(join(folder, `${BOOK}.expected.txt`), 'utf8');
  await ours(bytes);
  const own = await timed(() => ours(bytes));
  const peer = await timed(() => pdfParse(bytes));
  const text = canonicalText(own.value.blocks).text;
  const score = f1(text, wanted, 4, wordsAndSigns);
  report('ours', text, wanted, own.seconds);
  report('pdf-parse', peer.value, wanted, peer.seconds);
  print(`time ratio to pdf-parse ${(own.seconds / peer.seconds).toFixed(2)}`);
  const faults = await checkFacts();
  print(score < GOAL ? `4-gram F1 is below ${GOAL}` : `4-gram F1 is at least ${GOAL}`);
  return score < GOAL || faults > 0 ? 1 : 0;
}

function report(name: string, text: string, wanted: string, seconds: number): void {
  const score = (n: number, tokens: Tokens): string => f1(text, wanted, n, tokens).toFixed(4);
  print(
    `${BOOK} ${name}: word F1 ${score(1, wordsAndSigns)}, 4-gram F1 ${score(4, wordsAndSigns)} (white-space tokens ${score(4, betweenSpaces)}, words only ${score(4, wordsOnly)}), ${seconds.toFixed(2)} s`,
  );
}

async function checkFacts(): Promise<number> {
  const facts = JSON.parse(readFileSync(join(folder, 'facts.json'), 'utf8')) as Record<string, SampleFacts>;
  let faults = 0;
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.pdf'))) {
    const found = facts[name];
    const verdict = found === undefined ? 'no facts' : await verdictOn(join(folder, name), found);
    if (verdict.startsWith('FAULT')) faults++;
    print(`${name}: ${verdict}`);
  }
  print(`${faults} files with faults`);
  return faults;
}

async function verdictOn(path: string, facts: SampleFacts): Promise<string> {
  try {
    const result = await ours(readFileSync(path));
    const wrong: string[] = [];
    if (facts.pages !== null && result.pageCount !== facts.pages)
      wrong.push(`pages ${String(result.pageCount)}`);
    if (result.typeMetadata['encrypted'] !== facts.encrypted) wrong.push('encrypted');
    const producer = result.typeMetadata['producer'];
    if (facts.producer !== null && producer !== facts.producer) wrong.push('producer');
    const summary = `${String(result.pageCount)} pages, ${result.blocks.length} blocks, title ${result.metadata.title?.value ?? '-'}`;
    return wrong.length > 0 ? `FAULT ${wrong.join(', ')}` : `${summary} ${warningsOf(result)}`;
  } catch (error) {
    if (!(error instanceof AppError)) return `FAULT ${String(error)}`;
    if (error.code === 'file_encrypted' && !facts.encrypted) return 'FAULT not encrypted';
    return error.code;
  }
}

function warningsOf(result: Extraction): string {
  return result.warnings.map(({ code, message }) => `[${code}: ${message}]`).join(' ');
}

function ours(bytes: Uint8Array): Promise<Extraction> {
  return parse(
    {
      bytes,
      mediaType: 'application/pdf',
      declaredCharset: null,
      baseUrl: null,
      fileName: null,
      options: {},
    },
    { progress: () => undefined },
  );
}

async function pdfParse(bytes: Uint8Array): Promise<string> {
  const parser = new PDFParse(loadOptions(bytes));
  const { text } = await parser.getText({ pageJoiner: '' });
  await parser.destroy();
  return text;
}

async function timed<T>(work: () => Promise<T>): Promise<Timed<T>> {
  const start = performance.now();
  const value = await work();
  return { value, seconds: (performance.now() - start) / 1000 };
}

function f1(text: string, wanted: string, n: number, tokens: Tokens): number {
  const [own, gold] = [grams(text, n, tokens), grams(wanted, n, tokens)];
  let common = 0;
  for (const [gram, count] of own) common += Math.min(count, gold.get(gram) ?? 0);
  return (2 * common) / (total(own) + total(gold));
}

function grams(text: string, n: number, tokens: Tokens): ReadonlyMap<string, number> {
  const words = tokens(text.normalize('NFKC').toLowerCase());
  const counts = new Map<string, number>();
  for (let at = 0; at + n <= words.length; at++) {
    const gram = words.slice(at, at + n).join(' ');
    counts.set(gram, (counts.get(gram) ?? 0) + 1);
  }
  return counts;
}

function total(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
