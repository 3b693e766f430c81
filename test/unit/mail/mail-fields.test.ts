import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { mailboxText, parseAddresses } from '../../../backbone/content/document/mail/addresses.ts';
import { decodeWords } from '../../../backbone/content/document/mail/encoded-words.ts';
import { parseParameterField } from '../../../backbone/content/document/mail/field-parameters.ts';
import { readHeaderBlock } from '../../../backbone/content/document/mail/header-fields.ts';
import { mailDate } from '../../../backbone/content/document/mail/mail-date.ts';
import {
  decodeQ,
  decodeTransfer,
  decodedSize,
} from '../../../backbone/content/document/mail/transfer-encoding.ts';

describe('encoded words', () => {
  test.each([
    ['plain', 'plain'],
    ['=?iso-8859-1*fr?q?caf=E9_noir?= bar', 'café noir bar'],
    ['=?utf-8?B?ww==?= =?utf-8?B?pg==?=', 'æ'],
    ['a =?utf-8?Q?=C3?= =?UTF-8?Q?=A6?= =?iso-8859-1?Q?=E6?= b', 'a ææ b'],
    ['=?utf-8?Q?a?= x =?utf-8?Q?b?=', 'a x b'],
    ['=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=', '日本'],
    ['=?no-such-charset?Q?abc?=', 'abc'],
    ['=?utf-8?X?abc?=', '=?utf-8?X?abc?='],
  ])('%s', (field, text) => {
    expect(decodeWords(field)).toBe(text);
  });
});

describe('transfer encodings', () => {
  test('give back what was encoded', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const base64 = Buffer.from(Buffer.from(bytes).toString('base64'));
        const hex = Buffer.from([...bytes].map((byte) => `=${byte.toString(16).padStart(2, '0')}`).join(''));
        expect([...decodeTransfer(base64, 'base64')]).toEqual([...bytes]);
        expect(decodedSize(base64, 'base64')).toBe(bytes.length);
        expect([...decodeTransfer(hex, 'quoted-printable')]).toEqual([...bytes]);
        expect(decodedSize(hex, 'quoted-printable')).toBe(bytes.length);
      }),
    );
    expect(decodeQ('a_b').toString()).toBe('a b');
  });
});

describe('addresses', () => {
  test.each([
    ['Ada <ada@example.org>', ['Ada <ada@example.org>']],
    ['"A, \\"B\\"" <a@b.c>, d@e.f', ['A, "B" <a@b.c>', 'd@e.f']],
    ['a@b.c (Ada)', ['Ada <a@b.c>']],
    ['undisclosed-recipients:;', []],
    ['Nobody, <a@b.c', ['Nobody', 'a@b.c']],
    ['(comment)', ['comment']],
    ['Ada <>', ['Ada']],
    ['=?utf-8?Q?L=C3=B8,_A?= <a@b.c>', ['Lø, A <a@b.c>']],
  ])('%s', (field, expected) => {
    expect(parseAddresses(field).map(mailboxText)).toEqual(expected);
  });
});

describe('dates', () => {
  test.each([
    ['Wed, 1 May 2024 09:30:00 +0200', '2024-05-01T09:30:00+02:00'],
    ['1 may 24 9:30 EST (comment)', '2024-05-01T09:30:00-05:00'],
    ['1 May 99 09:30:00 GMT', '1999-05-01T09:30:00Z'],
    ['1 May 2024 09:30:00 -0000', '2024-05-01T09:30:00Z'],
    ['1 May 2024 09:30:00', '2024-05-01T09:30:00Z'],
    ['1 May 2024 09:30:00 +9999', '2024-05-01T09:30:00Z'],
    ['31 Feb 2024 09:30:00 +0000', null],
    ['1 Foo 2024 09:30:00 +0000', null],
    ['yesterday', null],
  ])('%s', (field, expected) => {
    expect(mailDate(field)).toBe(expected);
  });
});

describe('parameters', () => {
  test.each([
    ['text/plain', 'text/plain', {}],
    ['Text/Plain (comment); Charset="utf-8"', 'text/plain', { charset: 'utf-8' }],
    ['a/b; name="x\\"y"; n=z', 'a/b', { name: 'x"y', n: 'z' }],
    ['a/b; name*0=one; name*1=two', 'a/b', { name: 'onetwo' }],
    ["a/b; name*1*=%C3%A6; name*0*=utf-8''x; name=old", 'a/b', { name: 'xæ' }],
    ["a/b; name*=iso-8859-1'da'%E6", 'a/b', { name: 'æ' }],
    ['a/b; name*=plain', 'a/b', { name: 'plain' }],
    ['; x=y', '', { x: 'y' }],
    ['a/b; *=c', 'a/b', { '*': 'c' }],
  ])('%s', (field, value, parameters) => {
    const read = parseParameterField(field);
    expect(read.value).toBe(value);
    expect(Object.fromEntries(read.parameters)).toEqual(parameters);
  });
});

describe('header fields', () => {
  const fieldsOf = (text: string | Buffer) => readHeaderBlock(Buffer.from(text)).fields;

  test('of one name count once, in any case, unfolded', () => {
    const fields = fieldsOf('SUBJECT: One\r\n\ttwo\r\nSubject: other\r\n\r\nBody: no');
    expect(fields.text('subject')).toBe('One two');
    expect(fields.text('body')).toBeNull();
  });

  test('may hold bytes of any charset', () => {
    expect(fieldsOf('Subject: Æble').text('subject')).toBe('Æble');
    expect(fieldsOf(Buffer.from('Subject: Caf\xe9', 'latin1')).text('subject')).toBe('Café');
    expect(fieldsOf('Subject: a\0b').text('subject')).toBe('ab');
  });
});
