import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { AttachedFiles } from '../../../backbone/content/attachments.ts';
import { attachedFiles } from '../../../backbone/content/document/mail/attached-files.ts';
import { mail, multipart, part } from './mail-builder.ts';

const BASE64 = 'Content-Transfer-Encoding: base64\n';
const file = (name: string, text: string): string =>
  part(`text/csv; name="${name}"`, Buffer.from(text).toString('base64'), BASE64);
const read = (message: string, maxFiles = 30, maxBytes = 1_000_000): AttachedFiles =>
  attachedFiles({
    bytes: Buffer.from(message),
    mediaType: 'message/rfc822',
    declaredCharset: null,
    baseUrl: null,
    fileName: null,
    options: { maxFiles, maxBytes },
  });
const shown = ({ files }: AttachedFiles): readonly string[] =>
  files.map(({ name, bytes }) => `${name ?? '-'}: ${Buffer.from(bytes).toString()}`);

describe('the files of a message', () => {
  test('are decoded, in their order, also those of messages within it', () => {
    const inner = mail(multipart('mixed', [part('text/plain', 'Inner.'), file('b.csv', 'b')], 'in'));
    const outer = [
      part('text/plain', 'Outer.'),
      file('a.csv', 'a'),
      part('message/rfc822', inner),
      part('image/png', 'pixels', 'Content-Disposition: inline\n'),
    ];
    expect(shown(read(mail(multipart('mixed', outer))))).toEqual(['a.csv: a', 'b.csv: b', '-: pixels']);
  });

  test('are found in an encoded message, and in a digest, whose parts are messages', () => {
    const inner = mail(multipart('mixed', [file('a.csv', 'a')], 'in'));
    const encoded = part('message/rfc822', Buffer.from(inner).toString('base64'), BASE64);
    const twice = mail(multipart('mixed', [encoded], 'mid'));
    const parts = [encoded, part('message/rfc822', Buffer.from(twice).toString('base64'), BASE64)];
    expect(shown(read(mail(multipart('mixed', parts))))).toEqual(['a.csv: a']);
    expect(shown(read(mail(multipart('digest', [`\n${inner}`]))))).toEqual(['a.csv: a']);
  });

  test('are none where a message is encrypted, signed, empty or without a boundary', () => {
    const parts = [
      part('application/pgp-signature', 'sign'),
      part('application/pkcs7-mime; smime-type=enveloped-data', 'secret'),
      part('image/png', ''),
      part('image/png', '====', BASE64),
      part('image/png', '=', 'Content-Transfer-Encoding: quoted-printable\n'),
      'Content-Type: multipart/mixed\n\ntext',
    ];
    expect(read(mail(multipart('mixed', parts)))).toEqual({ files: [], leftOut: [] });
  });

  test('beyond a limit of number or bytes are named', () => {
    const parts = [
      file('a.csv', 'aaaa'),
      file('big.csv', 'x'.repeat(100)),
      file('b.csv', 'b'),
      part('a/b', 'c'),
    ];
    const message = mail(multipart('mixed', parts));
    expect(shown(read(message, 30, 50))).toEqual(['a.csv: aaaa', 'b.csv: b', '-: c']);
    expect(read(message, 30, 50).leftOut).toEqual(['big.csv']);
    expect(read(message, 1).leftOut).toEqual(['big.csv', 'b.csv', 'unnamed']);
  });

  test('nested without end are sought down to the limit', () => {
    let content = file('deep.csv', 'deep');
    for (let depth = 0; depth < 40; depth += 1) content = multipart('mixed', [content], `b${depth}x`);
    expect(read(mail(content)).files).toEqual([]);
    expect(read(`${mail('Content-Type: message/rfc822\n\n').repeat(5000)}\r\nx`).files).toEqual([]);
    const many = Array.from({ length: 3000 }, (_, at) => part('text/plain', `Part ${at}.`));
    const both = [multipart('mixed', many, 'one'), multipart('mixed', [file('late.csv', 'l')], 'two')];
    expect(read(mail(multipart('mixed', both))).files).toEqual([]);
  });

  test('of any bytes are within the limits', () => {
    const pieces = fc.constantFrom(
      '\n',
      '--e',
      '--e--',
      'Content-Type: multipart/mixed; boundary=e',
      'Content-Type: message/rfc822',
      'Content-Type: image/png',
      BASE64,
      '=',
      'abc',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 60 }), (found) => {
        const { files } = read(`Subject: x\n${found.join('\n')}`, 2, 10);
        expect(files.length).toBeLessThanOrEqual(2);
        expect(files.reduce((sum, { bytes }) => sum + bytes.length, 0)).toBeLessThanOrEqual(10);
        expect(files.every(({ bytes }) => bytes.length > 0)).toBe(true);
      }),
    );
  });
});
