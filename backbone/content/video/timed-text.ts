/** YouTube's captions in any of its formats: json3, srv1, srv3, WebVTT. Their text decides which it is. Pure. */
import { z } from 'zod';
import { voicesOf } from '../transcripts/caption-markup.ts';
import { readCaptions } from '../transcripts/caption-file.ts';
import { mergeRepeats } from '../transcripts/merged-cues.ts';
import {
  CueCollector,
  TRANSCRIPT_LIMITS,
  type Cue,
  type Transcript,
  type TranscriptLimits,
} from '../transcripts/transcript.ts';
import { attributeOf, isElement, parseHtml, textOf, type HtmlElement } from '../parsing/html-tree.ts';

const MS_A_SECOND = 1000;

const JSON3 = z.object({ events: z.array(z.unknown()) });
const EVENT = z.object({
  tStartMs: z.number().min(0),
  dDurationMs: z.number().min(0).optional(),
  segs: z.array(z.object({ utf8: z.string().optional() })),
});

/** Null when the text is in none of the formats. Captions by programs come without what they repeat. O(text). */
export function readTimedText(
  text: string,
  { isAutomatic }: { readonly isAutomatic: boolean },
  limits: TranscriptLimits = TRANSCRIPT_LIMITS,
): Transcript | null {
  const read = readFormat(text, limits);
  if (read === null || !isAutomatic) return read;
  return { ...read, cues: mergeRepeats(withoutOverlaps(read.cues)) };
}

function readFormat(text: string, limits: TranscriptLimits): Transcript | null {
  const start = text.slice(0, 1000).trimStart();
  if (start.startsWith('{')) return readJson3(text, limits);
  if (start.startsWith('WEBVTT')) return readCaptions(text, limits);
  return start.startsWith('<') ? readXml(text, limits) : null;
}

function readJson3(text: string, limits: TranscriptLimits): Transcript | null {
  const parsed = JSON3.safeParse(parsedJson(text));
  if (!parsed.success) return null;
  const cues = new CueCollector(limits);
  for (const event of parsed.data.events) {
    // Windows and styles are events without text.
    const { data } = EVENT.safeParse(event);
    if (data === undefined) continue;
    addCue(cues, data.tStartMs, data.dDurationMs ?? 0, data.segs.map(({ utf8 = '' }) => utf8).join(''));
    if (cues.isFull) break;
  }
  return cues.transcript();
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

/** `<text start="1.5" dur="2">` in seconds, or `<p t="1500" d="2000">` in milliseconds. */
function readXml(text: string, limits: TranscriptLimits): Transcript | null {
  const $ = parseHtml(text);
  const lines = $('transcript > text, timedtext p').toArray();
  if (lines.length === 0)
    return $('transcript, timedtext').length === 0 ? null : { cues: [], isCutOff: false };
  const cues = new CueCollector(limits);
  for (const line of lines) {
    const isSeconds = line.name === 'text';
    const time = (name: string): number => Number(attributeOf(line, name)) * (isSeconds ? MS_A_SECOND : 1);
    const [startMs, durationMs] = isSeconds ? [time('start'), time('dur')] : [time('t'), time('d')];
    if (startMs >= 0 && durationMs >= 0) addCue(cues, startMs, durationMs, textWithin(line));
    if (cues.isFull) break;
  }
  return cues.transcript();
}

/** Words stand in elements of their own, at most two deep. */
function textWithin(element: HtmlElement): string {
  return element.children
    .map((child) =>
      isElement(child) ? child.children.map((word) => textOf(word) ?? '').join('') : (textOf(child) ?? ''),
    )
    .join('');
}

/** Markup and references stand in the text of captions, whichever format holds it. */
function addCue(cues: CueCollector, startMs: number, durationMs: number, payload: string): void {
  const startSeconds = startMs / MS_A_SECOND;
  const endSeconds = Math.round(startMs + durationMs) / MS_A_SECOND;
  for (const voice of voicesOf(payload)) cues.add({ startSeconds, endSeconds, ...voice });
}

/** A line of captions by programs stays on the screen while the next one is said. */
function withoutOverlaps(cues: readonly Cue[]): readonly Cue[] {
  return cues.map((cue, at) => {
    const next = cues[at + 1]?.startSeconds ?? null;
    const { startSeconds, endSeconds } = cue;
    const overlaps = next !== null && endSeconds !== null && startSeconds !== null && next < endSeconds;
    return overlaps ? { ...cue, endSeconds: Math.max(next, startSeconds) } : cue;
  });
}
