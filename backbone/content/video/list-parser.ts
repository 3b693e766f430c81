/** A stored playlist or channel as an extraction, and what jobs are made of it. Pure. */
import type { Expansion, ExpansionRequest } from '../expansion.ts';
import { NO_METADATA, type Block, type Extraction, type JsonObject, type Sourced } from '../model.ts';
import type { ListedVideo, StoredList } from './stored-video.ts';
import { watchUrl } from './youtube-address.ts';

const SOURCE = 'youtube';

export function parseList(list: StoredList): Extraction {
  const { title, author, url, videos, kind, isCutOff } = list;
  const sourced = (value: string | null): Sourced<string> | null =>
    value === null ? null : { value, source: SOURCE };
  return {
    blocks: videos.map(itemOf),
    metadata: {
      ...NO_METADATA,
      title: sourced(title),
      authors: author === null ? null : { value: [author], source: SOURCE },
      siteName: { value: 'YouTube', source: SOURCE },
      canonicalUrl: sourced(url),
    },
    typeMetadata: { kind, videos: videos.map((video) => ({ ...video })) },
    links: videos.map(({ videoId, title: name }) => ({ url: watchUrl(videoId), text: name ?? videoId })),
    pageCount: null,
    warnings: isCutOff
      ? [{ code: 'list_cut_off', message: `Only ${videos.length} videos of the list were read.` }]
      : [],
  };
}

/** Null for a video, which lists nothing. */
export function expandList({ typeMetadata, most }: ExpansionRequest): Expansion | null {
  const videos = videosIn(typeMetadata);
  if (videos === null) return null;
  const wanted = videos.slice(0, most).map(({ videoId }) => ({
    url: watchUrl(videoId),
    upload: null,
    contentType: 'video',
    options: {},
    keys: [`id:${videoId}`],
  }));
  return { wanted, warnings: [] };
}

/** As `parseList` made them. */
function videosIn(typeMetadata: JsonObject): readonly ListedVideo[] | null {
  return (typeMetadata['videos'] as unknown as readonly ListedVideo[] | undefined) ?? null;
}

function itemOf({ videoId, title }: ListedVideo): Block {
  return {
    kind: 'list_item',
    level: 1,
    text: title ?? watchUrl(videoId),
    locator: { href: watchUrl(videoId) },
  };
}
