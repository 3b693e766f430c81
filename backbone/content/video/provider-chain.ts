/** Asks the providers one after the other until one gives the video with its captions. */
import { AppError } from '../../errors.ts';
import type { ErrorCode } from '../../error-table.ts';
import type { ContentWarning } from '../model.ts';
import { fetchCaptions, type FetchedCaptions } from './captions.ts';
import type { VideoAnswer, YoutubeProvider, YoutubeProviderName } from './youtube-provider.ts';
import type { YoutubeSite } from './youtube-site.ts';

export interface ReadVideo {
  readonly provider: YoutubeProviderName;
  readonly answer: VideoAnswer;
  /** Null when the video has none. */
  readonly captions: FetchedCaptions | null;
  /** One for each provider that failed. */
  readonly warnings: readonly ContentWarning[];
}

export interface ChainRequest {
  readonly videoId: string;
  /** Languages of captions, best first. */
  readonly wanted: readonly string[];
  readonly signal: AbortSignal;
}

/** Whoever asks gets this answer: it is about the video. */
const FINAL: ReadonlySet<ErrorCode> = new Set([
  'video_private',
  'video_removed',
  'video_members_only',
  'video_region_limited',
  'video_live',
  'video_not_begun',
]);

/**
 * @throws AppError the first that is about the video, else that of the last provider, whose message names why each of them
 * failed. Captions that exist but cannot be had fail the job: a description in their place would pass for the video.
 */
export async function readVideo(
  site: YoutubeSite,
  providers: readonly YoutubeProvider[],
  { videoId, wanted, signal }: ChainRequest,
): Promise<ReadVideo> {
  const warnings: ContentWarning[] = [];
  let last: AppError | null = null;
  for (const provider of providers) {
    try {
      const answer = await provider.read(videoId, signal);
      const captions =
        answer.tracks.length === 0 ? null : await fetchCaptions(site, answer.tracks, { wanted, signal });
      return { provider: provider.name, answer, captions, warnings };
    } catch (error) {
      signal.throwIfAborted();
      // Whatever is no failure of the source is a defect.
      if (!(error instanceof AppError)) throw error;
      if (FINAL.has(error.code)) throw error;
      warnings.push(failed(provider.name, error));
      last = moreTelling(last, error);
    }
  }
  throw last === null ? new AppError('youtube_switched_off') : withReasons(last, warnings);
}

/** A page that could not be read tells less than a reason. */
function moreTelling(last: AppError | null, error: AppError): AppError {
  return last !== null && error.code === 'youtube_unreadable' ? last : error;
}

function failed(name: YoutubeProviderName, error: AppError): ContentWarning {
  return {
    code: 'provider_failed',
    message: `${name} could not read the video (${error.code}): ${error.message}`,
  };
}

function withReasons(error: AppError, warnings: readonly ContentWarning[]): AppError {
  const { code, params, retryAfterMs } = error;
  const told = new AppError(code, {
    params,
    cause: error,
    ...(retryAfterMs === null ? {} : { retryAfterMs }),
  });
  if (warnings.length > 1) told.message += ` (${warnings.map(({ message }) => message).join(' ')})`;
  return told;
}
