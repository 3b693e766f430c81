/**
 * Measures the parsers of office files on sample files with known text: word F1 against the expected
 * Markdown, marks stripped, a file a line and the mean of each format. The samples are not part of the
 * project; without them the program says so. `node test/samples/office.ts [-v]`
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { parse } from '../../backbone/content/document/document-parser.ts';
import { canonicalText } from '../../backbone/content/model.ts';
import {
  DOCX_TYPE,
  ODP_TYPE,
  ODS_TYPE,
  ODT_TYPE,
  PPTX_TYPE,
  XLSX_TYPE,
} from '../../backbone/content/parsing/media-type.ts';
import { countWords, wordF1, type WordCounts } from '../support/word-overlap.ts';

/** Folders of the samples, and the media types by extension. */
const FORMATS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  docx: { '.docx': DOCX_TYPE },
  pptx: { '.pptx': PPTX_TYPE },
  xlsx: { '.xlsx': XLSX_TYPE, '.xlsm': XLSX_TYPE },
  odf: { '.odt': ODT_TYPE, '.ods': ODS_TYPE, '.odp': ODP_TYPE },
};

const folder = join(
  process.env['SAMPLES_DIR'] ?? join(import.meta.dirname, '../../../shared/samples'),
  'office',
);
const verbose = process.argv.includes('-v');
const print = (line: string): boolean => process.stdout.write(`${line}\n`);

for (const [format, mediaTypes] of Object.entries(FORMATS)) {
  if (existsSync(join(folder, format))) await measure(format, mediaTypes);
  else print(`office: no samples at ${join(folder, format)}, nothing measured`);
}

async function measure(format: string, mediaTypes: Readonly<Record<string, string>>): Promise<void> {
  const scores: number[] = [];
  for (const name of readdirSync(join(folder, format))) {
    const mediaType = mediaTypes[extname(name)];
    if (mediaType === undefined) continue;
    const expected = wordsOf(readFileSync(join(folder, format, `${name}.expected.md`), 'utf8'));
    const found = wordsOf(await textOf(join(format, name), mediaType));
    const score = wordF1(found, expected);
    scores.push(score);
    print(`office: ${score.toFixed(3)} ${name}`);
    if (verbose) print(`  missing: ${difference(expected, found)}\n  extra: ${difference(found, expected)}`);
  }
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  print(`office: word F1 ${mean.toFixed(3)} (mean of ${scores.length} ${format.toUpperCase()} files)`);
}

async function textOf(name: string, mediaType: string): Promise<string> {
  const bytes = readFileSync(join(folder, name));
  const input = { bytes, mediaType, declaredCharset: null, baseUrl: null, fileName: name, options: {} };
  const { blocks } = await parse(input, { progress: () => undefined });
  // The expected text leaves out comments of DOCX, notes of slides and the descriptions of pictures.
  const leftOut = mediaType === XLSX_TYPE || mediaType === ODS_TYPE ? /^Notes/ : /^(?:Comment|Notes)/;
  const wanted = blocks.filter(
    ({ kind, text }) => kind !== 'image' && !(kind === 'footnote' && leftOut.test(text)),
  );
  return canonicalText(wanted).text;
}

/** Words and their counts; comments and marks of Markdown are no words. Charts, which repeat cells, are not read. */
function wordsOf(text: string): WordCounts {
  const plain = text
    .replaceAll(/^(?:Bar|Line|Pie|Scatter) chart\n\n(?:\|.*\n?)+/gm, ' ')
    .replaceAll(/<!--.*?-->/gs, ' ')
    .replaceAll(/&(amp|lt|gt);/g, (_, name: string) => ({ amp: '&', lt: '<', gt: '>' })[name] ?? ' ');
  return countWords(plain, /[\p{L}\p{N}]+/gu);
}

function difference(from: WordCounts, other: WordCounts): string {
  return [...from]
    .flatMap(([word, count]) => (count > (other.get(word) ?? 0) ? [word] : []))
    .slice(0, 60)
    .join(' ');
}
