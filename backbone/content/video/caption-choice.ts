/** Which captions of a video are read. Pure. */
import type { CaptionTrack } from './youtube-provider.ts';

/**
 * Best first: by a person in a wanted language, in the order of the wishes; by a person in the language that is spoken; automatic
 * ones in that language; then whatever there is, by persons first. Translations are never asked for.
 * @param wanted language tags; `en` also means `en-GB`
 */
export function captionOrder(
  tracks: readonly CaptionTrack[],
  wanted: readonly string[],
): readonly CaptionTrack[] {
  const spoken = tracks.find((track) => track.isAutomatic)?.language ?? null;
  const rank = (track: CaptionTrack): number => {
    const wish = wanted.findIndex((language) => speaks(track.language, language));
    if (!track.isAutomatic && wish >= 0) return wish;
    const isSpoken = spoken !== null && speaks(track.language, spoken);
    const grade = track.isAutomatic ? (wish >= 0 || wanted.length === 0 ? 1 : 2) : isSpoken ? 0 : 3;
    return wanted.length + grade;
  };
  return [...tracks].sort((a, b) => rank(a) - rank(b));
}

function speaks(language: string, wanted: string): boolean {
  const [has, asked] = [language.toLowerCase(), wanted.toLowerCase()];
  return has === asked || has.startsWith(`${asked}-`) || asked.startsWith(`${has}-`);
}
