/** Transcripts in JSON as the podcast namespace defines them: segments with speaker, startTime, endTime, body. Pure. */
import { secondsOf } from './time-code.ts';
import {
  CueCollector,
  speakerName,
  tidyLines,
  type Transcript,
  type TranscriptLimits,
} from './transcript.ts';

/** Null when the text is no such JSON. Segments that are none, and those without text, are left out. O(text). */
export function readJsonTranscript(text: string, limits: TranscriptLimits): Transcript | null {
  const segments = segmentsOf(text);
  if (segments === null) return null;
  const cues = new CueCollector(limits);
  for (const segment of segments) {
    if (!isObject(segment) || typeof segment['body'] !== 'string') continue;
    const startSeconds = secondsOf(segment['startTime']);
    const endSeconds = secondsOf(segment['endTime']);
    const { speaker } = segment;
    cues.add({
      startSeconds,
      endSeconds:
        startSeconds !== null && endSeconds !== null ? Math.max(startSeconds, endSeconds) : endSeconds,
      speaker: typeof speaker === 'string' ? speakerName(speaker) : null,
      text: tidyLines(segment['body']),
    });
    if (cues.isFull) break;
  }
  return cues.transcript();
}

function segmentsOf(text: string): readonly unknown[] | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) && Array.isArray(value['segments']) ? value['segments'] : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
