/** Captions that stand beside a film under its own name. */
import { AppError } from '../../../errors.ts';
import type { ManagerPorts } from '../../content-manager.ts';
import { TRANSCRIPT_LIMITS } from '../../transcripts/transcript.ts';
import { readCaptions } from '../../transcripts/caption-file.ts';
import { fetchText } from '../../transcripts/fetch-text.ts';

const FILM_NAME = /\.(?:mp4|m4v|mov|mkv|webm)$/i;
const ENDINGS = ['.vtt', '.srt'];

/** Tries each name once; what is no caption file, or cannot be had, is none. @throws the signal's reason */
export async function captionsBeside(
  ports: Pick<ManagerPorts, 'fetcher' | 'now'>,
  filmUrl: string,
  signal: AbortSignal,
): Promise<string | null> {
  for (const url of captionAddresses(filmUrl)) {
    try {
      const text = await fetchText(ports, url, signal);
      if (readCaptions(text, { ...TRANSCRIPT_LIMITS, cues: 1 }).cues.length > 0) return text;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof AppError)) throw error;
    }
  }
  return null;
}

/** None for an address that does not end in the name of a film. */
export function captionAddresses(filmUrl: string): readonly string[] {
  const url = new URL(filmUrl);
  if (!FILM_NAME.test(url.pathname)) return [];
  const name = url.pathname.replace(FILM_NAME, '');
  return ENDINGS.map((ending) => `${url.origin}${name}${ending}`);
}
