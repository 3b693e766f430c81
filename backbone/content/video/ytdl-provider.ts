/** Reads a video through ytdl-core: what it says of a video, never its formats, so that no script of YouTube is run. */
import { AppError } from '../../errors.ts';
import { assignedObject } from './embedded-json.ts';
import { readPlayerResponse } from './player-response.ts';
import { SiteFetch } from './site-fetch.ts';
import { readWatchPage } from './watch-page-provider.ts';
import { watchUrl } from './youtube-address.ts';
import type { YoutubeProvider } from './youtube-provider.ts';
import type { YoutubeSite } from './youtube-site.ts';

/** A status that the library takes for final: it would ask three more times. */
const FINAL = { statusCode: 400 };

export function ytdlProvider(site: YoutubeSite, now: () => Date): YoutubeProvider {
  return {
    name: 'ytdl',
    read: async (videoId, signal) => {
      const through = new SiteFetch({ site, signal, now });
      return readPlayerResponse(await playerResponse(videoId, through, now, signal), videoId, now());
    },
  };
}

async function playerResponse(
  videoId: string,
  through: SiteFetch,
  now: () => Date,
  signal: AbortSignal,
): Promise<unknown> {
  const { default: ytdl } = await import('@distube/ytdl-core/lib/info.js');
  const { default: utils } = await import('@distube/ytdl-core/lib/utils.js');
  // Else it would ask another site, past the fetch module, whether there is a newer version.
  utils.lastUpdateCheck = Number.POSITIVE_INFINITY;
  // It keeps answers for a second, also those of a job that was cancelled.
  for (const kept of [ytdl.cache, ytdl.watchPageCache]) kept.clear();
  let refused: unknown = null;
  const fetch = async (input: string, init: RequestInit): Promise<Response> => {
    try {
      return await checkedPage(await through.fetch(input, init), videoId, now());
    } catch (error) {
      refused = error;
      throw Object.assign(new Error('The request failed', { cause: error }), FINAL);
    }
  };
  try {
    return (await ytdl.getBasicInfo(watchUrl(videoId), { fetch, lang: 'en' })).player_response;
  } catch (cause) {
    signal.throwIfAborted();
    if (refused instanceof AppError) throw refused;
    throw new AppError('youtube_unreadable', { cause });
  }
}

/** A page that the library cannot read it writes into the working folder: it never gets one. */
async function checkedPage(response: Response, videoId: string, now: Date): Promise<Response> {
  const html = await response.clone().text();
  readWatchPage(html, videoId, now);
  if (assignedObject(html, 'ytInitialData') === null) throw new AppError('youtube_unreadable');
  return response;
}
