import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { contentCodings, describeHeaders } from '../../../backbone/fetch/response-headers.ts';

const PAGE = new URL('https://example.org/files/a%20b.pdf?x=/y.html');
const nameFrom = (disposition: string, url = 'https://example.org/'): string | null =>
  describeHeaders({ 'content-disposition': disposition }, new URL(url)).fileName;

describe('the media type', () => {
  test.each([
    ['text/html', 'text/html', null],
    ['Text/HTML; Charset=ISO-8859-1', 'text/html', 'iso-8859-1'],
    ['text/html;charset="utf-8"; boundary=x', 'text/html', 'utf-8'],
    ['application/pdf;', 'application/pdf', null],
    ['html', null, null],
    ['', null, null],
    ['text/html, text/plain', null, null],
  ])('%s', (value, mediaType, charset) => {
    expect(describeHeaders({ 'content-type': value }, PAGE)).toMatchObject({ mediaType, charset });
  });

  test('is null when absent', () => {
    expect(describeHeaders({}, PAGE)).toMatchObject({ mediaType: null, charset: null, sizeBytes: null });
  });
});

describe('the size', () => {
  test.each([
    [{ 'content-length': '12' }, 12],
    [{ 'content-length': '12', 'content-encoding': 'identity' }, 12],
    [{ 'content-length': '12', 'content-encoding': 'gzip' }, null],
    [{ 'content-length': '-1' }, null],
    [{ 'content-length': '1e3' }, null],
    [{ 'content-length': '9'.repeat(30) }, null],
    [{ 'content-length': ['5', '5'] }, null],
  ])('%j is %s', (headers, expected) => {
    expect(describeHeaders(headers, PAGE).sizeBytes).toBe(expected);
  });
});

describe('the file name', () => {
  test.each([
    ['attachment; filename="report.pdf"', 'report.pdf'],
    ['attachment; filename=report.pdf', 'report.pdf'],
    ['attachment; filename = report.pdf ; size=5', 'report.pdf'],
    ['inline; FILENAME="a \\"quoted\\" name.txt"', 'a "quoted" name.txt'],
    ['attachment; filename="plain.pdf"; filename*=UTF-8\'\'na%C3%AFve.pdf', 'naïve.pdf'],
    ["attachment; filename*=utf-8'en'%e2%82%ac.txt", '€.txt'],
    ["attachment; filename*=ISO-8859-1''na%EFve.pdf", 'naïve.pdf'],
    ["attachment; filename*=koi8-r''%C1.pdf; filename=b.pdf", 'b.pdf'],
    ["attachment; filename*=UTF-8''%ff.pdf; filename=b.pdf", 'b.pdf'],
    [`attachment; filename="${Buffer.from('naïve.pdf').toString('latin1')}"`, 'naïve.pdf'],
    ['attachment; filename="naïve.pdf"', 'naïve.pdf'],
    ['attachment; filename="日本.pdf"', '日本.pdf'],
    ['attachment; filename="../../etc/passwd"', 'passwd'],
    ['attachment; filename="C:\\\\temp\\\\a.doc"', 'a.doc'],
    ['attachment; filename="a\u0000\u202eb.pdf"', 'ab.pdf'],
    ['attachment; filename=".."', null],
    ['attachment; filename=""', null],
    ['attachment', null],
    [`attachment; filename="${'x'.repeat(300)}"`, 'x'.repeat(255)],
  ])('%s is %s', (disposition, expected) => {
    expect(nameFrom(disposition)).toBe(expected);
  });

  test.each([
    ['https://example.org/files/a%20b.pdf?x=/y.html', 'a b.pdf'],
    ['https://example.org/files/', null],
    ['https://example.org', null],
    ['https://example.org/%ff.pdf', '%ff.pdf'],
    ['https://example.org/a%2Fb.pdf', 'b.pdf'],
  ])('of %s without a Content-Disposition is %s', (url, expected) => {
    expect(nameFrom('', url)).toBe(expected);
  });

  test('never leads out of a folder, whatever the header says, and takes no time to find', () => {
    const hostile = fc.oneof(
      fc.string(),
      fc.string().map((text) => `attachment; filename="${text}"`),
    );
    fc.assert(
      fc.property(hostile, (disposition) => {
        const name = nameFrom(disposition);
        expect(name === null || (!/[/\\\0]/.test(name) && name !== '..' && name !== '')).toBe(true);
      }),
    );
    for (const part of [';', '; filename', 'filename="', '\\"', "filename*=a'", '; filename*=']) {
      const startedAt = performance.now();
      nameFrom(part.repeat(30_000 / part.length));
      expect(performance.now() - startedAt).toBeLessThan(1_000);
    }
  });
});

describe('header fields', () => {
  test('have names in lower case and one text each, and no name has a meaning of its own', () => {
    const { headers } = describeHeaders({ 'X-A': 'b', 'set-cookie': ['a=1', 'b=2'], gone: undefined }, PAGE);
    expect({ ...headers }).toEqual({ 'x-a': 'b', 'set-cookie': 'a=1, b=2' });
    expect(headers['constructor']).toBeUndefined();
  });

  test('codings are listed in the order they were applied', () => {
    expect(contentCodings({ 'content-encoding': ' GZIP, identity ,br,' })).toEqual(['gzip', 'br']);
    expect(contentCodings({})).toEqual([]);
  });
});
