/** Transcripts without any form: each line is what is said. Pure. */
import { CueCollector, tidyLines, type Transcript, type TranscriptLimits } from './transcript.ts';

/** O(text). */
export function readPlainTranscript(text: string, limits: TranscriptLimits): Transcript {
  const cues = new CueCollector(limits);
  for (const line of text.split(/\r\n|[\r\n]/)) {
    cues.add({ startSeconds: null, endSeconds: null, speaker: null, text: tidyLines(line) });
    if (cues.isFull) break;
  }
  return cues.transcript();
}
