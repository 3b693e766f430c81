/** SRT and WebVTT. Both are read line by line and forgivingly, since both are often written by hand. Pure. */
import { voicesOf } from './caption-markup.ts';
import { withNamedSpeakers } from './named-speakers.ts';
import { secondsOfTimeCode } from './time-code.ts';
import { CueCollector, type Transcript, type TranscriptLimits } from './transcript.ts';

interface Timing {
  readonly startSeconds: number;
  readonly endSeconds: number;
}

/** A timing line is short: two time codes and, in WebVTT, settings. */
const LONGEST_TIMING = 300;
const LONGEST_LINE = 10_000;
/** More lines than this are no caption. */
const MOST_LINES = 50;

/**
 * Reads the cues of an SRT or WebVTT text, in the order of the file. Header, notes, styles, regions,
 * identifiers and positions are left out; voices and leading names become speakers. Never throws; what
 * is no caption file has no cues. O(text).
 */
export function readCaptions(text: string, limits: TranscriptLimits): Transcript {
  const cues = new CueCollector(limits);
  let timing: Timing | null = null;
  let payload: string[] = [];
  const close = (): void => {
    if (timing !== null) {
      for (const voice of voicesOf(payload.join('\n'))) cues.add({ ...timing, ...voice });
    }
    timing = null;
    payload = [];
  };
  for (const line of linesOf(text)) {
    const next = timingOf(line);
    if (next !== null) {
      // The line above is the cue's number where no empty line parts it from the cue before.
      if (payload.length > 1 && /^\d{1,9}$/.test(payload.at(-1) ?? '')) payload.pop();
      close();
      timing = next;
    } else if (line.trim() === '') {
      close();
    } else if (timing !== null && payload.length < MOST_LINES) {
      payload.push(line.slice(0, LONGEST_LINE));
    }
    if (cues.isFull) break;
  }
  close();
  const { isCutOff, cues: read } = cues.transcript();
  return { cues: withNamedSpeakers(read), isCutOff };
}

/** `00:01.000 --> 00:04.000 align:start`; null when the line is none. An end before its start becomes the start. */
function timingOf(line: string): Timing | null {
  const arrow = line.length > LONGEST_TIMING ? -1 : line.indexOf('-->');
  if (arrow < 0) return null;
  const startSeconds = secondsOfTimeCode(line.slice(0, arrow));
  const endSeconds = secondsOfTimeCode(
    line
      .slice(arrow + 3)
      .trim()
      .split(/\s/, 1)[0] ?? '',
  );
  if (startSeconds === null || endSeconds === null) return null;
  return { startSeconds, endSeconds: Math.max(startSeconds, endSeconds) };
}

/** Lines one by one, so that a large file is not held twice. Files of old Macs have carriage returns alone. */
function* linesOf(text: string): Generator<string> {
  const separator = text.includes('\n') ? '\n' : '\r';
  let at = 0;
  while (at < text.length) {
    const found = text.indexOf(separator, at);
    const end = found < 0 ? text.length : found;
    yield text.slice(at, end);
    at = end + 1;
  }
}
