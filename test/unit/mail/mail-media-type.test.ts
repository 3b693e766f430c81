import { describe, expect, test } from '@jest/globals';
import { documentType } from '../../../backbone/content/document/document-type.ts';
import { detectMediaType } from '../../../backbone/content/parsing/media-type.ts';

const typeOf = async (text: string, fileName: string | null = null, declared: string | null = null) =>
  (await detectMediaType(Buffer.from(text), { fileName, declared })).mediaType;

const RECEIVED =
  'Return-Path: <a@b.c>\r\nReceived: from x\r\n\tby y; Wed, 1 May 2024\r\nFrom: a@b.c\r\nSubject: Hi\r\n\r\nText.';
const LETTER = 'From: Ada\nTo: Grace\nSubject: Tides\nDate: 1 May\n\nDear Grace,\n';

describe('an e-mail message', () => {
  test.each([
    ['without name and declaration', RECEIVED, null, null],
    ['called a plain text', RECEIVED, 'message.txt', 'text/plain'],
    ['with a wrong declaration', RECEIVED, null, 'text/html'],
    ['out of a mailbox file', `From a@b.c Wed May 1 2024\n${RECEIVED}`, null, null],
    ['of few fields, by its name', LETTER, 'letter.eml', 'application/octet-stream'],
    ['of few fields, by its declaration', LETTER, null, 'message/rfc822'],
    ['of MIME fields alone, by its name', 'Content-Type: text/plain\n\nText.', 'a.eml', null],
    [
      'with a header longer than the sample',
      `${RECEIVED.slice(0, -9)}\nX-Long: ${'x'.repeat(20_000)}`,
      null,
      null,
    ],
  ])('%s is known', async (_, text, name, declared) => {
    expect(await typeOf(text, name, declared)).toBe('message/rfc822');
  });

  test.each([
    ['a letter with fields of people', LETTER, null],
    ['a text called a message', 'Dear Grace,\nthe tide turns.', 'letter.eml'],
    ['fields of another kind', 'Name: value\nOther: value\n\nText.', 'a.eml'],
    ['a text about a header', 'Look at this:\nReceived: by x\nFrom: a@b.c\nTo: d@e.f\n', null],
    ['a header with a sentence in it', 'From: a@b.c\nMIME-Version: 1.0\nHello there\nTo: x\n\n', null],
    ['a text that begins indented', '  Received: x\nFrom: a@b.c\nTo: x\n\n', null],
    ['an answer of a web server', 'Date: x\nContent-Type: text/html\nServer: y\n\n', null],
  ])('is not %s', async (_, text, name) => {
    expect(await typeOf(text, name)).toBe('text/plain');
  });

  test('is no Markdown file that begins with fields', async () => {
    expect(await typeOf(RECEIVED, 'notes.md')).toBe('text/markdown');
  });

  test('is a document, also by its address', () => {
    expect(documentType.mediaTypes).toContain('message/rfc822');
    expect(documentType.claimsUrl(new URL('https://example.org/a.eml'))).toBe(true);
  });
});
