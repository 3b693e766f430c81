/** Videos on servers of PeerTube, by the API that each of them has: https://docs.joinpeertube.org/api-rest-reference.html */
import { z } from 'zod';
import { AppError } from '../../../errors.ts';
import type { ManagerPorts } from '../../content-manager.ts';
import { secondsOf } from '../../transcripts/time-code.ts';
import { fetchText } from '../../transcripts/fetch-text.ts';
import { dateOf, labelOf, languageOf, textOf } from '../film/film-values.ts';
import type { PageCaptions, PageVideo } from './page-video.ts';

const WATCH = /^\/(?:w|videos\/watch|videos\/embed)\/([\da-zA-Z-]{8,50})\/?$/;

const fileSchema = z.object({
  fileUrl: z.string().nullish(),
  resolution: z.object({ id: z.number() }).nullish(),
});
const filesSchema = z.array(fileSchema).max(200).nullish();
const videoSchema = z.object({
  name: z.string(),
  description: z.string().nullish(),
  duration: z.number().nullish(),
  publishedAt: z.string().nullish(),
  language: z.object({ id: z.string().nullish() }).nullish(),
  account: z.object({ displayName: z.string().nullish() }).nullish(),
  files: filesSchema,
  streamingPlaylists: z
    .array(z.object({ files: filesSchema }))
    .max(20)
    .nullish(),
});
const captionsSchema = z.object({
  data: z
    .array(
      z.object({
        captionPath: z.string().nullish(),
        fileUrl: z.string().nullish(),
        language: z.object({ id: z.string().nullish() }).nullish(),
      }),
    )
    .max(500),
});

/** The id in the address of a page of PeerTube; null for other pages. */
export function peertubeId(url: URL): string | null {
  return WATCH.exec(url.pathname)?.[1] ?? null;
}

/** @throws AppError source_* of the fetch module, video_page_unreadable; the signal's reason */
export async function readPeertube(
  ports: Pick<ManagerPorts, 'fetcher' | 'now'>,
  page: { readonly url: URL; readonly id: string; readonly thumbnailUrl: string | null },
  signal: AbortSignal,
): Promise<PageVideo> {
  const api = `${page.url.origin}/api/v1/videos/${page.id}`;
  const video = checked(videoSchema, await fetchText(ports, api, signal));
  const captions = checked(captionsSchema, await fetchText(ports, `${api}/captions`, signal));
  return {
    source: 'peertube',
    url: page.url.href,
    mediaUrl: smallestFile(video, page.url),
    title: labelOf(video.name),
    author: labelOf(video.account?.displayName),
    siteName: page.url.host,
    description: textOf(video.description),
    publishedAt: dateOf(video.publishedAt),
    durationSeconds: secondsOf(video.duration),
    language: languageOf(video.language?.id),
    thumbnailUrl: page.thumbnailUrl,
    transcript: null,
    captions: captions.data.flatMap(({ captionPath, fileUrl, language }): readonly PageCaptions[] => {
      const url = addressOf(fileUrl ?? captionPath, page.url);
      return url === null ? [] : [{ url, language: languageOf(language?.id) }];
    }),
  };
}

function checked<Value>(schema: z.ZodType<Value>, text: string): Value {
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new AppError('video_page_unreadable', { cause });
  }
}

/** All sizes have the same sound. */
function smallestFile({ files, streamingPlaylists }: z.infer<typeof videoSchema>, base: URL): string | null {
  const all = [...(files ?? []), ...(streamingPlaylists ?? []).flatMap((list) => list.files ?? [])];
  const sized = all.toSorted((one, other) => (one.resolution?.id ?? 0) - (other.resolution?.id ?? 0));
  return sized.map(({ fileUrl }) => addressOf(fileUrl, base)).find((url) => url !== null) ?? null;
}

function addressOf(text: string | null | undefined, base: URL): string | null {
  const url = text === null || text === undefined ? null : URL.parse(text, base.href);
  return url !== null && /^https?:$/.test(url.protocol) ? url.href : null;
}
