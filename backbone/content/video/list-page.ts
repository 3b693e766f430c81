/** What a page of a playlist lists, from the data it is drawn with. Pure. */
import { z } from 'zod';
import { secondsOfTimeCode } from '../transcripts/time-code.ts';
import type { ListedVideo } from './stored-video.ts';
import { isVideoId } from './youtube-address.ts';

export interface ListPage {
  readonly title: string | null;
  readonly author: string | null;
  /** Each once, in order. */
  readonly videos: readonly ListedVideo[];
  /** Asks for the next page; null on the last one. */
  readonly continuation: string | null;
}

const text = z.string().optional().catch(undefined);
const label = z
  .object({ simpleText: text, runs: z.array(z.object({ text })).optional().catch(undefined) })
  .optional()
  .catch(undefined);
const VIDEO = z.object({ videoId: z.string(), title: label, lengthText: label });
const LOCKUP = z.object({
  contentId: z.string(),
  /** Lists of lists are drawn alike. */
  contentType: z.literal('LOCKUP_CONTENT_TYPE_VIDEO').optional(),
  metadata: z
    .object({ lockupMetadataViewModel: z.object({ title: z.object({ content: text }) }) })
    .optional()
    .catch(undefined),
});
const CONTINUATION = z.object({
  continuationEndpoint: z.object({ continuationCommand: z.object({ token: z.string().max(4000) }) }),
});
const HEAD = z.object({ title: text });
const OWNER = z.object({ runs: z.array(z.object({ text })).min(1) });

/** A page has some 50,000. */
const MOST_NODES = 2_000_000;
const LONGEST_TITLE = 500;
/** What else a page offers: comments, and other lists. */
const ASIDE = new Set(['engagementPanels', 'panels', 'topbar', 'frameworkUpdates']);

/** Reads the parts that are known wherever they stand, since their place changes every few months. O(page). */
export function listPage(data: unknown): ListPage {
  const videos = new Map<string, ListedVideo>();
  const found: { title: string | null; author: string | null; continuation: string | null } = {
    title: null,
    author: null,
    continuation: null,
  };
  for (const [key, value] of partsOf(data)) {
    const video = videoIn(key, value);
    if (video !== null && !videos.has(video.videoId)) videos.set(video.videoId, video);
    if (key === 'continuationItemRenderer')
      found.continuation ??=
        CONTINUATION.safeParse(value).data?.continuationEndpoint.continuationCommand.token ?? null;
    if (key === 'playlistMetadataRenderer' || key === 'microformatDataRenderer')
      found.title ??= line(HEAD.safeParse(value).data?.title);
    if (key === 'ownerText' || key === 'shortBylineText')
      found.author ??= line(OWNER.safeParse(value).data?.runs[0]?.text);
  }
  return { ...found, videos: [...videos.values()] };
}

function videoIn(key: string, value: unknown): ListedVideo | null {
  if (key === 'playlistVideoRenderer') {
    const { data } = VIDEO.safeParse(value);
    if (data === undefined || !isVideoId(data.videoId)) return null;
    const durationSeconds = secondsOfTimeCode(plain(data.lengthText) ?? '');
    return { videoId: data.videoId, title: line(plain(data.title)), durationSeconds };
  }
  if (key !== 'lockupViewModel') return null;
  const { data } = LOCKUP.safeParse(value);
  if (data === undefined || !isVideoId(data.contentId)) return null;
  const title = line(data.metadata?.lockupMetadataViewModel.title.content);
  return { videoId: data.contentId, title, durationSeconds: null };
}

/** Named values in the order in which they stand. No recursion: the tree may be deep. */
function* partsOf(data: unknown): Generator<readonly [string, unknown]> {
  const stack: (readonly [string, unknown])[] = [['', data]];
  for (let nodes = 0; nodes < MOST_NODES; nodes += 1) {
    const part = stack.pop();
    if (part === undefined) return;
    yield part;
    const [, value] = part;
    if (typeof value !== 'object' || value === null) continue;
    for (const child of Object.entries(value).reverse()) if (!ASIDE.has(child[0])) stack.push(child);
  }
}

function plain(value: z.output<typeof label>): string | undefined {
  return value?.simpleText ?? value?.runs?.map((run) => run.text ?? '').join('');
}

function line(value: string | undefined): string | null {
  const kept = (value ?? '').slice(0, LONGEST_TITLE).replaceAll(/\s+/g, ' ').trim().toWellFormed();
  return kept === '' ? null : kept;
}
