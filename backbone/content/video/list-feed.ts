/** What YouTube's Atom feeds list: the newest fifteen videos of a channel or a playlist. Pure. */
import { parseAtomFeed } from 'feedsmith';
import { plainText } from '../webpage/feed/feed-text.ts';
import { repairXml } from '../webpage/feed/xml-repair.ts';
import type { ListPage } from './list-page.ts';
import { isVideoId } from './youtube-address.ts';

/** Null when the text is no feed. */
export function feedList(text: string): ListPage | null {
  const feed = parsedFeed(text);
  if (feed === null) return null;
  const videos = (feed.entries ?? []).flatMap(({ id = '', title }) => {
    const videoId = id.startsWith('yt:video:') ? id.slice('yt:video:'.length) : '';
    return isVideoId(videoId) ? [{ videoId, title: plainText(title?.value), durationSeconds: null }] : [];
  });
  return {
    title: plainText(feed.title?.value),
    author: plainText(feed.authors?.[0]?.name),
    videos,
    continuation: null,
  };
}

function parsedFeed(text: string): ReturnType<typeof parseAtomFeed> | null {
  try {
    return parseAtomFeed(repairXml(text).xml);
  } catch {
    return null;
  }
}
