/** Reads what a playlist or a channel lists. */
import { AppError } from '../../errors.ts';
import { MOST_EXPANDED } from '../expansion.ts';
import { assignedObject } from './embedded-json.ts';
import { feedList } from './list-feed.ts';
import { listPage, type ListPage } from './list-page.ts';
import type { StoredList } from './stored-video.ts';
import type { ChannelName, YoutubeAddress } from './youtube-address.ts';
import { YOUTUBE_ORIGIN, type YoutubeSite } from './youtube-site.ts';

type ListAddress = Exclude<YoutubeAddress, { readonly kind: 'video' }>;

/** A page holds 100 videos. */
const MOST_PAGES = Math.ceil(MOST_EXPANDED / 100) + 1;
const CHANNEL_ID = /"(?:externalId|channelId)":"(UC[\w-]{22})"/;
const BROWSE = '/youtubei/v1/browse?prettyPrint=false';
const CLIENT = { clientName: 'WEB', clientVersion: '2.20260603.05.00', hl: 'en', gl: 'US' };

/** At most 500 videos. @throws AppError list_not_found, source_*, or what the fetch module throws */
export async function readVideoList(
  site: YoutubeSite,
  address: ListAddress,
  signal: AbortSignal,
): Promise<StoredList> {
  const channelId = address.kind === 'channel' ? await channelIdOf(site, address.channel, signal) : null;
  // The videos of a channel are a playlist too, under its id with another beginning.
  const playlistId = address.kind === 'playlist' ? address.playlistId : `UU${channelId?.slice(2) ?? ''}`;
  const read = (await fromPages(site, playlistId, signal)) ?? (await fromFeed(site, playlistId, signal));
  if (read === null) throw new AppError('list_not_found');
  const path = channelId === null ? `/playlist?list=${playlistId}` : `/channel/${channelId}`;
  const { title, author, videos, continuation } = read;
  return {
    kind: address.kind,
    url: `${YOUTUBE_ORIGIN}${path}`,
    title: address.kind === 'channel' ? (author ?? title) : title,
    author,
    videos: videos.slice(0, MOST_EXPANDED),
    isCutOff: continuation !== null || videos.length > MOST_EXPANDED,
  };
}

/** Names lead to a page that names the id. */
async function channelIdOf(site: YoutubeSite, channel: ChannelName, signal: AbortSignal): Promise<string> {
  if (channel.kind === 'id') return channel.id;
  const page = await site.read({ url: `${channel.path}?hl=en`, signal });
  const id = CHANNEL_ID.exec(page.bytes.toString('utf8'))?.[1];
  if (id === undefined) throw new AppError('list_not_found');
  return id;
}

/** Null when the page lists nothing that could be read. */
async function fromPages(
  site: YoutubeSite,
  playlistId: string,
  signal: AbortSignal,
): Promise<ListPage | null> {
  const page = await site.read({ url: `/playlist?list=${playlistId}&hl=en`, signal });
  const first = listPage(assignedObject(page.bytes.toString('utf8'), 'ytInitialData'));
  if (first.videos.length === 0) return null;
  const videos = new Map(first.videos.map((video) => [video.videoId, video]));
  let { continuation } = first;
  for (
    let pages = 1;
    continuation !== null && pages < MOST_PAGES && videos.size < MOST_EXPANDED;
    pages += 1
  ) {
    const next = await nextPage(site, continuation, signal);
    for (const video of next.videos) if (!videos.has(video.videoId)) videos.set(video.videoId, video);
    continuation = next.videos.length === 0 ? null : next.continuation;
  }
  return { ...first, videos: [...videos.values()], continuation };
}

async function nextPage(site: YoutubeSite, continuation: string, signal: AbortSignal): Promise<ListPage> {
  const { bytes } = await site.read({
    url: BROWSE,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ context: { client: CLIENT }, continuation }),
    signal,
  });
  try {
    return listPage(JSON.parse(bytes.toString('utf8')));
  } catch (cause) {
    if (cause instanceof SyntaxError) throw new AppError('youtube_unreadable', { cause });
    throw cause;
  }
}

/** The newest fifteen. Null when there is no such feed. */
async function fromFeed(
  site: YoutubeSite,
  playlistId: string,
  signal: AbortSignal,
): Promise<ListPage | null> {
  const answer = await site.ask({ url: `/feeds/videos.xml?playlist_id=${playlistId}`, signal });
  return answer.status === 200 ? feedList(answer.bytes.toString('utf8')) : null;
}
