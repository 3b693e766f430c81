import { expect, test } from '@jest/globals';
import { bytesSource } from '../../../backbone/content/video/film/byte-source.ts';
import {
  elementAt,
  elementBody,
  floatIn,
  numberIn,
  textIn,
  variableNumber,
} from '../../../backbone/content/video/film/ebml.ts';
import { readMatroskaFilm } from '../../../backbone/content/video/film/matroska-film.ts';
import { element, unsigned } from '../../support/matroska-file.ts';

test('a file without facts has tracks alone', () => {
  const bare = Buffer.concat([
    element('1654ae6b', element('ae')),
    element('1654ae6b'),
    element('1043a770', element('45b9', element('b6'))),
  ]);
  expect(readMatroskaFilm(bytesSource(bare), 'webm')).toMatchObject({
    title: null,
    artists: [],
    durationSeconds: null,
    chapters: [],
    tracks: [{ kind: 'other', codec: 'unknown', language: 'en' }],
  });
});

test('values that are missing or too large are none', () => {
  expect([
    numberIn(null),
    numberIn(Buffer.alloc(9)),
    numberIn(Buffer.alloc(8, 0xff)),
    numberIn(Buffer.from([1, 0])),
  ]).toEqual([null, null, null, 256]);
  const half = Buffer.alloc(4);
  half.writeFloatBE(0.5);
  expect([floatIn(null), floatIn(Buffer.alloc(3)), floatIn(half)]).toEqual([null, null, 0.5]);
  expect([textIn(null), textIn(Buffer.from('a\0b'))]).toEqual([null, 'a']);
  expect(elementBody(element('ae', unsigned('d7', 1)), 0xae, 0x86)).toBeNull();
});

test('headers that cannot be are none', () => {
  const at = (...bytes: readonly number[]): ReturnType<typeof elementAt> =>
    elementAt(bytesSource(Buffer.from(bytes)), 0);
  expect([at(), at(0), at(0x08, 0, 0, 0, 0), at(0xae), at(0xae, 0), at(0xae, 0x40)]).toEqual([
    null,
    null,
    null,
    null,
    null,
    null,
  ]);
  expect(at(0xae, 0xff)).toEqual({ id: 0xae, bodyStart: 2, bodyBytes: null });
  expect([
    variableNumber(Buffer.alloc(0)),
    variableNumber(Buffer.from([0x40])),
    variableNumber(Buffer.from([0xff])),
  ]).toEqual([null, null, null]);
  expect(variableNumber(Buffer.from([0x40, 0x05]))).toEqual({ value: 5, lengthBytes: 2 });
});
