/** Asks Apple's directory where the feed of a show is. It knows the newest 200 episodes of each. */
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import type { ManagerPorts } from '../content-manager.ts';
import { fetchFile, type FetchedFile, type FetchPorts } from '../fetched-file.ts';
import type { AppleLink } from './podcast-places.ts';

export type LookupPorts = FetchPorts & Pick<ManagerPorts, 'appleLookupUrl'>;

/** What the directory knows of a link. */
export interface AppleEntry {
  readonly feedUrl: string;
  /** Null for links to a show. */
  readonly episode: { readonly guid: string | null; readonly audioUrl: string | null } | null;
}

/** As many as it answers with. An entry has some 5 KB, of show notes mostly. */
const MOST_EPISODES = 200;
const MOST_BYTES = 8 * 1024 * 1024;
/** It allows some twenty questions a minute, and says so with a 403. */
const BUSY_MS = 60_000;

const text = z.string().trim().min(1).max(2000).nullish().catch(null);
const RESULT = z.object({
  kind: text,
  trackId: z.number().nullish().catch(null),
  feedUrl: text,
  episodeGuid: text,
  episodeUrl: text,
});
const ANSWER = z.object({ results: z.array(z.unknown()).max(2 * MOST_EPISODES) });
type Result = z.output<typeof RESULT>;

/**
 * @throws AppError directory_unreadable, episode_not_found, no_public_audio for shows without a feed, source_not_found
 * for unknown ones, and what the fetcher throws
 */
export async function lookUp(ports: LookupPorts, link: AppleLink, signal: AbortSignal): Promise<AppleEntry> {
  const url = lookupAddress(ports.appleLookupUrl, link);
  return entryIn(await askDirectory(ports, url, signal), link);
}

export function lookupAddress(lookupUrl: string, { showId, episodeId, country }: AppleLink): string {
  const url = new URL(lookupUrl);
  url.searchParams.set('id', showId);
  url.searchParams.set('entity', episodeId === null ? 'podcast' : 'podcastEpisode');
  if (episodeId !== null) url.searchParams.set('limit', String(MOST_EPISODES));
  if (country !== null) url.searchParams.set('country', country);
  return url.href;
}

async function askDirectory(ports: LookupPorts, url: string, signal: AbortSignal): Promise<FetchedFile> {
  try {
    return await fetchFile(ports, { url, purpose: 'service', signal, maxBytes: MOST_BYTES });
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'source_forbidden') throw error;
    throw new AppError('source_throttled', { retryAfterMs: BUSY_MS, cause: error });
  }
}

function entryIn({ bytes }: FetchedFile, { episodeId }: AppleLink): AppleEntry {
  const results = resultsIn(bytes);
  if (results.length === 0) throw new AppError('source_not_found');
  const feedUrl = results.find(({ kind }) => kind === 'podcast')?.feedUrl ?? results[0]?.feedUrl ?? null;
  if (feedUrl === null) throw new AppError('no_public_audio', { params: { place: 'Apple Podcasts' } });
  if (episodeId === null) return { feedUrl, episode: null };
  const episode = results.find((one) => one.kind !== 'podcast' && String(one.trackId) === episodeId);
  if (episode === undefined) throw new AppError('episode_not_found', { params: { episode: episodeId } });
  const { episodeGuid, episodeUrl } = episode;
  return { feedUrl, episode: { guid: episodeGuid ?? null, audioUrl: episodeUrl ?? null } };
}

function resultsIn(bytes: Buffer): readonly Result[] {
  try {
    const { results } = ANSWER.parse(JSON.parse(bytes.toString('utf8')));
    return results.flatMap((result) => RESULT.safeParse(result).data ?? []);
  } catch (cause) {
    throw new AppError('directory_unreadable', { cause });
  }
}
