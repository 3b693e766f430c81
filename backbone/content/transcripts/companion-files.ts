/** Transcripts and chapters that a publisher offers beside a recording. Their text decides what they are. Pure. */
import { AppError } from '../../errors.ts';
import { readCaptions } from './caption-file.ts';
import { readHtmlTranscript } from './html-transcript.ts';
import { readJsonTranscript } from './json-transcript.ts';
import { readPlainTranscript } from './plain-transcript.ts';
import { secondsOf } from './time-code.ts';
import type { Chapter } from './transcript-blocks.ts';
import { TRANSCRIPT_LIMITS, tidyLines, type Transcript } from './transcript.ts';

const MOST_CHAPTERS = 2000;
const LONGEST_TITLE = 300;
const NOTHING: Transcript = { cues: [], isCutOff: false };

/** JSON, SRT, WebVTT, HTML, else lines of text. Without cues when it is none of them, or not safe to read. Never throws. */
export function readAnyTranscript(text: string): Transcript {
  const start = text.slice(0, 1000).trimStart();
  if (/^[{[]/.test(start)) {
    const json = readJsonTranscript(text, TRANSCRIPT_LIMITS);
    if (json !== null || start.startsWith('{')) return json ?? NOTHING;
  }
  if (text.includes('-->') && !/^<[a-z]/i.test(start)) {
    const captions = readCaptions(text, TRANSCRIPT_LIMITS);
    if (captions.cues.length > 0 || start.startsWith('WEBVTT')) return captions;
  }
  return start.startsWith('<') ? readMarkup(text) : readPlainTranscript(text, TRANSCRIPT_LIMITS);
}

/** Markup that is refused as unsafe costs the episode its transcript, not the rest. */
function readMarkup(text: string): Transcript {
  try {
    return readHtmlTranscript(text, TRANSCRIPT_LIMITS);
  } catch (error) {
    if (error instanceof AppError) return NOTHING;
    throw error;
  }
}

/** `podcast:chapters`: in order of time, without those that are no part of the contents. Empty for any other text. */
export function readChapters(text: string): readonly Chapter[] {
  return listIn(text)
    .slice(0, MOST_CHAPTERS)
    .flatMap((chapter): Chapter[] => {
      if (typeof chapter !== 'object' || chapter === null) return [];
      const { title, startTime, toc } = chapter as Readonly<Record<string, unknown>>;
      const startSeconds = secondsOf(startTime);
      const name =
        typeof title === 'string' ? tidyLines(title.slice(0, LONGEST_TITLE)).replaceAll('\n', ' ') : '';
      return name === '' || startSeconds === null || toc === false ? [] : [{ title: name, startSeconds }];
    })
    .sort((a, b) => a.startSeconds - b.startSeconds);
}

function listIn(text: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return [];
    const { chapters } = value as Readonly<Record<string, unknown>>;
    return Array.isArray(chapters) ? (chapters as unknown[]) : [];
  } catch {
    return [];
  }
}
