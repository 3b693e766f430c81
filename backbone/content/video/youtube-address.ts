/** What an address of YouTube names. Pure. */

/** Where a channel is to be found: by its id, or by one of the names it had over the years. */
export type ChannelName =
  | { readonly kind: 'id'; readonly id: string }
  /** The path of its page, such as `/@name`. */
  | { readonly kind: 'path'; readonly path: string };

export type YoutubeAddress =
  | {
      readonly kind: 'video';
      readonly videoId: string;
      /** Where the address begins to play; null when it does not say. */
      readonly startSeconds: number | null;
      /** The list the video is played from; null without one. */
      readonly playlistId: string | null;
    }
  | { readonly kind: 'playlist'; readonly playlistId: string }
  | { readonly kind: 'channel'; readonly channel: ChannelName };

const HOSTS = /^(?:(?:www|m|music|gaming)\.)?youtube\.com$|^(?:www\.)?youtube-nocookie\.com$/;
const SHORT_HOSTS = /^(?:www\.)?youtu\.be$/;
const VIDEO_ID = /^[\w-]{11}$/;
const PLAYLIST_ID = /^[\w-]{2,64}$/;
const CHANNEL_ID = /^UC[\w-]{22}$/;
/** Watch later, liked videos and mixes belong to whoever is signed in. */
const PERSONAL_LIST = /^(?:WL$|LL$|LM$|RD)/;
/** What stands where ids do and has as many letters. */
const NO_VIDEO_IDS = new Set(['live_stream', 'videoseries']);
const VIDEO_FOLDERS = new Set(['embed', 'shorts', 'live', 'v', 'e', 'vi', 'watch']);
const NAME_FOLDERS = new Set(['user', 'c']);
const LONGEST_NAME = 100;
const MOST_SECONDS = 3_600_000;

/** Null for what is neither a video, a list nor a channel of YouTube. */
export function youtubeAddress(url: URL): YoutubeAddress | null {
  if (!/^https?:$/.test(url.protocol)) return null;
  const host = url.hostname.replace(/\.$/, '');
  const path = url.pathname.split('/').filter((part) => part !== '');
  if (SHORT_HOSTS.test(host)) return videoAddress(path[0], url);
  if (!HOSTS.test(host)) return null;
  const [folder = '', name = ''] = path;
  if (folder === 'attribution_link') return nestedAddress(url);
  const video = videoAddress(folder === 'watch' && name === '' ? url.searchParams.get('v') : idIn(path), url);
  return video ?? listAddress(folder, name, url) ?? channelAddress(folder, name);
}

/** The one address of a video, from which its moments are linked. */
export function watchUrl(videoId: string): string {
  return `https://www.youtube.com/watch?v=${videoId}`;
}

/** @param seconds from the beginning; fractions are left out */
export function momentUrl(videoId: string, seconds: number): string {
  return `${watchUrl(videoId)}&t=${Math.floor(seconds)}s`;
}

export function isVideoId(text: string): boolean {
  return VIDEO_ID.test(text) && !NO_VIDEO_IDS.has(text);
}

export function isChannelId(text: string): boolean {
  return CHANNEL_ID.test(text);
}

function idIn([folder = '', name]: readonly string[]): string | undefined {
  return VIDEO_FOLDERS.has(folder) ? name : undefined;
}

function videoAddress(id: string | null | undefined, { searchParams, hash }: URL): YoutubeAddress | null {
  if (id === null || id === undefined || !isVideoId(id)) return null;
  const moment =
    searchParams.get('t') ??
    searchParams.get('start') ??
    searchParams.get('time_continue') ??
    new URLSearchParams(hash.slice(1)).get('t');
  return {
    kind: 'video',
    videoId: id,
    startSeconds: moment === null ? null : secondsIn(moment),
    playlistId: playlistIn(searchParams),
  };
}

function listAddress(folder: string, name: string, { searchParams }: URL): YoutubeAddress | null {
  const isList =
    folder === 'playlist' || folder === 'watch' || (folder === 'embed' && name === 'videoseries');
  const playlistId = isList ? playlistIn(searchParams) : null;
  return playlistId === null ? null : { kind: 'playlist', playlistId };
}

function channelAddress(folder: string, name: string): YoutubeAddress | null {
  if (folder === 'channel')
    return CHANNEL_ID.test(name) ? { kind: 'channel', channel: { kind: 'id', id: name } } : null;
  const path = folder.startsWith('@') ? folder : NAME_FOLDERS.has(folder) ? `${folder}/${name}` : '';
  if (path.length > LONGEST_NAME || /^(?:@|user\/|c\/)?$/.test(path)) return null;
  // Names are not told apart by case.
  return { kind: 'channel', channel: { kind: 'path', path: `/${path.toLowerCase()}` } };
}

function playlistIn(parameters: URLSearchParams): string | null {
  const id = parameters.get('list') ?? '';
  return PLAYLIST_ID.test(id) && !PERSONAL_LIST.test(id) ? id : null;
}

/** `?u=/watch?v=...`: what used to be shared by mail. */
function nestedAddress(url: URL): YoutubeAddress | null {
  const inner = URL.parse(url.searchParams.get('u') ?? '', url.origin);
  return inner === null || inner.pathname === url.pathname ? null : youtubeAddress(inner);
}

/** `95`, `95s` or `1h2m3s`. */
function secondsIn(moment: string): number | null {
  const parts = /^(?:(\d{1,7})h)?(?:(\d{1,7})m)?(?:(\d{1,7})s?)?$/.exec(moment.toLowerCase());
  if (parts === null || moment === '') return null;
  const [, hours = '0', minutes = '0', seconds = '0'] = parts;
  const total = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return total <= MOST_SECONDS ? total : null;
}

/** For people. */
export const YOUTUBE_KINDS: Readonly<Record<YoutubeAddress['kind'], string>> = {
  video: 'a video',
  playlist: 'a playlist',
  channel: 'a channel',
};
