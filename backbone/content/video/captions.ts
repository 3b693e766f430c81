/** Fetches the captions of a video. */
import { AppError } from '../../errors.ts';
import { captionOrder } from './caption-choice.ts';
import { readTimedText } from './timed-text.ts';
import type { CaptionTrack } from './youtube-provider.ts';
import type { YoutubeSite } from './youtube-site.ts';

export interface FetchedCaptions {
  readonly track: CaptionTrack;
  /** As YouTube sent it. */
  readonly text: string;
}

/** An experiment under which captions are sent only with a token that browsers make. */
const NEEDS_TOKEN = /[?&]exp=xp[ev](?:&|$)/;
/** Tracks of one language that are tried until one can be read: by a person, then automatic. */
const MOST_TRIED = 2;

/**
 * The best track that can be had, in the language of the best one.
 * @param wanted language tags, best first
 * @throws AppError captions_none (no tracks), po_token_required, ip_blocked, source_*: the error of the best track
 */
export async function fetchCaptions(
  site: YoutubeSite,
  tracks: readonly CaptionTrack[],
  { wanted, signal }: { readonly wanted: readonly string[]; readonly signal: AbortSignal },
): Promise<FetchedCaptions> {
  let error = new AppError('captions_none');
  for (const [tried, track] of candidates(tracks, wanted).entries()) {
    try {
      return { track, text: await fetchTrack(site, track, signal) };
    } catch (fault) {
      signal.throwIfAborted();
      if (!(fault instanceof AppError)) throw fault;
      if (tried === 0) error = fault;
    }
  }
  throw error;
}

function candidates(tracks: readonly CaptionTrack[], wanted: readonly string[]): readonly CaptionTrack[] {
  const ordered = captionOrder(tracks, wanted);
  return ordered.filter(({ language }) => language === ordered[0]?.language).slice(0, MOST_TRIED);
}

async function fetchTrack(site: YoutubeSite, track: CaptionTrack, signal: AbortSignal): Promise<string> {
  if (NEEDS_TOKEN.test(track.url)) throw new AppError('po_token_required');
  const { bytes } = await site.read({ url: json3Url(track.url), signal });
  // Success without a single byte is how a missing token is told.
  if (bytes.length === 0) throw new AppError('po_token_required');
  const text = bytes.toString('utf8').replace(/^\ufeff/, '');
  if (text.includes('g-recaptcha')) throw new AppError('ip_blocked');
  if (readTimedText(text, track) === null) throw new AppError('youtube_unreadable');
  return text;
}

function json3Url(address: string): string {
  const url = URL.parse(address, 'https://www.youtube.com');
  if (url === null) throw new AppError('youtube_unreadable');
  url.searchParams.set('fmt', 'json3');
  return url.href;
}
