/** Answers of transcription services as what was heard. Pure. */
import { z } from 'zod';
import type { Heard, HeardSegment } from './transcriber.ts';

/** More than one a word of the fastest speaker in an hour. */
const MOST_SEGMENTS = 20_000;

const segmentSchema = z.object({
  start: z.number(),
  end: z.number(),
  text: z.string(),
  avg_logprob: z.number().nullish(),
  no_speech_prob: z.number().nullish(),
});

const answerSchema = z.object({
  text: z.string(),
  language: z.string().nullish(),
  duration: z.number().nonnegative().nullish(),
  segments: z.array(segmentSchema).max(MOST_SEGMENTS).nullish(),
});

/** Null when the answer is none. `durationSeconds`: of what was sent; null leaves it to the service. */
export function readHeard(answer: unknown, durationSeconds: number | null): Heard | null {
  const parsed = answerSchema.safeParse(answer);
  if (!parsed.success) return null;
  const { text, language, duration, segments } = parsed.data;
  const length = durationSeconds ?? duration ?? null;
  const timed = (segments ?? []).flatMap((segment) => segmentOf(segment, length));
  return {
    segments: timed.length > 0 ? timed.sort(byStart) : wholeText(text, length),
    language: languageCode(language ?? ''),
  };
}

function segmentOf(segment: z.output<typeof segmentSchema>, length: number | null): readonly HeardSegment[] {
  const text = segment.text.trim().toWellFormed();
  if (text === '') return [];
  const bounded = (seconds: number): number => Math.min(Math.max(seconds, 0), length ?? Infinity);
  const startSeconds = bounded(segment.start);
  return [
    {
      startSeconds,
      endSeconds: Math.max(startSeconds, bounded(segment.end)),
      text,
      confidence: typeof segment.avg_logprob === 'number' ? share(Math.exp(segment.avg_logprob)) : null,
      noSpeech: typeof segment.no_speech_prob === 'number' ? share(segment.no_speech_prob) : null,
    },
  ];
}

function wholeText(text: string, length: number | null): readonly HeardSegment[] {
  const whole = text.trim().toWellFormed();
  if (whole === '') return [];
  const startSeconds = length === null ? null : 0;
  return [{ startSeconds, endSeconds: length, text: whole, confidence: null, noSpeech: null }];
}

function byStart(one: HeardSegment, other: HeardSegment): number {
  return (one.startSeconds ?? 0) - (other.startSeconds ?? 0);
}

function share(value: number): number {
  return Math.round(Math.min(Math.max(value, 0), 1) * 1000) / 1000;
}

/** Some services answer `en`, others `english`. */
export function languageCode(name: string): string | null {
  const plain = name.trim().toLowerCase();
  if (/^[a-z]{2}$/.test(plain)) return plain;
  codesByName ??= namesOfLanguages();
  return codesByName.get(plain) ?? null;
}

let codesByName: ReadonlyMap<string, string> | null = null;

function namesOfLanguages(): ReadonlyMap<string, string> {
  const names = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' });
  const letters = Array.from({ length: 26 }, (_, at) => String.fromCharCode(97 + at));
  const codes = letters.flatMap((first) => letters.map((second) => first + second));
  return new Map(
    codes.flatMap((code) => {
      const name = names.of(code);
      return name === undefined ? [] : [[name.toLowerCase(), code]];
    }),
  );
}
