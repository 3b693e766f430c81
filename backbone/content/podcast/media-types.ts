/** What a podcast episode is read from, as `detectMediaType` names it. */
import { SRT_TYPE } from '../parsing/text-media-type.ts';

export const AUDIO_MEDIA_TYPES: readonly string[] = [
  'audio/mpeg',
  'audio/x-m4a',
  'audio/mp4',
  'audio/ogg',
  'audio/flac',
  'audio/wav',
];
export const FEED_TYPE = 'application/rss+xml';
export const OTHER_FEED_TYPES: readonly string[] = ['application/atom+xml', 'application/feed+json'];
export const PAGE_TYPES: readonly string[] = ['text/html', 'application/xhtml+xml'];
export const TRANSCRIPT_MEDIA_TYPES: readonly string[] = ['text/vtt', SRT_TYPE];
