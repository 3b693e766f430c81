/**
 * Measures the reader of feeds on sample files with known facts: whether each is read, and the share of
 * titles, numbers of entries and first and last entries that are as expected. Damaged files must not make
 * it crash. The samples are not part of the project; without them the program says so.
 * `node test/samples/feeds.ts [-v]`
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeText } from '../../backbone/content/parsing/charset.ts';
import { plainText } from '../../backbone/content/webpage/feed/feed-text.ts';
import { readFeed } from '../../backbone/content/webpage/feed/feed-source.ts';
import type { Feed, FeedEntry } from '../../backbone/content/webpage/feed/feed-model.ts';
import { isFeed } from '../../backbone/content/webpage/feed-check.ts';

interface EntryFacts {
  readonly title?: string | null;
  readonly link?: string | null;
  readonly date?: string | null;
}
interface FeedFacts {
  readonly format?: string | null;
  readonly title?: string | null;
  readonly items?: number | null;
  readonly first?: EntryFacts | null;
  readonly last?: EntryFacts | null;
}

const folder = join(
  process.env['SAMPLES_DIR'] ?? join(import.meta.dirname, '../../../shared/samples'),
  'feeds',
);
const verbose = process.argv.includes('-v');
const now = new Date('2026-01-01T00:00:00Z');
/** Facts asked of each feed. */
const CHECKS = 8;
const print = (line: string): boolean => process.stdout.write(`${line}\n`);

if (existsSync(folder)) measure();
else print(`feeds: no samples at ${folder}, nothing measured`);

function measure(): void {
  const all = Object.entries(
    JSON.parse(readFileSync(join(folder, 'facts.json'), 'utf8')) as Record<string, FeedFacts>,
  );
  const feeds = all.filter(([name, { format }]) => format !== 'opml' && !name.startsWith('discovery/'));
  const scores = { read: 0, damaged: 0, right: 0, asked: 0 };
  const known = feeds.filter(([, { items }]) => typeof items === 'number');
  for (const [name, facts] of known) {
    const faults = faultsOf(name, facts);
    if (faults === null) print(`feeds: not read: ${name}`);
    else scores.read += 1;
    scores.asked += CHECKS;
    scores.right += faults === null ? 0 : CHECKS - faults.length;
    if (verbose && faults !== null) for (const fault of faults) print(`  ${name}: ${fault}`);
  }
  for (const [name] of feeds.filter(([, { items }]) => typeof items !== 'number')) {
    const bytes = readFileSync(join(folder, name));
    const { text } = decodeText(bytes, { declared: null, kind: 'html' });
    if (!isFeed(text)) print(`feeds: ${name} is damaged beyond being a feed`);
    else
      print(
        `feeds: ${name} is damaged; entries read: ${readFeed(text, { baseUrl: null, now }).feed.entries.length}`,
      );
  }
  const share = (scores.right / scores.asked).toFixed(3);
  print(`feeds: ${scores.read} of ${known.length} read; facts right ${share} of ${scores.asked}`);
  if (scores.read < known.length || scores.right / scores.asked < 0.98) process.exitCode = 1;
}

/** What differs from the facts; null when the feed cannot be read. */
function faultsOf(name: string, facts: FeedFacts): string[] | null {
  const bytes = readFileSync(join(folder, name));
  const { text } = decodeText(bytes, { declared: null, kind: 'html' });
  if (!isFeed(text)) return null;
  const { feed } = readFeed(text, { baseUrl: null, now });
  return [
    ...differing('title', feed.title, plainText(facts.title)),
    ...differing('entries', feed.entries.length, facts.items ?? 0),
    ...entryFaults('first', feed.entries[0], facts.first ?? {}),
    ...entryFaults('last', feed.entries.at(-1), facts.last ?? {}),
  ];
}

function entryFaults(which: string, entry: Feed['entries'][number] | undefined, facts: EntryFacts): string[] {
  const link = URL.parse(facts.link ?? '')?.href ?? null;
  return [
    ...differing(`${which} title`, entry?.title ?? null, plainText(facts.title)),
    ...(link === null ? [] : differing(`${which} link`, entry?.link ?? null, link)),
    ...dateFaults(which, entry, facts.date ?? null),
  ];
}

function dateFaults(which: string, entry: FeedEntry | undefined, date: string | null): string[] {
  const time = date === null ? NaN : Date.parse(date);
  if (Number.isNaN(time)) return [];
  const found = [entry?.publishedAt, entry?.modifiedAt].map((value) => Date.parse(value ?? ''));
  return found.some((value) => Math.abs(value - time) < 1000)
    ? []
    : [`${which} date: ${String(entry?.publishedAt)} for ${String(date)}`];
}

function differing(what: string, found: unknown, expected: unknown): string[] {
  return found === expected ? [] : [`${what}: ${JSON.stringify(found)} for ${JSON.stringify(expected)}`];
}
