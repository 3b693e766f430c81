import { describe, expect, test } from '@jest/globals';
import { readHtmlTranscript } from '../../../backbone/content/transcripts/html-transcript.ts';
import { readJsonTranscript } from '../../../backbone/content/transcripts/json-transcript.ts';
import { secondsOf, secondsOfTimeCode } from '../../../backbone/content/transcripts/time-code.ts';
import { TRANSCRIPT_LIMITS } from '../../../backbone/content/transcripts/transcript.ts';

describe('a transcript in JSON', () => {
  const read = (value: unknown): unknown => readJsonTranscript(JSON.stringify(value), TRANSCRIPT_LIMITS);

  test('is read by its segments', () => {
    const segments = [
      { speaker: ' Ann \n Lee: ', startTime: 0.5, endTime: 1.25, body: 'The  lamp' },
      { startTime: '2', endTime: 1, body: 'turns.' },
      { startTime: -1, body: 'When?', speaker: ' ' },
      { startTime: 3, body: '  ' },
      { startTime: 3 },
      'x',
      null,
    ];
    expect(read({ version: '1.0.0', segments })).toEqual({
      cues: [
        { startSeconds: 0.5, endSeconds: 1.25, speaker: 'Ann Lee', text: 'The lamp' },
        { startSeconds: 2, endSeconds: 2, speaker: null, text: 'turns.' },
        { startSeconds: null, endSeconds: null, speaker: null, text: 'When?' },
      ],
      isCutOff: false,
    });
  });

  test.each([['[]'], ['{"segments": 5}'], ['null'], ['{"segments": [']])('is not found in %s', (text) => {
    expect(readJsonTranscript(text, TRANSCRIPT_LIMITS)).toBeNull();
  });

  test('ends at the limit', () => {
    const text = JSON.stringify({ segments: [{ body: 'a' }, { body: 'b' }, { body: 'c' }] });
    expect(readJsonTranscript(text, { cues: 1, characters: 9 })).toMatchObject({
      cues: [{ text: 'a' }],
      isCutOff: true,
    });
  });
});

describe('a transcript in HTML', () => {
  const read = (html: string, cues = TRANSCRIPT_LIMITS.cues): unknown =>
    readHtmlTranscript(html, { ...TRANSCRIPT_LIMITS, cues });

  test('is read by speakers and times, before the paragraphs or within them', () => {
    const html = `<!doctype html><title>No</title><style>p {}</style>
      <cite>Ann:</cite><time>0:05</time><p>The lamp
      <b>turns</b>.</p><p>By night.</p>
      <p><cite>Bob</cite> <time>1:00:00</time> Why?</p>
      <div><cite>Ann:</cite><time>soon</time>Wind.<br>And rain.</div>`;
    expect(read(html)).toEqual({
      cues: [
        { startSeconds: 5, endSeconds: 3600, speaker: 'Ann', text: 'The lamp turns.' },
        { startSeconds: 5, endSeconds: 3600, speaker: 'Ann', text: 'By night.' },
        { startSeconds: 3600, endSeconds: null, speaker: 'Bob', text: 'Why?' },
        { startSeconds: 3600, endSeconds: null, speaker: 'Ann', text: 'Wind.' },
        { startSeconds: 3600, endSeconds: null, speaker: 'Ann', text: 'And rain.' },
      ],
      isCutOff: false,
    });
  });

  test('without times and speakers is its paragraphs', () => {
    expect(read('<p>One<p>Two')).toEqual({
      cues: ['One', 'Two'].map((text) => ({ startSeconds: null, endSeconds: null, speaker: null, text })),
      isCutOff: false,
    });
  });

  test('whose times go backwards has no ends there', () => {
    expect(read('<time>9:00</time><p>One</p><time>1:00</time><p>Two</p>')).toMatchObject({
      cues: [
        { startSeconds: 540, endSeconds: null },
        { startSeconds: 60, endSeconds: null },
      ],
    });
  });

  test('ends at the limit', () => {
    expect(read('<p>One<p>Two<p>Three', 2)).toMatchObject({ cues: { length: 2 }, isCutOff: true });
  });

  test.each(['<div>', '<cite>a<time>1', '<p>x', '<b>'])('of very many %s is read in linear time', (piece) => {
    const started = performance.now();
    read(piece.repeat(300_000 / piece.length));
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

describe('a time code', () => {
  test.each([
    ['0:07', 7],
    ['1:02:03.500', 3723.5],
    ['90:00', 5400],
    ['00:01,5', 1.5],
  ])('%s is %d seconds', (text, seconds) => {
    expect(secondsOfTimeCode(text)).toBe(seconds);
    expect(secondsOf(text)).toBe(seconds);
  });

  test.each(['', '7', '1:2:3:4', '-1:00', 'a:b', '9999:9999:99'])('%j is none', (text) => {
    expect(secondsOfTimeCode(text)).toBeNull();
  });

  test.each([
    [12.3456, 12.346],
    ['12.5', 12.5],
    [Number.NaN, null],
    [4_000_000, null],
    [null, null],
    ['1e9', null],
  ])('%p as a number of seconds is %p', (value, seconds) => {
    expect(secondsOf(value)).toBe(seconds);
  });
});
