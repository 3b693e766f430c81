/** What a citation is made of. Pure. */
import type { JsonObject } from '../../model.ts';

export type CitedName =
  | { readonly family: string; readonly given: string }
  /** Of a team, or a name that is one word. */
  | { readonly literal: string };

export interface CitationRecord {
  readonly title: string;
  readonly authors: readonly CitedName[];
  /** Year, month and day, as far as they are known. */
  readonly date: readonly number[];
  readonly venue: string | null;
  readonly doi: string | null;
  readonly arxivId: string | null;
  readonly url: string | null;
  readonly abstract: string | null;
  readonly language: string | null;
}

/** The columns of a content that a citation is made of. */
export interface CitedContent {
  readonly title: string | null;
  readonly authors: readonly string[];
  readonly published_at: string | null;
  readonly language: string | null;
  readonly url: string | null;
  readonly type_metadata: JsonObject;
}

const TEAM =
  /\b(?:team|group|consortium|collaboration|committee|society|association|organi[sz]ation|foundation|university)\b/i;
const PARTICLES = /^(?:van|von|de|der|den|del|della|da|di|du|la|le|ter|ten|zu|dos|al|el|bin|ibn)$/;

export function citationRecord(content: CitedContent): CitationRecord {
  const details = content.type_metadata;
  return {
    title: line(content.title ?? 'Untitled'),
    authors: content.authors
      .map(line)
      .filter((name) => name !== '')
      .map(citedName),
    date: dateParts(content.published_at),
    venue: textOf(details['venue']),
    doi: textOf(details['doi']),
    arxivId: textOf(details['arxivId']),
    url: textOf(details['paperUrl']) ?? content.url,
    abstract: textOf(details['abstract']),
    language: content.language,
  };
}

/** `Bo van Wick` has the family name `van Wick`; `Wick, Bo` says so itself. */
export function citedName(name: string): CitedName {
  const comma = name.indexOf(',');
  if (comma > 0) return { family: name.slice(0, comma).trim(), given: name.slice(comma + 1).trim() };
  const words = name.split(' ');
  if (words.length < 2 || TEAM.test(name)) return { literal: name };
  let at = words.length - 1;
  while (at > 1 && PARTICLES.test(words[at - 1] ?? '')) at -= 1;
  return { family: words.slice(at).join(' '), given: words.slice(0, at).join(' ') };
}

/** `Family, Given`, or the name as it is. */
export function invertedName(name: CitedName): string {
  return 'literal' in name ? name.literal : [name.family, name.given].filter(Boolean).join(', ');
}

function dateParts(date: string | null): readonly number[] {
  const [, ...parts] = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?/.exec(date ?? '') ?? [];
  return parts.filter(Boolean).map(Number);
}

function textOf(value: unknown): string | null {
  const text = typeof value === 'string' ? line(value) : '';
  return text === '' ? null : text;
}

/** Formats of citations are made of lines. */
function line(text: string): string {
  return text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
}
