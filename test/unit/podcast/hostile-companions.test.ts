import { describe, expect, test } from '@jest/globals';
import { readAnyTranscript, readChapters } from '../../../backbone/content/transcripts/companion-files.ts';
import { TRANSCRIPT_LIMITS } from '../../../backbone/content/transcripts/transcript.ts';

const MILLION = 1_000_000;

describe('a transcript of a million cues', () => {
  test.each([
    ['WebVTT', `WEBVTT\n\n${'00:01.000 --> 00:02.000\na\n\n'.repeat(MILLION)}`],
    ['SRT', '1\n00:00:01,000 --> 00:00:02,000\na\n\n'.repeat(MILLION)],
    ['JSON', `{"segments":[${'{"startTime":1,"body":"a"},'.repeat(MILLION)}{"body":"b"}]}`],
    ['HTML', '<time>0:01</time><p>a</p>'.repeat(60_000)],
    ['plain lines', 'a\n'.repeat(MILLION)],
  ])('(%s) is read as far as its limits go', (_, text) => {
    const { cues, isCutOff } = readAnyTranscript(text);
    expect(cues.length).toBeLessThanOrEqual(TRANSCRIPT_LIMITS.cues);
    expect(cues.length).toBeGreaterThan(0);
    expect(isCutOff).toBe(true);
  });
});

test('a transcript of more markup than is read has no cues', () => {
  expect(readAnyTranscript('<time>0:01</time><p>a</p>'.repeat(MILLION / 4))).toEqual({
    cues: [],
    isCutOff: false,
  });
});

describe('a list of chapters', () => {
  test('without end is read to its first 2000', () => {
    const text = `{"chapters":[${'{"startTime":1,"title":"a"},'.repeat(MILLION / 4)}{"startTime":0,"title":"b"}]}`;
    expect(readChapters(text)).toHaveLength(2000);
  });

  test('that is nested without end is none', () => {
    expect(readChapters('['.repeat(MILLION))).toEqual([]);
    expect(readChapters(`{"chapters":${'['.repeat(MILLION)}${']'.repeat(MILLION)}}`)).toEqual([]);
  });
});
