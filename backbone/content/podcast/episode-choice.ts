/** Which episode of a feed is meant. Pure. */
import { canonicalUrl } from '../../fetch/canonical-url.ts';
import { publicationInstant } from '../publication-instant.ts';
import { LATEST } from './episode-address.ts';
import type { FeedEpisode } from './episode.ts';

/** An episode as far as it can be told from the others, in whichever format its feed is written. */
export interface Candidate {
  readonly guid: string | null;
  readonly number: number | null;
  /** ISO 8601. */
  readonly publishedAt: string | null;
  /** Addresses of its page and its recording. */
  readonly links: readonly (string | null)[];
  readonly read: () => FeedEpisode;
}

/** What is known of the episode that is sought. */
export interface EpisodeQuery {
  /** A guid, a number or `latest`; null: only its addresses are known. */
  readonly name: string | null;
  /** Addresses of its page or its recording; they count where the name finds nothing. */
  readonly links: readonly string[];
}

/** A guid before a number, since a guid may look like one. Of several that fit, the first in the feed. O(candidates). */
export function chosenEpisode(
  candidates: readonly Candidate[],
  { name, links }: EpisodeQuery,
): Candidate | null {
  if (name === LATEST) return latestOf(candidates);
  const sought = new Set(links.map(linkKey));
  return (
    candidates.find(({ guid }) => guid !== null && guid === name) ??
    candidates.find(({ number }) => number !== null && String(number) === name) ??
    candidates.find((one) => one.links.some((link) => link !== null && sought.has(linkKey(link)))) ??
    null
  );
}

/** Without dates the first one, as feeds begin with the newest. */
function latestOf(candidates: readonly Candidate[]): Candidate | null {
  const at = ({ publishedAt }: Candidate): string => publicationInstant(publishedAt) ?? '';
  return candidates.reduce<Candidate | null>(
    (best, one) => (best === null || at(one) > at(best) ? one : best),
    null,
  );
}

/** Feeds and pages disagree about the scheme, `www.` and the last slash. */
function linkKey(link: string): string {
  if (!URL.canParse(link)) return link;
  return canonicalUrl(link)
    .replace(/^https?:\/\/(?:www\.)?/, '')
    .replace(/\/$/, '');
}
