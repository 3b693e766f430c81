/** YouTube's player response, whichever way it came: facts and caption tracks, or why there are none. Pure. */
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import { playabilityError } from './playability.ts';
import type { CaptionTrack, VideoAnswer, VideoFacts } from './youtube-provider.ts';

const text = z.string().optional().catch(undefined);
const labelled = z
  .object({ simpleText: text, runs: z.array(z.object({ text })).optional().catch(undefined) })
  .optional()
  .catch(undefined);
const track = z.object({ baseUrl: z.string(), languageCode: z.string().min(1), kind: text, name: labelled });
const picture = z.object({ url: z.string(), width: z.number().optional() });

const RESPONSE = z.object({
  playabilityStatus: z
    .object({
      status: z.string(),
      reason: text,
      messages: z.array(z.string()).optional().catch(undefined),
      errorScreen: z
        .object({ playerErrorMessageRenderer: z.object({ reason: labelled }).optional().catch(undefined) })
        .optional()
        .catch(undefined),
      liveStreamability: z.unknown().optional(),
    })
    .optional()
    .catch(undefined),
  videoDetails: z
    .object({
      videoId: text,
      title: text,
      author: text,
      channelId: text,
      lengthSeconds: text,
      shortDescription: text,
      isLive: z.boolean().optional().catch(undefined),
      keywords: z.array(z.string()).optional().catch(undefined),
      thumbnail: z
        .object({ thumbnails: z.array(picture) })
        .optional()
        .catch(undefined),
    })
    .optional()
    .catch(undefined),
  microformat: z
    .object({ playerMicroformatRenderer: z.object({ publishDate: text, uploadDate: text }) })
    .optional()
    .catch(undefined),
  captions: z
    .object({
      playerCaptionsTracklistRenderer: z
        .object({ captionTracks: z.array(z.unknown()).optional().catch(undefined) })
        .optional()
        .catch(undefined),
    })
    .optional()
    .catch(undefined),
});

type PlayerResponse = z.output<typeof RESPONSE>;

const MOST_TRACKS = 300;
const MOST_KEYWORDS = 100;
const LONGEST_TITLE = 500;
const LONGEST_DESCRIPTION = 20_000;
const LONGEST_URL = 4000;

/**
 * @param value parsed JSON from outside
 * @throws AppError video_* for what cannot be played, ip_blocked, youtube_unreadable
 */
export function readPlayerResponse(value: unknown, videoId: string, now: Date): VideoAnswer {
  const parsed = RESPONSE.safeParse(value);
  if (!parsed.success) throw new AppError('youtube_unreadable');
  const response = parsed.data;
  // This is how an id is answered that no video has.
  if (Object.keys(value as object).length === 0) throw new AppError('video_removed');
  const status = response.playabilityStatus;
  if (status === undefined) throw new AppError('youtube_unreadable');
  const error = playabilityError(
    {
      status: status.status,
      reason: reasonOf(status),
      isLive: response.videoDetails?.isLive === true,
      startsAt: startOf(status.liveStreamability),
    },
    now,
  );
  if (error !== null) throw error;
  const { videoDetails } = response;
  // Of a video that was not asked for, nothing is true of this one.
  if (videoDetails?.videoId !== videoId) throw new AppError('youtube_unreadable');
  return { facts: factsOf(response, videoId), tracks: tracksOf(response) };
}

function reasonOf(status: NonNullable<PlayerResponse['playabilityStatus']>): string {
  const shown = status.errorScreen?.playerErrorMessageRenderer?.reason;
  return status.reason ?? [...(status.messages ?? []), plain(shown) ?? ''].join(' ').trim();
}

function startOf(liveStreamability: unknown): string | null {
  const found = SCHEDULE.safeParse(liveStreamability);
  return found.success
    ? found.data.liveStreamabilityRenderer.offlineSlate.liveStreamOfflineSlateRenderer.scheduledStartTime
    : null;
}

const SCHEDULE = z.object({
  liveStreamabilityRenderer: z.object({
    offlineSlate: z.object({
      liveStreamOfflineSlateRenderer: z.object({ scheduledStartTime: z.string().regex(/^\d{1,12}$/) }),
    }),
  }),
});

function factsOf({ videoDetails = {}, microformat }: PlayerResponse, videoId: string): VideoFacts {
  const { lengthSeconds = '', keywords = [], thumbnail } = videoDetails;
  const dates = microformat?.playerMicroformatRenderer;
  const published = dates?.publishDate ?? dates?.uploadDate ?? '';
  return {
    videoId,
    title: line(videoDetails.title),
    author: line(videoDetails.author),
    channelId: line(videoDetails.channelId),
    durationSeconds: /^[1-9]\d{0,7}$/.test(lengthSeconds) ? Number(lengthSeconds) : null,
    publishedAt:
      /^\d{4}-\d{2}-\d{2}/.test(published) && !Number.isNaN(Date.parse(published)) ? published : null,
    description: paragraphs(videoDetails.shortDescription),
    keywords: keywords.slice(0, MOST_KEYWORDS).flatMap((keyword) => line(keyword) ?? []),
    thumbnailUrl: largest(thumbnail?.thumbnails ?? []),
  };
}

function tracksOf({ captions }: PlayerResponse): readonly CaptionTrack[] {
  const listed = captions?.playerCaptionsTracklistRenderer?.captionTracks ?? [];
  return listed.slice(0, MOST_TRACKS).flatMap((each): CaptionTrack[] => {
    const { data } = track.safeParse(each);
    if (data === undefined || data.baseUrl.length > LONGEST_URL || data.languageCode.length > 35) return [];
    const { languageCode: language, kind, name, baseUrl: url } = data;
    return [{ language, name: line(plain(name)) ?? language, isAutomatic: kind === 'asr', url }];
  });
}

function largest(pictures: readonly z.output<typeof picture>[]): string | null {
  const usable = pictures.filter(({ url }) => url.length <= LONGEST_URL);
  const best = usable.reduce<(typeof usable)[number] | null>(
    (found, each) => (found === null || (each.width ?? 0) > (found.width ?? 0) ? each : found),
    null,
  );
  return best?.url ?? null;
}

function plain(label: z.output<typeof labelled>): string | undefined {
  return label?.simpleText ?? label?.runs?.map((run) => run.text ?? '').join('');
}

function line(value: string | undefined): string | null {
  const kept = (value ?? '').slice(0, LONGEST_TITLE).replaceAll(/\s+/g, ' ').trim().toWellFormed();
  return kept === '' ? null : kept;
}

function paragraphs(value: string | undefined): string | null {
  const kept = (value ?? '').slice(0, LONGEST_DESCRIPTION).replaceAll('\r\n', '\n').trim().toWellFormed();
  return kept === '' ? null : kept;
}
