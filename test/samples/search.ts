/**
 * Recall of chunking and search on Chroma's evaluation (five corpora, 235 questions), printed for
 * BM25 alone, the vectors alone and both fused at several weights. Reads SAMPLES_DIR/search in place;
 * says so and ends well when it is not there. Some minutes: every chunk is embedded.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fuse } from '../../backbone/content/fusion.ts';
import type { CanonicalText, Chunk, PlacedBlock } from '../../backbone/content/model.ts';
import { chunkText } from '../../backbone/content/steps/chunk.ts';
import { passageTerms, queryTerms } from '../../backbone/content/steps/terms.ts';
import { openUseLite } from '../../backbone/models/use-lite.ts';
import type { ScoredPoint } from '../../backbone/stores/vectors/vector-store.ts';

const CORPORA = ['chatlogs', 'finance', 'pubmed', 'state_of_the_union', 'wikitexts'];
const RETURNED = [1, 3, 5, 8, 10];
/** Chroma's figure. */
const IOU_AT = 5;
const CANDIDATES = 100;
const WEIGHTS = [0, 0.1, 0.2, 0.35, 0.5];

interface Reference {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

interface Question {
  readonly question: string;
  readonly corpus: string;
  readonly references: readonly Reference[];
}

interface IndexedChunk extends Chunk {
  readonly corpus: string;
}

type Ranking = readonly ScoredPoint[];

const folder = path.resolve(
  process.env['SAMPLES_DIR'] ?? path.join(import.meta.dirname, '../../../shared/samples'),
  'search',
);

if (existsSync(path.join(folder, 'questions.json'))) await measure();
else say(`No samples in ${folder}: nothing measured.`);

async function measure(): Promise<void> {
  const chunks = CORPORA.flatMap(chunksOf);
  const questions = JSON.parse(readFileSync(path.join(folder, 'questions.json'), 'utf8')) as Question[];
  const tokens = chunks.reduce((sum, chunk) => sum + chunk.tokenCount, 0);
  say(
    `${chunks.length} chunks of ${(tokens / chunks.length).toFixed(0)} tokens, ${questions.length} questions`,
  );
  const sparse = sparseRankings(chunks, questions, 'en');
  report('BM25 alone', chunks, questions, sparse);
  report(
    'BM25 alone, language of the query unknown',
    chunks,
    questions,
    sparseRankings(chunks, questions, null),
  );
  const dense = await denseRankings(chunks, questions);
  report('vectors alone', chunks, questions, dense);
  for (const denseWeight of WEIGHTS) {
    const fused = questions.map((_, at) => fuseLikeSearch(sparse[at] ?? [], dense[at] ?? [], denseWeight));
    report(`fused, dense weight ${denseWeight}`, chunks, questions, fused);
  }
}

/** A hundred of each side, and the dense scores of those that only the words found. */
function fuseLikeSearch(sparse: Ranking, dense: Ranking, denseWeight: number): Ranking {
  const words = sparse.slice(0, CANDIDATES);
  const found = new Set([...words, ...dense.slice(0, CANDIDATES)].map((point) => point.chunkIndex));
  return fuse({ sparse: words, dense: dense.filter((point) => found.has(point.chunkIndex)), denseWeight });
}

function chunksOf(corpus: string): IndexedChunk[] {
  const text = readFileSync(path.join(folder, `${corpus}.md`), 'utf8');
  const chunks = chunkText(linesAsParagraphs(text), { title: null, language: 'en' });
  return chunks.map((chunk) => ({ ...chunk, corpus }));
}

/** The file itself as canonical text, so that the questions' offsets hold. */
function linesAsParagraphs(text: string): CanonicalText {
  const placed: PlacedBlock[] = [];
  let start = 0;
  for (const line of text.split('\n')) {
    const end = start + line.length;
    if (line !== '') placed.push({ block: { kind: 'paragraph', text: line, locator: {} }, start, end });
    start = end + 1;
  }
  return { text, placed };
}

function sparseRankings(
  chunks: readonly IndexedChunk[],
  questions: readonly Question[],
  language: string | null,
): Ranking[] {
  const postings = new Map<string, [number, number][]>();
  for (const [at, chunk] of chunks.entries()) {
    for (const [term, weight] of passageTerms(chunk.text, 'en')) {
      const list = postings.get(term);
      if (list === undefined) postings.set(term, [[at, weight]]);
      else list.push([at, weight]);
    }
  }
  return questions.map(({ question }) => {
    const scores = new Map<number, number>();
    for (const [term, weight] of queryTerms(question, language)) {
      const list = postings.get(term) ?? [];
      const idf = Math.log(1 + (chunks.length - list.length + 0.5) / (list.length + 0.5));
      for (const [at, tf] of list) scores.set(at, (scores.get(at) ?? 0) + weight * tf * idf);
    }
    return ranked(scores);
  });
}

async function denseRankings(
  chunks: readonly IndexedChunk[],
  questions: readonly Question[],
): Promise<Ranking[]> {
  const before = process.memoryUsage().rss;
  const embedder = openUseLite();
  const { signal } = new AbortController();
  await embedder.probe();
  const startedAt = performance.now();
  const passages = await embedder.embed(
    chunks.map((chunk) => chunk.embeddingText),
    { kind: 'passage', signal },
  );
  const seconds = (performance.now() - startedAt) / 1_000;
  const queries = await embedder.embed(
    questions.map(({ question }) => question),
    { kind: 'query', signal },
  );
  const grown = (process.memoryUsage().rss - before) / 1e6;
  say(`${(chunks.length / seconds).toFixed(1)} chunks a second, ${grown.toFixed(0)} MB more memory`);
  await embedder.close();
  return queries.map((query) => ranked(new Map(passages.map((passage, at) => [at, dot(query, passage)]))));
}

function ranked(scores: ReadonlyMap<number, number>): Ranking {
  return [...scores]
    .sort(([a, scoreA], [b, scoreB]) => scoreB - scoreA || a - b)
    .map(([chunkIndex, score]) => ({ userId: 'u', contentId: 'c', version: 1, chunkIndex, score }));
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
}

function report(
  name: string,
  chunks: readonly IndexedChunk[],
  questions: readonly Question[],
  rankings: readonly Ranking[],
): void {
  const mean = (
    score: (question: Question, returned: readonly IndexedChunk[]) => number,
    count: number,
  ): string => {
    const scores = questions.map((question, at) => {
      const top = (rankings[at] ?? []).slice(0, count);
      return score(
        question,
        top.flatMap(({ chunkIndex }) => chunks[chunkIndex] ?? []),
      );
    });
    return (scores.reduce((sum, value) => sum + value, 0) / questions.length).toFixed(4);
  };
  const recalls = RETURNED.map((count) => `@${count} ${mean((q, top) => scoreOf(q, top).recall, count)}`);
  const iou = mean((q, top) => scoreOf(q, top).iou, IOU_AT);
  say(`${name.padEnd(44)} recall ${recalls.join('  ')}  IoU@${IOU_AT} ${iou}`);
}

function scoreOf(question: Question, returned: readonly IndexedChunk[]): { recall: number; iou: number } {
  const wanted = new Set<number>();
  for (const { start, end } of question.references) for (let at = start; at < end; at += 1) wanted.add(at);
  let covered = 0;
  let others = 0;
  for (const chunk of returned) {
    for (let at = chunk.start; at < chunk.end; at += 1) {
      if (chunk.corpus === question.corpus && wanted.has(at)) covered += 1;
      else others += 1;
    }
  }
  return { recall: covered / wanted.size, iou: covered / (wanted.size + others) };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
