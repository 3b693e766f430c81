/** Texts of a subtitle track as cues. Pure. */
import { voicesOf } from '../../transcripts/caption-markup.ts';
import { withNamedSpeakers } from '../../transcripts/named-speakers.ts';
import { secondsOf } from '../../transcripts/time-code.ts';
import { CueCollector, TRANSCRIPT_LIMITS, type Transcript } from '../../transcripts/transcript.ts';

/** A text that is shown for a while. Times in seconds; the end is null where the file does not tell. */
export interface TimedText {
  readonly startSeconds: number;
  readonly endSeconds: number | null;
  readonly text: string;
}

const LONGEST_TEXT = 10_000;

/** In order of time; what is beyond the limits of transcripts is left out, and `isCutOff` says so. */
export function transcriptOf(texts: Iterable<TimedText>): Transcript {
  const cues = new CueCollector(TRANSCRIPT_LIMITS);
  for (const { startSeconds, endSeconds, text } of texts) {
    // A film that is cut at its start has texts from before it.
    const start = secondsOf(Math.max(0, startSeconds));
    const end = endSeconds === null ? null : secondsOf(endSeconds);
    if (start === null || (endSeconds !== null && endSeconds <= 0)) continue;
    for (const voice of voicesOf(text.slice(0, LONGEST_TEXT)))
      cues.add({ startSeconds: start, endSeconds: end === null ? null : Math.max(start, end), ...voice });
    if (cues.isFull) break;
  }
  const { cues: read, isCutOff } = cues.transcript();
  return { cues: withNamedSpeakers(read), isCutOff };
}
