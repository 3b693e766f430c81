import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { captionOrder } from '../../../backbone/content/video/caption-choice.ts';
import { chaptersIn } from '../../../backbone/content/video/description-chapters.ts';
import { readTimedText } from '../../../backbone/content/video/timed-text.ts';
import type { CaptionTrack } from '../../../backbone/content/video/youtube-provider.ts';
import { json3 } from '../../support/youtube-player.ts';

/** `en` by a person, `en*` automatic. */
function track(name: string): CaptionTrack {
  return { language: name.replace('*', ''), name, isAutomatic: name.endsWith('*'), url: name };
}

function orderOf(names: readonly string[], wanted: readonly string[]): readonly string[] {
  return captionOrder(names.map(track), wanted).map(({ name }) => name);
}

describe('the captions that are read', () => {
  test('are those of a person in the first wanted language', () => {
    expect(orderOf(['fr', 'en', 'de', 'en*'], ['de', 'fr'])[0]).toBe('de');
    expect(orderOf(['en', 'en-GB*', 'pt-BR'], ['pt'])[0]).toBe('pt-BR');
    expect(orderOf(['de', 'pt'], ['pt-BR'])[0]).toBe('pt');
  });

  test('else of a person in the language that is spoken, which the automatic ones tell', () => {
    expect(orderOf(['fr', 'en-GB', 'en*'], ['de'])).toEqual(['en-GB', 'en*', 'fr']);
    expect(orderOf(['fr', 'en', 'en*'], [])[0]).toBe('en');
  });

  test('else automatic ones, before translations by people', () => {
    expect(orderOf(['fr', 'en*'], [])).toEqual(['en*', 'fr']);
    expect(orderOf(['fr', 'en*'], ['en'])).toEqual(['en*', 'fr']);
  });

  test('else whatever there is, in the order of the video', () => {
    expect(orderOf(['zh', 'cs'], ['en'])).toEqual(['zh', 'cs']);
  });

  test('are a choice among all there are', () => {
    const names = fc.array(fc.constantFrom('en', 'en*', 'de', 'pt-BR', 'fr*'));
    fc.assert(
      fc.property(names, fc.array(fc.constantFrom('en', 'pt', 'xx')), (given, wanted) => {
        expect([...orderOf(given, wanted)].sort()).toEqual([...given].sort());
      }),
    );
  });
});

describe('timed text', () => {
  const MANUAL = { isAutomatic: false };
  const AUTOMATIC = { isAutomatic: true };
  const linesOf = (text: string, how = MANUAL): unknown =>
    readTimedText(text, how)?.cues.map(({ startSeconds, endSeconds, text: line }) => [
      startSeconds,
      endSeconds,
      line,
    ]);
  const WANTED = [
    [0.5, 2, 'Salt & wind'],
    [2, 3.25, 'by the sea'],
  ];

  test.each([
    [
      'json3',
      json3([
        [500, 1500, 'Salt & wind'],
        [2000, 1250, 'by the <i>sea</i>'],
        [4000, 10, '\n'],
      ]),
    ],
    [
      'srv1',
      '<?xml version="1.0"?><transcript><text start="0.5" dur="1.5">Salt &amp;amp; wind</text><text start="2" dur="1.25">by the &lt;i>sea&lt;/i></text><text start="x" dur="1">no</text></transcript>',
    ],
    [
      'srv3',
      '<?xml version="1.0"?><timedtext format="3"><head/><body><p t="500" d="1500">Salt &amp; wind</p><p t="2000" d="1250"><s>by</s><s t="10"> the</s> sea</p></body></timedtext>',
    ],
    ['WebVTT', 'WEBVTT\n\n00:00.500 --> 00:02.000\nSalt &amp; wind\n\n00:02.000 --> 00:03.250\nby the sea\n'],
  ])('is read as %s', (_format, text) => {
    expect(linesOf(text)).toEqual(WANTED);
  });

  test('without captions has no cues', () => {
    expect(linesOf('<transcript></transcript>')).toEqual([]);
    expect(linesOf('{"events": [{"tStartMs": 1}, 7]}')).toEqual([]);
  });

  test.each(['', 'Too many requests', '<html><p>Sorry</p></html>', '{', '{"error": 1}'])(
    'is not %j',
    (text) => {
      expect(readTimedText(text, MANUAL)).toBeNull();
    },
  );

  test('ends where it grows too long', () => {
    const text = json3([
      [0, 10, 'one'],
      [20, 10, 'two'],
    ]);
    const xml =
      '<transcript><text start="0" dur="1">one</text><text start="1" dur="1">two</text></transcript>';
    for (const each of [text, xml]) {
      const read = readTimedText(each, MANUAL, { cues: 1, characters: 100 });
      expect(read).toMatchObject({ isCutOff: true, cues: [{ text: 'one' }] });
    }
  });

  test('of programs comes without lines that roll and times that overlap', () => {
    const rolling = `WEBVTT\n\n00:00.000 --> 00:02.000\nsalt and\n\n00:02.000 --> 00:02.010\nsalt and\n\n00:02.010 --> 00:04.000\nsalt and\nwind by\n\n00:04.000 --> 00:06.000\nwind by\nthe sea\n`;
    expect(linesOf(rolling, AUTOMATIC)).toEqual([
      [0, 2.01, 'salt and'],
      [2.01, 4, 'wind by'],
      [4, 6, 'the sea'],
    ]);
    const overlapping = json3([
      [0, 4000, 'salt and'],
      [2000, 4000, 'wind by'],
    ]);
    expect(linesOf(overlapping, AUTOMATIC)).toEqual([
      [0, 2, 'salt and'],
      [2, 6, 'wind by'],
    ]);
  });

  test('of any kind never makes the reader throw', () => {
    const start = fc.constantFrom('', '{', '<', '<transcript><text ', '<timedtext><p t="1" d="', 'WEBVTT\n');
    fc.assert(
      fc.property(start, fc.string(), fc.boolean(), (begin, rest, isAutomatic) => {
        const read = readTimedText(begin + rest, { isAutomatic });
        expect(read === null || Array.isArray(read.cues)).toBe(true);
      }),
    );
  });
});

describe('chapters in a description', () => {
  const chapters = (text: string, seconds: number | null = null): unknown =>
    chaptersIn(text, seconds).map(({ title, startSeconds }) => [startSeconds, title]);

  test.each([
    '0:00 Start\n1:30 The sea\n1:02:03 Ice',
    'Notes\n\n(00:00) - Start\n(01:30) – The sea\n(1:02:03): Ice\n\nMore at https://coast.example',
    '• 0:00 | Start\n• 1:30 | The sea\n• 1:02:03 | Ice',
    'Start 0:00\nThe sea - 1:30\nIce (1:02:03)',
    '[0:00] Start\n[1:30] The sea\n[1:02:03] Ice\n0:00 Start again',
  ])('are read from %j', (text) => {
    expect(chapters(text)).toEqual([
      [0, 'Start'],
      [90, 'The sea'],
      [3723, 'Ice'],
    ]);
  });

  test.each([
    '',
    'At 3:15 look\n4:00 Ice',
    '0:00 alone',
    '0:00\n1:00',
    '0:00 Start\n0:00 Again',
    '10:00:00:00 x',
  ])('are not in %j', (text) => {
    expect(chapters(text)).toEqual([]);
  });

  test('end with the video', () => {
    expect(chapters('0:00 Start\n1:00 Sea\n9:00 Beyond', 100)).toEqual([
      [0, 'Start'],
      [60, 'Sea'],
    ]);
  });

  test('begin at 0 and rise in any text', () => {
    const line = fc
      .tuple(fc.nat(90), fc.nat(59), fc.string())
      .map(([m, s, t]) => `${m}:${String(s).padStart(2, '0')} ${t}`);
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const starts = chaptersIn(`0:00 Start\n${lines.join('\n')}`, null).map(
          ({ startSeconds }) => startSeconds,
        );
        expect(starts.every((start, at) => (at === 0 ? start === 0 : start > (starts[at - 1] ?? 0)))).toBe(
          true,
        );
      }),
    );
  });
});
