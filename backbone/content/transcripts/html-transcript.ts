/** Transcripts in HTML: paragraphs, with `cite` for the speaker and `time` for the start in front or within. Pure. */
import { DROPPED, INLINE } from '../parsing/html-elements.ts';
import { isElement, labelOf, parseHtml, textOf, type HtmlNode } from '../parsing/html-tree.ts';
import { secondsOf } from './time-code.ts';
import {
  CueCollector,
  speakerName,
  tidyLines,
  type Cue,
  type Transcript,
  type TranscriptLimits,
} from './transcript.ts';

/**
 * Reads a transcript in document order. A cue ends where the next timed one begins; without `time` elements
 * times are null. Never throws. O(text).
 */
export function readHtmlTranscript(html: string, limits: TranscriptLimits): Transcript {
  const cues = new CueCollector(limits);
  let startSeconds: number | null = null;
  let speaker: string | null = null;
  let text = '';
  const flush = (): void => {
    cues.add({ startSeconds, endSeconds: null, speaker, text: tidyLines(text.replaceAll(/\s+/g, ' ')) });
    text = '';
  };
  for (const event of eventsOf(parseHtml(html)('body').toArray())) {
    if (cues.isFull) break;
    if (event.kind === 'text') text += event.text;
    else if (event.kind === 'break') flush();
    else {
      flush();
      if (event.kind === 'speaker') speaker = speakerName(event.text);
      else startSeconds = secondsOf(event.text) ?? startSeconds;
    }
  }
  flush();
  const { cues: read, isCutOff } = cues.transcript();
  return { cues: withEnds(read), isCutOff };
}

interface ReadingEvent {
  readonly kind: 'text' | 'break' | 'speaker' | 'time';
  readonly text: string;
}

const BREAK: ReadingEvent = { kind: 'break', text: '' };

/** What a reader meets, in order. No recursion: the tree may be deep. */
function* eventsOf(roots: readonly HtmlNode[]): Generator<ReadingEvent> {
  const stack: (HtmlNode | 'end')[] = [...roots].reverse();
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node === 'end') yield BREAK;
    else if (!isElement(node)) yield { kind: 'text', text: textOf(node) ?? '' };
    else if (node.name === 'cite') yield { kind: 'speaker', text: labelOf(node) };
    else if (node.name === 'time') yield { kind: 'time', text: labelOf(node) };
    else if (!DROPPED.has(node.name)) {
      if (!INLINE.has(node.name)) {
        yield BREAK;
        stack.push('end');
      }
      for (let at = node.children.length - 1; at >= 0; at -= 1) stack.push(node.children[at] ?? 'end');
    }
  }
}

/** Paragraphs under one time share it, and end together. */
function withEnds(cues: readonly Cue[]): readonly Cue[] {
  const ended: Cue[] = [];
  let next: number | null = null;
  let current: number | null = null;
  for (const cue of [...cues].reverse()) {
    if (cue.startSeconds !== current) {
      next = current;
      current = cue.startSeconds;
    }
    const isLater = next !== null && cue.startSeconds !== null && next > cue.startSeconds;
    ended.push({ ...cue, endSeconds: isLater ? next : null });
  }
  return ended.reverse();
}
