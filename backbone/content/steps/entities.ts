import type { Entity, EntityType } from '../model.ts';
import { nameSpansOf, NOUN_CAPITALISERS, type NameSpan } from './entity-spans.ts';
import {
  GIVEN_NAMES,
  ORGANIZATIONS,
  ORGANIZATION_WORDS,
  PLACES,
  PLACE_CUES,
  PLACE_WORDS,
  SAYING_VERBS,
} from './gazetteer.ts';

const LIMIT = 100;

/** Votes for a type. A word of the name itself tells more than the words beside it. */
const CERTAIN = 10;
const STRONG = 4;
const WEAK = 1;

/** Fewer votes than this share of the mentions leave the type open. */
const LEAST_SHARE = 0.4;

export interface KnownName {
  readonly name: string;
  readonly type: EntityType;
}

export interface EntityOptions {
  /** ISO 639-1; null unknown. */
  readonly language: string | null;
  /** Names the content's metadata gives (authors, site), with their types. */
  readonly known: readonly KnownName[];
}

interface Candidate {
  readonly name: string;
  readonly words: readonly string[];
  readonly aliases: Set<string>;
  readonly votes: Map<EntityType, number>;
  count: number;
}

/**
 * The people, organisations and places a text names, most frequent first, at most 100: capitalised
 * runs, typed by a small gazetteer, words of the name ("University", "River") and the words beside
 * it ("Mr", "in", "said"). "Merkel" counts for "Angela Merkel" and "ECB" for "European Central Bank"
 * where the text has both. Languages without capitals give only names that are known. O(text).
 */
export function extractEntities(text: string, options: EntityOptions): Entity[] {
  const known = new Map(options.known.map(({ name, type }) => [name.trim().toLowerCase(), type]));
  const candidates = new Map<string, Candidate>();
  for (const span of nameSpansOf(text, options.language)) note(candidates, span, known);
  addUncapitalised(candidates, text, options.known);
  const merged = mergeAliases([...candidates.values()]);
  return merged
    .filter((candidate) => isEvident(candidate, options.language))
    .map(toEntity)
    .sort((a, b) => b.count - a.count || compare(a.name, b.name))
    .slice(0, LIMIT);
}

function note(
  candidates: Map<string, Candidate>,
  span: NameSpan,
  known: ReadonlyMap<string, EntityType>,
): void {
  const name = span.words.join(' ');
  const key = name.toLowerCase();
  const candidate = candidates.get(key) ?? newCandidate(name, span.words);
  candidates.set(key, candidate);
  candidate.count += 1;
  if (candidate.name !== name) candidate.aliases.add(name);
  const knownType = known.get(key);
  if (knownType !== undefined) vote(candidate, knownType, CERTAIN * CERTAIN);
  voteByName(candidate, key);
  voteByContext(candidate, span);
}

function newCandidate(name: string, words: readonly string[]): Candidate {
  return { name, words, aliases: new Set(), votes: new Map(), count: 0 };
}

function vote(candidate: Candidate, type: EntityType, weight: number): void {
  candidate.votes.set(type, (candidate.votes.get(type) ?? 0) + weight);
}

function voteByName(candidate: Candidate, key: string): void {
  const words = key.split(' ');
  const several = words.length > 1;
  if (PLACES.has(key)) vote(candidate, 'place', CERTAIN);
  if (ORGANIZATIONS.has(key)) vote(candidate, 'organization', CERTAIN);
  if (several && words.some((word) => ORGANIZATION_WORDS.has(word))) vote(candidate, 'organization', CERTAIN);
  if (several && words.some((word) => PLACE_WORDS.has(word))) vote(candidate, 'place', STRONG);
  if (GIVEN_NAMES.has(words[0] ?? '')) vote(candidate, 'person', several ? STRONG + WEAK : WEAK);
}

function voteByContext(candidate: Candidate, { before, after, title }: NameSpan): void {
  if (title !== null) vote(candidate, 'person', CERTAIN);
  if (SAYING_VERBS.has(after)) vote(candidate, 'person', STRONG / 2);
  const cue = before.at(-1) ?? '';
  const single = candidate.words.length === 1;
  if (PLACE_CUES.has(cue) && !isAcronym(candidate.name)) vote(candidate, 'place', WEAK);
  if (cue === 'the' && single && isAcronym(candidate.name)) vote(candidate, 'organization', WEAK);
}

/** Known names in scripts without capitals, or written small: counted where they stand. */
function addUncapitalised(
  candidates: Map<string, Candidate>,
  text: string,
  known: readonly KnownName[],
): void {
  for (const { name, type } of known.slice(0, LIMIT)) {
    const wanted = name.trim();
    if (wanted === '' || candidates.has(wanted.toLowerCase())) continue;
    const count = text.split(wanted).length - 1;
    if (count === 0) continue;
    const candidate = newCandidate(wanted, wanted.split(/\s+/));
    candidate.count = count;
    vote(candidate, type, CERTAIN * CERTAIN);
    candidates.set(wanted.toLowerCase(), candidate);
  }
}

/** Adds surnames to the one person that bears them, and acronyms to the name they abbreviate. */
function mergeAliases(candidates: readonly Candidate[]): Candidate[] {
  const longer = new Map<string, Candidate | null>();
  for (const candidate of candidates) {
    if (candidate.words.length < 2) continue;
    for (const short of shortFormsOf(candidate)) longer.set(short, longer.has(short) ? null : candidate);
  }
  return candidates.filter((candidate) => {
    const full = candidate.words.length === 1 ? longer.get(candidate.name.toLowerCase()) : undefined;
    if (full === undefined || full === null || full === candidate) return true;
    full.count += candidate.count;
    full.aliases.add(candidate.name);
    for (const [type, weight] of candidate.votes) vote(full, type, weight);
    return false;
  });
}

function shortFormsOf(candidate: Candidate): string[] {
  const lower = candidate.words.map((word) => word.toLowerCase());
  if (typeOf(candidate) === 'person') return [lower.at(-1) ?? ''];
  const capitals = candidate.words.filter((word) => /^\p{Lu}/u.test(word)).map((word) => word.charAt(0));
  return capitals.length > 2 ? [capitals.join('').toLowerCase()] : [];
}

function typeOf({ votes, count }: Candidate): EntityType {
  const [best] = [...votes].sort(([a, votesA], [b, votesB]) => votesB - votesA || compare(a, b));
  return best === undefined || best[1] < count * LEAST_SHARE ? 'other' : best[0];
}

/** A lone capitalised word proves little, and in German even several mentions do not. */
function isEvident(candidate: Candidate, language: string | null): boolean {
  const votes = Math.max(0, ...candidate.votes.values());
  if (candidate.name.length < 2) return false;
  if (NOUN_CAPITALISERS.has(language ?? '')) {
    if (candidate.words.length > 1) return votes >= STRONG || candidate.count > 1;
    return votes >= CERTAIN || (isAcronym(candidate.name) && candidate.count > 1);
  }
  return candidate.words.length > 1 || candidate.count > 1 || votes >= WEAK;
}

function isAcronym(name: string): boolean {
  return /^\p{Lu}[\p{Lu}\p{N}&]{1,5}$/u.test(name);
}

function toEntity(candidate: Candidate): Entity {
  return {
    name: candidate.name,
    type: typeOf(candidate),
    aliases: [...candidate.aliases].sort(compare),
    count: candidate.count,
  };
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
