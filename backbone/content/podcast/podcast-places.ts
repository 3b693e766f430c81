/** Addresses of places where podcasts are heard, by their looks alone. Pure. */

/** `https://podcasts.apple.com/us/podcast/coast-talk/id123?i=456` */
export interface AppleLink {
  readonly showId: string;
  /** Null: the show, not an episode of it. */
  readonly episodeId: string | null;
  /** Two letters; null: the address names no country. */
  readonly country: string | null;
}

/** Hosts of podcasts whose pages name the recording; their own subdomains belong to them. */
const EPISODE_HOSTS = [
  'acast.com',
  'buzzsprout.com',
  'captivate.fm',
  'castbox.fm',
  'fireside.fm',
  'libsyn.com',
  'overcast.fm',
  'pca.st',
  'podbean.com',
  'podomatic.com',
  'rss.com',
  'simplecast.com',
  'spreaker.com',
  'transistor.fm',
];

/** Null for every other address. */
export function appleLinkOf({ hostname, pathname, searchParams }: URL): AppleLink | null {
  if (hostname !== 'podcasts.apple.com' && hostname !== 'itunes.apple.com') return null;
  const [, country = null, showId] =
    /^(?:\/([a-z]{2}))?\/podcast\/(?:[^/]+\/)?id(\d{1,20})\/?$/.exec(pathname) ?? [];
  if (showId === undefined) return null;
  const episode = searchParams.get('i') ?? '';
  return { showId, episodeId: /^\d{1,20}$/.test(episode) ? episode : null, country };
}

/** One spelling for all countries and names that an address may hold. */
export function appleAddress({ showId, episodeId }: AppleLink): URL {
  return new URL(
    `https://podcasts.apple.com/podcast/id${showId}${episodeId === null ? '' : `?i=${episodeId}`}`,
  );
}

/** Spotify plays episodes and shows, but gives nobody the recording. */
export function isSpotify({ hostname, pathname }: URL): boolean {
  return hostname === 'open.spotify.com' && /^\/(?:intl-[a-z]{2,5}\/)?(?:episode|show)\/\w/.test(pathname);
}

/** Whether a page there may be one of an episode. The front page of a host is none. */
export function isEpisodeHost({ hostname, pathname }: URL): boolean {
  return pathname !== '/' && EPISODE_HOSTS.some((host) => hostname === host || hostname.endsWith(`.${host}`));
}
