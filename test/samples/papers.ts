/**
 * Measures the reader of papers on sample PDFs: precision and recall of the DOIs of references against what the
 * publisher registered, and of the body's 4-grams against the JATS body.
 * The same of the reader of JATS, on the publisher's JATS of the same papers.
 * The samples are not part of the project; without them the program says so.
 * `node test/samples/papers.ts [-v]`
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { idOfDoi } from '../../backbone/content/academic-paper/scholarly-ids.ts';
import { readPaper } from '../../backbone/content/academic-paper/paper-reader.ts';
import { parse as parsePaper } from '../../backbone/content/academic-paper/paper-parser.ts';
import { parse } from '../../backbone/content/document/pdf/pdf-parser.ts';
import { JATS_TYPE } from '../../backbone/content/parsing/media-type-hints.ts';
import {
  elementAt,
  elementsOf,
  readXml,
  textOf,
  type XmlElement,
} from '../../backbone/content/parsing/xml.ts';

interface Score {
  readonly found: number;
  readonly wanted: number;
  readonly both: number;
}

const folder = join(
  process.env['SAMPLES_DIR'] ?? join(import.meta.dirname, '../../../shared/samples'),
  'papers/jose',
);
const verbose = process.argv.includes('-v');
const WANTED = {
  doiPrecision: 0.95,
  doiRecall: 0.9,
  bodyPrecision: 0.85,
  bodyRecall: 0.95,
  jatsDoiRecall: 0.9,
  jatsBodyRecall: 0.95,
};
const print = (line: string): boolean => process.stdout.write(`${line}\n`);

if (existsSync(folder)) await measure();
else print(`papers: no samples at ${folder}, nothing measured`);

async function measure(): Promise<void> {
  const names = readdirSync(folder).filter((name) => name.endsWith('.pdf'));
  const scores: { dois: Score; body: Score }[] = [];
  for (const name of names) scores.push(await measurePaper(name.replace(/\.pdf$/, '')));
  const dois = total(scores.map((score) => score.dois));
  const body = total(scores.map((score) => score.body));
  print(`papers: reference DOIs ${shown(dois)}; body 4-grams ${shown(body)}; ${names.length} papers`);
  const jats = await Promise.all(names.map((name) => measureJats(name.replace(/\.pdf$/, ''))));
  const jatsDois = total(jats.map((score) => score.dois));
  const jatsBody = total(jats.map((score) => score.body));
  print(`papers: JATS reference DOIs ${shown(jatsDois)}; body 4-grams ${shown(jatsBody)}`);
  const isBelow =
    recall(jatsDois) < WANTED.jatsDoiRecall ||
    recall(jatsBody) < WANTED.jatsBodyRecall ||
    precision(dois) < WANTED.doiPrecision ||
    recall(dois) < WANTED.doiRecall ||
    precision(body) < WANTED.bodyPrecision ||
    recall(body) < WANTED.bodyRecall;
  if (isBelow) process.exitCode = 1;
}

async function measurePaper(stem: string): Promise<{ dois: Score; body: Score }> {
  const path = join(folder, stem);
  const pdf = await parse(
    {
      bytes: new Uint8Array(readFileSync(`${path}.pdf`)),
      mediaType: 'application/pdf',
      declaredCharset: null,
      baseUrl: null,
      fileName: null,
      options: {},
    },
    { progress: () => undefined },
  );
  const { facts, extraction } = readPaper(pdf, null);
  const wanted = new Set(citedDois(`${path}.crossref.xml`));
  const found = new Set(
    facts.references.flatMap(({ doi, arxivId }) => [
      ...(doi === null ? [] : [doi]),
      // Publishers register no id of arXiv but as a DOI.
      ...(arxivId !== null && wanted.has(arxivId) ? [arxivId] : []),
    ]),
  );
  const dois = overlap(found, wanted);
  const body = overlap(
    grams(extraction.blocks.map(({ text }) => text).join(' ')),
    grams(bodyText(`${path}.jats.xml`)),
  );
  print(`papers: dois ${shown(dois)}; body ${shown(body)} ${stem}`);
  if (verbose) {
    print(`  missed ${[...wanted].filter((id) => !found.has(id)).join(' ')}`);
    print(`  wrong ${[...found].filter((id) => !wanted.has(id)).join(' ')}`);
    print(`  ${facts.references.length} references; ${facts.affiliations.join(' | ')}`);
  }
  return { dois, body };
}

async function measureJats(stem: string): Promise<{ dois: Score; body: Score }> {
  const path = join(folder, stem);
  const { blocks, typeMetadata } = await parsePaper(
    {
      bytes: new Uint8Array(readFileSync(`${path}.jats.xml`)),
      mediaType: JATS_TYPE,
      declaredCharset: null,
      baseUrl: null,
      fileName: null,
      options: {},
    },
    { progress: () => undefined },
  );
  const references = typeMetadata['references'] as readonly { doi: string | null; arxivId: string | null }[];
  const wanted = new Set(citedDois(`${path}.crossref.xml`));
  const found = references.flatMap(({ doi, arxivId }) => [
    ...(doi === null ? [] : [doi]),
    ...(arxivId !== null && wanted.has(arxivId) ? [arxivId] : []),
  ]);
  const text = blocks.map((block) => block.text).join(' ');
  return {
    dois: overlap(new Set(found), wanted),
    body: overlap(grams(text), grams(bodyText(`${path}.jats.xml`))),
  };
}

/** As canonical ids: a DOI of arXiv is an arXiv id. */
function citedDois(path: string): readonly string[] {
  const root = readXml(readFileSync(path), { namespaces: {} });
  return descendants(root, 'citation').flatMap((citation) =>
    elementsOf(citation, 'doi').map((doi) => idOfDoi(textOf(doi).trim().toLowerCase()).id),
  );
}

function bodyText(path: string): string {
  const body = elementAt(readXml(readFileSync(path), { namespaces: {} }), 'body');
  return body === null ? '' : textOf(body);
}

function descendants(element: XmlElement, name: string): readonly XmlElement[] {
  return elementsOf(element).flatMap((child) => [
    ...(child.name === name ? [child] : []),
    ...descendants(child, name),
  ]);
}

function grams(text: string): ReadonlySet<string> {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return new Set(words.slice(3).map((_word, index) => words.slice(index, index + 4).join(' ')));
}

function overlap(found: ReadonlySet<string>, wanted: ReadonlySet<string>): Score {
  const both = [...found].filter((one) => wanted.has(one)).length;
  return { found: found.size, wanted: wanted.size, both };
}

function total(scores: readonly Score[]): Score {
  const sum = (of: (score: Score) => number): number => scores.reduce((all, score) => all + of(score), 0);
  return {
    found: sum(({ found }) => found),
    wanted: sum(({ wanted }) => wanted),
    both: sum(({ both }) => both),
  };
}

function precision({ found, both }: Score): number {
  return found === 0 ? 1 : both / found;
}

function recall({ wanted, both }: Score): number {
  return wanted === 0 ? 1 : both / wanted;
}

function shown(score: Score): string {
  return `P ${precision(score).toFixed(3)} R ${recall(score).toFixed(3)} (${score.wanted})`;
}
