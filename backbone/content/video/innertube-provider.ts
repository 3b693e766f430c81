/** Reads a video through youtubei.js: the interface that YouTube's own applications speak. */
import { AppError } from '../../errors.ts';
import { readPlayerResponse } from './player-response.ts';
import { SiteFetch } from './site-fetch.ts';
import type { YoutubeProvider } from './youtube-provider.ts';
import type { YoutubeSite } from './youtube-site.ts';

/** Of the applications that the library can speak for, one whose captions come without a token. */
const CLIENT = 'VISIONOS';

/**
 * The session is made here, not asked for: one request a video, and no script of YouTube is run. The answer is read by our
 * own reader, so that what a page says and what the interface says come out alike.
 */
export function innertubeProvider(site: YoutubeSite, now: () => Date): YoutubeProvider {
  return {
    name: 'innertube',
    read: async (videoId, signal) => {
      const through = new SiteFetch({ site, signal, now });
      const data = await playerData(videoId, through, signal);
      return readPlayerResponse(data, videoId, now());
    },
  };
}

async function playerData(videoId: string, through: SiteFetch, signal: AbortSignal): Promise<unknown> {
  // Loaded when first needed: it has some thousand modules.
  const { Innertube, Log } = await import('youtubei.js');
  Log.setLevel(Log.Level.NONE);
  try {
    const youtube = await Innertube.create({
      fetch: through.fetch,
      lang: 'en',
      retrieve_player: false,
      generate_session_locally: true,
      retrieve_innertube_config: false,
      enable_session_cache: false,
    });
    const request = {
      videoId,
      client: CLIENT,
      contentCheckOk: true,
      racyCheckOk: true,
      parse: false,
    } as const;
    return (await youtube.actions.execute('/player', request)).data;
  } catch (cause) {
    signal.throwIfAborted();
    if (through.error instanceof AppError) throw through.error;
    throw new AppError('youtube_unreadable', { cause });
  }
}
