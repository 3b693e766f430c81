/** Lyrics frames (ID3 USLT and SYLT, and their like) as transcripts. Pure. */
import { readCaptions } from '../transcripts/caption-file.ts';
import { readPlainTranscript } from '../transcripts/plain-transcript.ts';
import { secondsOf } from '../transcripts/time-code.ts';
import { CueCollector, TRANSCRIPT_LIMITS, tidyLines, type Transcript } from '../transcripts/transcript.ts';

/** A frame as the library reads it. */
export interface LyricsFrame {
  readonly text?: string;
  /** Times in milliseconds unless the frame counts otherwise. Missing in frames without times, whatever the library's types say. */
  readonly syncText?: readonly { readonly text: string; readonly timestamp?: number }[];
  readonly timeStampFormat?: number;
}

/** Of ID3: absolute time in milliseconds; the other way to count is MPEG frames. */
const MILLISECONDS = 2;
const LONGEST_TEXT = TRANSCRIPT_LIMITS.characters * 2;

/** Timed words become cues that last until the next one. A text is read as captions where it holds some, else by lines. */
export function tagTranscript({ text, syncText = [], timeStampFormat }: LyricsFrame): Transcript {
  const cues = new CueCollector(TRANSCRIPT_LIMITS);
  const isTimed = timeStampFormat === MILLISECONDS;
  for (const [at, word] of syncText.entries()) {
    cues.add({
      startSeconds: isTimed ? timeOf(word) : null,
      endSeconds: isTimed ? timeOf(syncText[at + 1] ?? {}) : null,
      speaker: null,
      text: tidyLines(word.text),
    });
    if (cues.isFull) break;
  }
  const timed = cues.transcript();
  return timed.cues.length > 0 ? timed : readLines((text ?? '').slice(0, LONGEST_TEXT));
}

function timeOf({ timestamp }: { readonly timestamp?: number }): number | null {
  return timestamp === undefined ? null : secondsOf(timestamp / 1000);
}

function readLines(text: string): Transcript {
  const captions = text.includes('-->') ? readCaptions(text, TRANSCRIPT_LIMITS) : null;
  if (captions !== null && captions.cues.length > 0) return captions;
  return readPlainTranscript(text, TRANSCRIPT_LIMITS);
}
