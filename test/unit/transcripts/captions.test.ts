import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readCaptions } from '../../../backbone/content/transcripts/caption-file.ts';
import { TRANSCRIPT_LIMITS, type Cue } from '../../../backbone/content/transcripts/transcript.ts';

const cuesOf = (text: string): readonly Cue[] => readCaptions(text, TRANSCRIPT_LIMITS).cues;
const textsOf = (text: string): readonly string[] => cuesOf(text).map((cue) => cue.text);
const cue = (startSeconds: number, endSeconds: number, text: string, speaker: string | null = null): Cue => ({
  startSeconds,
  endSeconds,
  speaker,
  text,
});

describe('SRT', () => {
  test('is read with its times and lines', () => {
    const text =
      '1\r\n00:00:00,500 --> 00:00:02,250\r\nThe lamp turns\r\nby night.\r\n\r\n2\r\n01:00:03,000 --> 01:00:04,000\r\nAnd rests by day.\r\n';
    expect(cuesOf(text)).toEqual([
      cue(0.5, 2.25, 'The lamp turns\nby night.'),
      cue(3603, 3604, 'And rests by day.'),
    ]);
  });

  test('is read without empty lines between its cues, and with carriage returns alone', () => {
    const text = '1\n00:01,000 --> 00:02,000\nOne\n2\n00:02,000 --> 00:03,000\nTwo\n';
    const wanted = [cue(1, 2, 'One'), cue(2, 3, 'Two')];
    expect(cuesOf(text)).toEqual(wanted);
    expect(cuesOf(text.replaceAll('\n', '\r'))).toEqual(wanted);
  });

  test('keeps a number that is what is said', () => {
    expect(textsOf('1\n00:01,000 --> 00:02,000\n42\n\n2\n00:02,000 --> 00:03,000\nYes')).toEqual([
      '42',
      'Yes',
    ]);
  });

  test('loses its HTML and override codes, and keeps a lone less-than', () => {
    const text =
      '1\n00:01,000 --> 00:02,000\n{\\an8}<font color="#fff"><i>Fish</i></font> &amp; chips, 3 < 4 &lt;b> a <b\n';
    expect(textsOf(text)).toEqual(['Fish & chips, 3 < 4 <b> a <b']);
  });

  test('takes the start for the end of a cue that ends before it starts', () => {
    expect(cuesOf('00:00:05,000 --> 00:00:02,000\nBack')).toEqual([cue(5, 5, 'Back')]);
  });

  test('names speakers in front of the text, until the next one speaks', () => {
    const text = ['Ann Lee: Welcome.', 'Remember: it is late.', 'Bob: Yes.', 'It is.', 'Bob: Good night.']
      .map((line, at) => `${at}\n00:00:0${at},000 --> 00:00:0${at},900\n${line}\n`)
      .join('\n');
    expect(cuesOf(text).map(({ speaker, text: said }) => [speaker, said])).toEqual([
      ['Ann Lee', 'Welcome.'],
      ['Ann Lee', 'Remember: it is late.'],
      ['Bob', 'Yes.'],
      ['Bob', 'It is.'],
      ['Bob', 'Good night.'],
    ]);
  });

  test('has no speakers when the first cue names none', () => {
    expect(cuesOf('00:01,000 --> 00:02,000\nso\n\n00:02,000 --> 00:03,000\nAnn: Hi')[1]).toEqual(
      cue(2, 3, 'Ann: Hi'),
    );
  });
});

describe('WebVTT', () => {
  const VTT = `WEBVTT - A talk
Kind: captions

NOTE
written --- by hand

STYLE
::cue { color: red }

intro
00:01.000 --> 00:02.000 position:10%,line-left align:left
<v.loud Ann Lee>The <c.yellow>lamp</c> <00:01.500>turns.

01:00:02.000 --> 01:00:03.500
<v Ann Lee>Why?</v> <v Bob &amp; Co>Wind.</v> (laughs)

01:00:04.000 --> 01:00:05.000

NOTE nothing was said
`;

  test('is read with voices, without notes, styles, identifiers and positions', () => {
    expect(cuesOf(VTT)).toEqual([
      cue(1, 2, 'The lamp turns.', 'Ann Lee'),
      cue(3602, 3603.5, 'Why?', 'Ann Lee'),
      cue(3602, 3603.5, 'Wind.', 'Bob & Co'),
      cue(3602, 3603.5, '(laughs)'),
    ]);
  });

  test('with a voice that has no name has no speaker', () => {
    expect(cuesOf('WEBVTT\n\n00:01.000 --> 00:02.000\n<v>Hello</v><v.a  > there')).toEqual([
      cue(1, 2, 'Hello'),
      cue(1, 2, 'there'),
    ]);
  });
});

describe('captions', () => {
  test.each(['', 'no captions', '1 --> 2\nx', '00:01 --> later\nx', `${'0'.repeat(400)} --> 00:02\nx`])(
    'are not found in %j',
    (text) => {
      expect(readCaptions(text, TRANSCRIPT_LIMITS)).toEqual({ cues: [], isCutOff: false });
    },
  );

  test('end at the limits, and say so', () => {
    const text = '00:01,000 --> 00:02,000\nfour\n\n'.repeat(5);
    expect(readCaptions(text, { cues: 3, characters: 100 })).toMatchObject({
      cues: { length: 3 },
      isCutOff: true,
    });
    expect(readCaptions(text, { cues: 100, characters: 8 })).toMatchObject({
      cues: { length: 2 },
      isCutOff: true,
    });
    expect(readCaptions(text, { cues: 5, characters: 20 })).toMatchObject({
      cues: { length: 5 },
      isCutOff: false,
    });
  });

  test('of any text are read without a failure, in order of the file, without empty ones', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '\n',
        '\r\n',
        '00:01.000 --> 00:02.000',
        ' --> ',
        '<v Ann>',
        '</v>',
        '<',
        '&lt;',
        '1',
        'Ann: ',
      ),
      fc.string({ maxLength: 8 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        for (const { text, startSeconds, endSeconds } of cuesOf(pieces.join(''))) {
          expect(text.trim()).not.toBe('');
          expect(endSeconds).toBeGreaterThanOrEqual(startSeconds ?? Infinity);
        }
      }),
    );
  });

  test.each([
    ['open tags', '<a'],
    ['tags that hold many characters', `<v ${'x'.repeat(300)}`],
    ['override codes that do not end', '{\\'],
    ['names without an end', 'Aaaa '],
    ['references', '&amp;&#1'],
    ['timing lines', '00:01.000 --> 00:02.000\n'],
    ['carriage returns', '\r'],
  ])('of very many %s are read in linear time', (_, piece) => {
    const started = performance.now();
    readCaptions(`00:01.000 --> 00:02.000\n${piece.repeat(1_000_000 / piece.length)}`, TRANSCRIPT_LIMITS);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
