/** What a film's file says of itself, whichever container it is in. Pure. */
import type { Transcript } from '../../transcripts/transcript.ts';
import type { Chapter } from '../../transcripts/transcript-blocks.ts';

export type FilmTrackKind = 'video' | 'audio' | 'subtitles' | 'other';

export interface FilmTrack {
  readonly kind: FilmTrackKind;
  /** As the container names it: `avc1`, `V_VP9`. */
  readonly codec: string;
  /** BCP 47; null where the file does not tell. */
  readonly language: string | null;
  /** In pixels; null for tracks without a picture. */
  readonly width: number | null;
  readonly height: number | null;
}

export interface FilmSubtitles {
  readonly language: string | null;
  readonly codec: string;
  /** Shown unless somebody chooses others. */
  readonly isDefault: boolean;
  /** Only what has to be read even by those who understand the speech. */
  readonly isForced: boolean;
  readonly transcript: Transcript;
}

export interface Film {
  readonly container: 'mp4' | 'quicktime' | 'matroska' | 'webm';
  readonly title: string | null;
  readonly artists: readonly string[];
  readonly description: string | null;
  /** ISO 8601, as precise as the file. */
  readonly publishedAt: string | null;
  readonly durationSeconds: number | null;
  readonly tracks: readonly FilmTrack[];
  /** In order of time. */
  readonly chapters: readonly Chapter[];
  /** Those that are text; pictures of letters are not read. */
  readonly subtitles: readonly FilmSubtitles[];
}

/**
 * Subtitles with words in the first wanted language that is there, else those shown by default, else the first ones;
 * forced ones last. Null where there are none.
 */
export function chosenSubtitles(
  subtitles: readonly FilmSubtitles[],
  wanted: readonly string[],
): FilmSubtitles | null {
  const filled = subtitles.filter(({ transcript }) => transcript.cues.length > 0);
  const rank = ({ language, isDefault, isForced }: FilmSubtitles): number => {
    const place = wanted.findIndex((tag) => bareLanguage(tag) === language?.split('-')[0]);
    return (isForced ? 1000 : 0) + (place < 0 ? wanted.length : place) * 2 + (isDefault ? 0 : 1);
  };
  return filled.toSorted((one, other) => rank(one) - rank(other))[0] ?? null;
}

function bareLanguage(tag: string): string {
  return new Intl.Locale(tag).language;
}
