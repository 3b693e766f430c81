/** Reads a video from its watch page, and what that leaves out from oEmbed. */
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import { assignedObject } from './embedded-json.ts';
import { readPlayerResponse } from './player-response.ts';
import { watchUrl } from './youtube-address.ts';
import type { VideoAnswer, YoutubeProvider } from './youtube-provider.ts';
import type { YoutubeSite } from './youtube-site.ts';

const EMBED = z.object({
  title: z.string().max(500).nullable().catch(null),
  author_name: z.string().max(500).nullable().catch(null),
  thumbnail_url: z.string().max(4000).nullable().catch(null),
});

export function watchPageProvider(site: YoutubeSite, now: () => Date): YoutubeProvider {
  return {
    name: 'watch-page',
    read: async (videoId, signal) => {
      const page = await site.read({
        url: `${watchUrl(videoId)}&hl=en&bpctr=9999999999&has_verified=1`,
        signal,
      });
      const answer = readWatchPage(page.bytes.toString('utf8'), videoId, now());
      return answer.facts.title === null || answer.facts.author === null
        ? withEmbed(site, answer, signal)
        : answer;
    },
  };
}

/** @throws AppError what `readPlayerResponse` throws, ip_blocked, page_is_cookie_wall */
export function readWatchPage(html: string, videoId: string, now: Date): VideoAnswer {
  const response = assignedObject(html, 'ytInitialPlayerResponse');
  if (response !== null) return readPlayerResponse(response, videoId, now);
  if (html.includes('class="g-recaptcha"')) throw new AppError('ip_blocked');
  if (html.includes('action="https://consent.youtube.com/')) throw new AppError('page_is_cookie_wall');
  throw new AppError('youtube_unreadable');
}

/** What is known already goes on without it. */
async function withEmbed(site: YoutubeSite, answer: VideoAnswer, signal: AbortSignal): Promise<VideoAnswer> {
  const url = `/oembed?format=json&url=${encodeURIComponent(watchUrl(answer.facts.videoId))}`;
  const { status, bytes } = await site.ask({ url, signal });
  const embed = status === 200 ? EMBED.safeParse(parsedJson(bytes)).data : undefined;
  if (embed === undefined) return answer;
  const { title, author, thumbnailUrl } = answer.facts;
  const facts = {
    ...answer.facts,
    title: title ?? embed.title,
    author: author ?? embed.author_name,
    thumbnailUrl: thumbnailUrl ?? embed.thumbnail_url,
  };
  return { ...answer, facts };
}

function parsedJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch {
    return null;
  }
}
