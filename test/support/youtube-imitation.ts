import { startSite, type LoopbackSite, type SiteHandler } from './loopback-site.ts';
import { watchPage } from './youtube-player.ts';

export interface YoutubeImitation {
  readonly site: LoopbackSite;
  /** What the interface of the applications and the watch page answer for a video; unknown ones get `{}`. */
  readonly play: (
    videoId: string,
    answers: { readonly player?: object; readonly page?: object | string },
  ) => void;
  /** Captions at `/api/timedtext?v=NAME`, whatever else the query holds. */
  readonly captions: (name: string, text: string) => void;
}

/** A loopback site that answers as YouTube's hosts do, for `YOUTUBE_URL`. */
export async function startYoutube(): Promise<YoutubeImitation> {
  return imitateYoutube(await startSite());
}

/** The same on a site that answers for others, too. */
export function imitateYoutube(site: LoopbackSite): YoutubeImitation {
  const players = new Map<string, object>();
  const pages = new Map<string, object | string>();
  const texts = new Map<string, string>();
  const query: (path: string, name: string) => string = (path, name) =>
    new URL(path, site.url).searchParams.get(name) ?? '';

  const player: SiteHandler = (_request, response) => {
    const { videoId } = JSON.parse(site.requests.at(-1)?.body.toString() ?? '{}') as {
      readonly videoId?: string;
    };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(players.get(videoId ?? '') ?? {}));
  };
  const page: SiteHandler = (request, response) => {
    const found = pages.get(query(request.url ?? '', 'v')) ?? {};
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(typeof found === 'string' ? found : watchPage(found));
  };
  const captions: SiteHandler = (request, response) => {
    const text = texts.get(query(request.url ?? '', 'v'));
    response.statusCode = text === undefined ? 404 : 200;
    response.end(text);
  };
  site.on('/youtubei/v1/player', player);
  site.on('/watch', page);
  site.on('/api/timedtext', captions);
  return {
    site,
    play: (videoId, answers) => {
      if (answers.player !== undefined) players.set(videoId, answers.player);
      if (answers.page !== undefined) pages.set(videoId, answers.page);
    },
    captions: (name, text) => void texts.set(name, text),
  };
}
