import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeText, type DecodeOptions } from '../../../backbone/content/parsing/charset.ts';

const FRENCH_1252 = Buffer.from(
  'D\xe9j\xe0 vu: la fa\xe7ade na\xefve, \x93cit\xe9e\x94, est \xe0 c\xf4t\xe9.',
  'latin1',
);
const RUSSIAN_1251 = Buffer.from([
  0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2, 0x2c, 0x20, 0xec, 0xe8, 0xf0, 0x21, 0x20, 0xca, 0xe0, 0xea, 0x20, 0xe4,
  0xe5, 0xeb, 0xe0, 0x3f,
]);
const JAPANESE_SJIS = Buffer.from([0x82, 0xb1, 0x82, 0xf1, 0x82, 0xc9, 0x82, 0xbf, 0x82, 0xcd]);

const decode = (bytes: Uint8Array, options: Partial<DecodeOptions> = {}) =>
  decodeText(bytes, { declared: null, kind: 'text', ...options });

const ascii = (text: string): Buffer => Buffer.from(text, 'latin1');

/** As an encoder for UTF-32, which the platform lacks. */
function utf32(text: string, littleEndian: boolean, mark: boolean): Buffer {
  const points = Array.from((mark ? '\ufeff' : '') + text, (character) => character.codePointAt(0) ?? 0);
  const bytes = Buffer.alloc(points.length * 4);
  points.forEach((point, index) =>
    littleEndian ? bytes.writeUInt32LE(point, index * 4) : bytes.writeUInt32BE(point, index * 4),
  );
  return bytes;
}

describe('byte order marks', () => {
  test.each([
    ['utf-8', Buffer.from('\ufeffgrüße')],
    ['utf-16le', Buffer.from('\ufeffgrüße', 'utf16le')],
    ['utf-16be', Buffer.from('\ufeffgrüße', 'utf16le').swap16()],
    ['utf-32le', utf32('grüße', true, true)],
    ['utf-32be', utf32('grüße', false, true)],
  ])('a mark for %s decides against any declaration and is dropped', (charset, bytes) => {
    expect(decode(bytes, { declared: 'windows-1251' })).toMatchObject({
      charset,
      text: 'grüße',
      replacements: 0,
    });
  });

  test('a mark of UTF-32 whose length does not fit is read as UTF-16', () => {
    expect(decode(Buffer.from([0xff, 0xfe, 0, 0, 0x41, 0])).charset).toBe('utf-16le');
  });
});

describe('zero bytes', () => {
  const text = 'Fog signals: 4 blasts, then silence.';
  test.each([
    ['utf-16le', Buffer.from(text, 'utf16le')],
    ['utf-16be', Buffer.from(text, 'utf16le').swap16()],
    ['utf-32le', utf32(text, true, false)],
    ['utf-32be', utf32(text, false, false)],
  ])('%s is recognised without a mark', (charset, bytes) => {
    expect(decode(bytes)).toMatchObject({ charset, text });
  });

  test('Cyrillic UTF-16 with a few spaces and tags is recognised', () => {
    const bytes = Buffer.from('<p>Маяк стоит на скале. Он старый.</p>', 'utf16le');
    expect(decode(bytes).charset).toBe('utf-16le');
  });

  test('UTF-16 that was cut inside a character is still recognised', () => {
    const bytes = Buffer.from('tide '.repeat(20), 'utf16le').subarray(0, -1);
    expect(decode(bytes)).toMatchObject({ charset: 'utf-16le', replacements: 1 });
  });

  test('stray NUL bytes do not make a text UTF-16, and are dropped', () => {
    expect(decode(ascii('a line with one \0 in it, otherwise plain'))).toMatchObject({
      charset: 'utf-8',
      text: 'a line with one  in it, otherwise plain',
      replacements: 0,
    });
  });

  test('a lone surrogate becomes a replacement character and is counted', () => {
    const bytes = Buffer.from('fog \ud800 bell', 'utf16le');
    expect(decode(bytes)).toMatchObject({ text: 'fog \ufffd bell', replacements: 1 });
  });

  test('numbers that are no code points, and a cut-off unit, become replacement characters in UTF-32', () => {
    const bytes = Buffer.concat([utf32('ab', true, true), Buffer.from([0, 0, 0x11, 0, 0, 0xd8, 0, 0])]);
    expect(decode(bytes)).toMatchObject({ text: 'ab\ufffd\ufffd', replacements: 2, charset: 'utf-32le' });
  });

  test('UTF-32 longer than one piece keeps every character', () => {
    const long = 'tide '.repeat(5000);
    expect(decode(utf32(long, false, true)).text).toBe(long);
  });
});

describe('UTF-8', () => {
  test('valid UTF-8 beats a declaration that says otherwise', () => {
    expect(decode(Buffer.from('naïve façade'), { declared: 'iso-8859-1' })).toMatchObject({
      charset: 'utf-8',
      text: 'naïve façade',
    });
  });

  test('plain ASCII counts as UTF-8', () => {
    expect(decode(ascii('plain'), { declared: 'shift_jis' }).charset).toBe('utf-8');
  });

  test('a few broken bytes in much UTF-8 are replaced and warned about', () => {
    const bytes = Buffer.concat([Buffer.from('é'.repeat(60)), Buffer.from([0xff]), Buffer.from('è')]);
    const decoded = decode(bytes, { declared: 'windows-1252' });
    expect(decoded).toMatchObject({ charset: 'utf-8', replacements: 1 });
    expect(decoded.warnings).toEqual([
      { code: 'text_undecodable', message: expect.stringContaining('One character could not be decoded') },
    ]);
  });

  test('an end that was cut inside a character costs one replacement', () => {
    const bytes = Buffer.from('é'.repeat(60)).subarray(0, 119);
    expect(decode(bytes)).toMatchObject({ charset: 'utf-8', replacements: 1 });
  });

  test('several broken bytes are counted in the warning', () => {
    const bytes = Buffer.concat([Buffer.from('é'.repeat(60)), Buffer.from([0xff, 0x20, 0xff])]);
    expect(decode(bytes).warnings[0]?.message).toContain('2 characters could not be decoded');
  });

  test('no bytes are no text', () => {
    expect(decode(new Uint8Array())).toEqual({ text: '', charset: 'utf-8', replacements: 0, warnings: [] });
  });
});

describe('declarations', () => {
  test('the transport’s label is used when the bytes are not Unicode', () => {
    expect(decode(RUSSIAN_1251, { declared: ' Windows-1251 ' }).text).toBe('Привет, мир! Как дела?');
  });

  test('the transport’s label goes before the document’s', () => {
    const page = Buffer.concat([ascii('<meta charset="koi8-r"><p>'), RUSSIAN_1251]);
    expect(decode(page, { declared: 'windows-1251', kind: 'html' }).charset).toBe('windows-1251');
  });

  test.each([
    ['<meta charset=windows-1251>', 'html'],
    ['<META http-equiv="Content-Type" content="text/html; charset=windows-1251">', 'html'],
    ['<!-- <meta charset="koi8-r"> --><meta charset="windows-1251">', 'html'],
    ['<?xml version="1.0" encoding="windows-1251"?>', 'xml'],
    ["<?xml version='1.0' encoding='windows-1251'?><html>", 'html'],
  ] as const)('%s is honoured', (head, kind) => {
    const decoded = decode(Buffer.concat([ascii(head), RUSSIAN_1251.subarray(0, 2)]), { kind });
    expect(decoded.charset).toBe('windows-1251');
  });

  test.each(['utf-16', 'UTF-32', 'no-such-charset', 'x-user-defined', 'hz-gb-2312'])(
    'a document that is readable as ASCII and claims %s is not believed',
    (label) => {
      const page = Buffer.concat([ascii(`<meta charset="${label}">`), FRENCH_1252]);
      expect(decode(page, { kind: 'html' }).charset).toBe('windows-1252');
    },
  );

  test('a label inside an open comment counts for nothing', () => {
    const page = Buffer.concat([ascii('<!-- <meta charset="koi8-r">'), FRENCH_1252]);
    expect(decode(page, { kind: 'html' }).charset).not.toBe('koi8-r');
  });

  test('a declaration in plain text is only text', () => {
    expect(decode(Buffer.concat([ascii('<meta charset="koi8-r">'), FRENCH_1252])).charset).toBe(
      'windows-1252',
    );
  });

  test('a declaration that loses characters gives way to one that loses none', () => {
    expect(decode(FRENCH_1252, { declared: 'utf-8' })).toMatchObject({
      charset: 'windows-1252',
      replacements: 0,
    });
  });
});

describe('detection', () => {
  test('Cyrillic without a declaration is detected', () => {
    expect(decode(RUSSIAN_1251)).toMatchObject({ charset: 'windows-1251', text: 'Привет, мир! Как дела?' });
  });

  test('too few bytes to judge by are read as Windows-1252', () => {
    expect(decode(Buffer.from('caf\xe9', 'latin1'))).toMatchObject({ charset: 'windows-1252', text: 'café' });
  });

  test('markup does not count as evidence', () => {
    const noise = '<div class="wrapper content column">'.repeat(50);
    const page = Buffer.concat([ascii(noise), RUSSIAN_1251, ascii('</div>'.repeat(50))]);
    expect(decode(page, { kind: 'html' }).charset).toBe('windows-1251');
  });

  test('Japanese that switches by escape sequences is read, with and without a declaration', () => {
    const bytes = ascii('\x1b$B$3$s$K$A$O\x1b(B');
    expect(decode(bytes).text).toBe('こんにちは');
    expect(decode(bytes, { declared: 'iso-2022-jp' }).charset).toBe('iso-2022-jp');
  });

  test('an escape character in ordinary text changes nothing', () => {
    expect(decode(ascii('colour \x1b[31mred\x1b[0m')).charset).toBe('utf-8');
  });

  test('a declared multi-byte charset is read', () => {
    expect(decode(JAPANESE_SJIS, { declared: 'Shift_JIS' }).text).toBe('こんにちは');
  });

  test('of charsets that all lose something the one that loses least is taken', () => {
    const bytes = Buffer.concat([JAPANESE_SJIS, Buffer.from([0x82])]);
    expect(decode(bytes, { declared: 'euc-kr' }).replacements).toBeLessThanOrEqual(1);
  });
});

test('any bytes decode to text without NUL and lone surrogates, in any kind', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 300 }),
      fc.constantFrom('html', 'xml', 'text'),
      fc.option(fc.constantFrom('utf-8', 'utf-16le', 'big5', 'nonsense', 'iso-2022-jp')),
      (bytes, kind, declared) => {
        const decoded = decodeText(bytes, { declared, kind });
        expect(decoded.text.isWellFormed()).toBe(true);
        expect(decoded.text).not.toContain('\0');
        expect(decoded.warnings).toHaveLength(decoded.replacements === 0 ? 0 : 1);
      },
    ),
  );
});

test('what was encoded as UTF-8 comes back unchanged', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 8 }), (text) => {
      const clean = text.replaceAll(/[\0\u001b]/g, '');
      fc.pre(/[^\0-\u007f]/.test(clean));
      expect(decode(Buffer.from(clean), { declared: 'latin1' }).text).toBe(clean);
    }),
  );
});
