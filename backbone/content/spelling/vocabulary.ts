import { setImmediate } from 'node:timers/promises';
import type { Database, SqlExecutor } from '../../stores/records/record-store.ts';
import { termOf } from '../steps/terms.ts';
import { wordsOf } from '../steps/words.ts';
import {
  corrections,
  isSpelt,
  toleratedMistakes,
  type Correction,
  type KnownWord,
  type QueryWord,
} from './spelling.ts';

/** The different words of a content, side by side with the terms they are indexed under. */
export interface ContentWords {
  readonly words: readonly string[];
  readonly terms: readonly string[];
}

interface ContentOf {
  readonly userId: string;
  readonly contentId: string;
}

/** A long novel has 20,000. */
const MAX_WORDS = 50_000;
/** Words looked up in one search; one takes some 10 ms among 25,000. */
const MAX_CORRECTED = 3;
/** Of a word; those that look most alike. */
const CANDIDATES = 50;
/**
 * The least share of common trigrams. One mistake leaves a word of five letters .2, two leave one of eight .2 unless
 * both swap letters. Of four letters a swap may leave .11, so swaps of those are looked up as they are.
 */
const LEAST_SIMILARITY = 0.18;
const PASSAGES_A_TURN = 32;

/** The words of passages in the language they are indexed in; others get their turn on the event loop. O(text). */
export async function wordsOfPassages(
  passages: readonly string[],
  language: string | null,
): Promise<ContentWords> {
  const termsByWord = new Map<string, string>();
  for (const [index, passage] of passages.entries()) {
    if (index % PASSAGES_A_TURN === 0) await setImmediate();
    for (const word of wordsOf(passage)) {
      if (termsByWord.size === MAX_WORDS) break;
      if (termsByWord.has(word.text) || !isSpelt(word)) continue;
      const term = termOf(word, language);
      if (term !== null) termsByWord.set(word.text, term);
    }
  }
  return { words: [...termsByWord.keys()], terms: [...termsByWord.values()] };
}

/** Replaces what a former version of the content counted for; no words remove it from the vocabulary. */
export async function saveWords(
  sql: SqlExecutor,
  of: ContentOf,
  { words, terms }: ContentWords,
): Promise<void> {
  const key = [of.userId, of.contentId];
  await sql.query(COUNT_WORDS, [...key, terms, words]);
  await sql.query(FORGET_WORDS, [...key, terms, words]);
  await sql.query('DELETE FROM content_words WHERE user_id = $1 AND content_id = $2', key);
  if (words.length === 0) return;
  await sql.query('INSERT INTO content_words (user_id, content_id, terms, words) VALUES ($1, $2, $3, $4)', [
    ...key,
    terms,
    words,
  ]);
}

/** What the words mean that no content of the tenant holds. Looks at the first three of those. */
export async function findCorrections(
  database: Database,
  userId: string,
  asked: readonly QueryWord[],
): Promise<Correction[]> {
  if (asked.length === 0) return [];
  const known = await knownTerms(
    database,
    userId,
    asked.flatMap(({ terms }) => terms),
  );
  const unknown = asked.filter(({ terms }) => !terms.some((term) => known.has(term))).slice(0, MAX_CORRECTED);
  if (unknown.length === 0) return [];
  const candidates = await database.transaction(async (sql) => {
    // To the planner the table is small: it knows not what comparing trigrams costs.
    await sql.query(
      `SELECT set_config('pg_trgm.similarity_threshold', $1, true), set_config('enable_seqscan', 'off', true)`,
      [String(LEAST_SIMILARITY)],
    );
    const found: (readonly KnownWord[])[] = [];
    for (const { text } of unknown) found.push(await similarWords(sql, userId, text));
    return found;
  });
  return unknown.flatMap((word, index) => corrections(word, candidates[index] ?? []));
}

/** A word of four letters with two neighbours swapped, in all three ways; longer words as they are. */
function swapsOf(word: string): string[] {
  const letters = Array.from(word);
  return [0, 1, 2].map((at) =>
    letters.length === 4
      ? letters
          .with(at, letters[at + 1] ?? '')
          .with(at + 1, letters[at] ?? '')
          .join('')
      : word,
  );
}

async function knownTerms(
  sql: SqlExecutor,
  userId: string,
  terms: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await sql.query<{ term: string }>(
    'SELECT DISTINCT term FROM vocabulary WHERE user_id = $1 AND term = ANY ($2::text[])',
    [userId, terms],
  );
  return new Set(rows.map((row) => row.term));
}

function similarWords(sql: SqlExecutor, userId: string, word: string): Promise<KnownWord[]> {
  return sql.query<KnownWord>(SIMILAR_WORDS, [
    userId,
    word,
    toleratedMistakes(word),
    CANDIDATES,
    ...swapsOf(word),
  ]);
}

/** By the trigrams first: without statistics PostgreSQL would rather go through all words of the tenant. */
const SIMILAR_WORDS = `
WITH alike AS MATERIALIZED (
  SELECT user_id, word, term, contents FROM vocabulary
   WHERE word % $2 OR word = $5 OR word = $6 OR word = $7)
SELECT word, term, contents FROM alike
 WHERE user_id = $1 AND length(word) BETWEEN length($2) - $3::int - 1 AND length($2) + $3::int + 1
 ORDER BY word IN ($5, $6, $7) DESC, similarity(word, $2) DESC, contents DESC, word LIMIT $4`;

const CHANGED_WORDS = `
  former AS (
    SELECT w.term, w.word FROM content_words c, unnest(c.terms, c.words) w (term, word)
     WHERE c.user_id = $1 AND c.content_id = $2),
  current AS (SELECT w.term, w.word FROM unnest($3::text[], $4::text[]) w (term, word))`;

/** In one order, whatever becomes of the counts: two contents at a time would otherwise wait for each other. */
const COUNT_WORDS = `
WITH ${CHANGED_WORDS},
  changes AS (
    SELECT term, word, 1 AS change FROM (TABLE current EXCEPT TABLE former) added
    UNION ALL SELECT term, word, -1 FROM (TABLE former EXCEPT TABLE current) gone)
INSERT INTO vocabulary AS v (user_id, term, word, contents)
SELECT $1, term, word, change FROM changes ORDER BY term, word
ON CONFLICT (user_id, term, word) DO UPDATE SET contents = v.contents + EXCLUDED.contents`;

const FORGET_WORDS = `
WITH ${CHANGED_WORDS}
DELETE FROM vocabulary v USING (TABLE former EXCEPT TABLE current) gone
 WHERE v.user_id = $1 AND v.term = gone.term AND v.word = gone.word AND v.contents <= 0`;
