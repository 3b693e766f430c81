/** What an address and the options of a job say about which episode is meant. Pure. */
import { createHash } from 'node:crypto';
import type { IdentitySource } from '../content-type.ts';
import { hashedIdentity } from '../identity.ts';
import { appleAddress, appleLinkOf, isEpisodeHost, isSpotify } from './podcast-places.ts';

/** The name that stands for the newest episode, whichever that is. */
export const LATEST = 'latest';

type Options = Readonly<Record<string, unknown>>;

const FILE_NAME = /\.(?:mp3|m4a|m4b|ogg|oga|opus|flac|wav|srt|vtt)$/i;
const FRAGMENT = '#episode=';

/**
 * A guid, a number or `latest`: the option `episode`, else `https://coast.example/feed.xml#episode=GUID`; null when
 * neither names one.
 */
export function episodeNamed(url: URL | null, { episode }: Options): string | null {
  if (typeof episode === 'number' || typeof episode === 'string') return String(episode);
  if (url?.hash.startsWith(FRAGMENT) !== true) return null;
  const name = new URLSearchParams(url.hash.slice(1)).get('episode')?.trim() ?? '';
  return name === '' ? null : name;
}

export function isPodcastAddress(url: URL): boolean {
  if (FILE_NAME.test(url.pathname) || url.hash.startsWith(FRAGMENT)) return true;
  return appleLinkOf(url) !== null || isSpotify(url) || isEpisodeHost(url);
}

/**
 * The episodes of a feed are contents of their own, however they are named; `latest` is another one, which follows the
 * feed. All addresses that Apple has for an episode are one.
 */
export function podcastIdentity(source: IdentitySource): string {
  if (source.kind === 'upload') return hashedIdentity(source);
  const { url, options = {} } = source;
  const name = episodeNamed(url, options);
  const apple = appleLinkOf(url);
  const place = apple === null ? url : appleAddress(name === null ? apple : { ...apple, episodeId: null });
  const id = hashedIdentity({ kind: 'url', url: place });
  if (name === null || name === LATEST) return id;
  return createHash('sha256').update(`${id}\n${name}`).digest('hex').slice(0, id.length);
}
