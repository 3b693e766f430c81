import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { describeMediaType } from '../../../backbone/content/parsing/media-type-descriptions.ts';
import { bareMediaType, extensionOf } from '../../../backbone/content/parsing/media-type-hints.ts';
import { detectMediaType, DOCX_TYPE } from '../../../backbone/content/parsing/media-type.ts';
import { zipArchive } from '../../support/zip-archive.ts';

const OLE_HEADER = Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
const ole = (stream: string): Buffer =>
  Buffer.concat([OLE_HEADER, Buffer.alloc(504), Buffer.from(stream, 'utf16le'), Buffer.alloc(64)]);

interface Hints {
  readonly name?: string;
  readonly declared?: string;
}

const typeOf = async (content: string | Uint8Array, { name, declared }: Hints = {}): Promise<string> =>
  (await detectMediaType(Buffer.from(content), { fileName: name ?? null, declared: declared ?? null }))
    .mediaType;

describe('binary files', () => {
  test('a PDF is known by its header, whatever its name and declaration say', async () => {
    const pdf = '%PDF-1.7\n1 0 obj\n<< >>\nendobj\n';
    expect(await typeOf(pdf, { name: 'page.html', declared: 'text/html' })).toBe('application/pdf');
  });

  test('a PDF whose header comes late is known', async () => {
    expect(await typeOf('X-Mailer: none\n\n%PDF-1.4\n1 0 obj\n<< >>\nendobj')).toBe('application/pdf');
  });

  test('an image is known', async () => {
    const png = Buffer.from(
      '89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000049454e44',
      'hex',
    );
    expect(await typeOf(png, { name: 'a.txt' })).toBe('image/png');
  });

  test('bytes full of control characters are of an unknown kind', async () => {
    expect(await typeOf(Buffer.from(Array.from({ length: 512 }, (_, index) => (index * 7) % 32)))).toBe(
      'application/octet-stream',
    );
    expect(await typeOf(Buffer.concat([Buffer.from('text'), Buffer.alloc(100)]))).toBe(
      'application/octet-stream',
    );
  });

  test('no bytes at all are called an empty file', async () => {
    expect(await detectMediaType(new Uint8Array(), { declared: null, fileName: null })).toEqual({
      mediaType: 'application/octet-stream',
      description: 'an empty file',
    });
  });

  test.each([
    'BMW built boats once.',
    'MZ is a prefix.',
    'FORM follows function.',
    'ID3 is not the topic here.',
  ])('a text that begins like a binary file stays a text: %s', async (text) => {
    expect(await typeOf(text.repeat(5))).toBe('text/plain');
  });

  test('readable formats with a signature are not taken for plain text', async () => {
    expect(await typeOf('{\\rtf1\\ansi Hello}')).toBe('application/rtf');
    expect(await typeOf('WEBVTT\n\n00:01.000 --> 00:02.000\nHello')).toBe('text/vtt');
    expect(await typeOf('1\r\n00:00:01,000 --> 00:00:02,000\r\nHello')).toBe('application/x-subrip');
  });
});

describe('containers', () => {
  test.each([
    ['word/document.xml', DOCX_TYPE],
    ['xl/workbook.xml', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
    ['ppt/presentation.xml', 'application/vnd.openxmlformats-officedocument.presentationml.presentation'],
    ['META-INF/container.xml', 'application/epub+zip'],
  ])('an archive with the entry %s is %s', async (entry, mediaType) => {
    expect(await typeOf(zipArchive([{ name: entry, content: '<x/>' }]))).toBe(mediaType);
  });

  test('the archive’s own list of content types decides', async () => {
    const types = `<Types><Override PartName="/odd/place.xml" ContentType="${DOCX_TYPE}.main+xml"/></Types>`;
    expect(await typeOf(zipArchive([{ name: '[Content_Types].xml', content: types }]))).toBe(DOCX_TYPE);
  });

  test('an archive that shows nothing is what its name or declaration says, if that can be', async () => {
    const archive = zipArchive([{ name: 'a.xml', content: '<a/>' }]);
    expect(await typeOf(archive)).toBe('application/zip');
    expect(await typeOf(archive, { name: 'report.docx' })).toBe(DOCX_TYPE);
    expect(await typeOf(archive, { declared: `${DOCX_TYPE}; charset=x` })).toBe(DOCX_TYPE);
    expect(await typeOf(archive, { name: 'old.doc', declared: 'application/pdf' })).toBe('application/zip');
  });

  test.each([
    ['WordDocument', 'application/msword'],
    ['Workbook', 'application/vnd.ms-excel'],
    ['PowerPoint Document', 'application/vnd.ms-powerpoint'],
    ['EncryptedPackage', 'application/x-encrypted-office'],
  ])('an OLE file with the stream %s is %s', async (stream, mediaType) => {
    expect(await typeOf(ole(stream))).toBe(mediaType);
  });

  test('an OLE file that shows no stream is judged by its name', async () => {
    expect(await typeOf(ole('?'), { name: 'letter.DOC' })).toBe('application/msword');
    expect(await typeOf(ole('?'))).toBe('application/x-cfb');
  });
});

describe('markup', () => {
  test.each([
    ['<!DOCTYPE html><title>x</title>', 'text/html'],
    ['\ufeff  <!-- hello --> <HTML lang=en>', 'text/html'],
    ['<div class="a">x</div>', 'text/html'],
    ['<?xml version="1.0"?><!DOCTYPE html PUBLIC "x" "y"><html xmlns="x"/>', 'application/xhtml+xml'],
    ['<?xml version="1.0"?><rss version="2.0"></rss>', 'application/rss+xml'],
    ['<!DOCTYPE rss SYSTEM "rss-0.91.dtd"><rss version="0.91">', 'application/rss+xml'],
    ['<!DOCTYPE rss [<!ENTITY a "b">]><rss version="0.91">', 'application/rss+xml'],
    ['<feed xmlns="http://www.w3.org/2005/Atom">', 'application/atom+xml'],
    ['<rdf:RDF xmlns="http://purl.org/rss/1.0/">', 'application/rss+xml'],
    ['<rdf:RDF xmlns:foaf="http://xmlns.com/foaf/0.1/">', 'application/xml'],
    ['<rdf:RDF xmlns="http://my.netscape.com/rdf/simple/0.9/">', 'application/rss+xml'],
    ['<atom:feed xmlns:atom="http://www.w3.org/2005/Atom">', 'application/atom+xml'],
    ['<opml version="2.0">', 'text/x-opml'],
    ['<svg xmlns="http://www.w3.org/2000/svg"/>', 'image/svg+xml'],
    ['<?xml version="1.0"?><tides/>', 'application/xml'],
    ['<!DOCTYPE tides><tides/>', 'application/xml'],
    ['<?xml version="1.0"?>', 'application/xml'],
    ['<!-- a comment without an end', 'text/plain'],
    ['<tides>', 'text/plain'],
  ])('%s is %s', async (text, mediaType) => {
    expect(await typeOf(text)).toBe(mediaType);
  });

  test('HTML that is declared to be XHTML is that', async () => {
    expect(await typeOf('<html xmlns="x">', { declared: 'application/xhtml+xml' })).toBe(
      'application/xhtml+xml',
    );
  });

  test('a whole web page under a Markdown name is a web page, a fragment is Markdown', async () => {
    expect(await typeOf('<!doctype html><p>x', { name: 'README.md' })).toBe('text/html');
    expect(await typeOf('<p align="center">x</p>\n\n# Title', { name: 'README.md' })).toBe('text/markdown');
  });

  test('UTF-16 without a mark is read before it is judged', async () => {
    expect(await typeOf(Buffer.from('<!DOCTYPE html><html>', 'utf16le'))).toBe('text/html');
  });
});

describe('JSON', () => {
  test.each([
    ['[1, 2, 3]', 'application/json'],
    ['{"name": "Bell Rock", "cut": ', 'application/json'],
    ['{"version": "https://jsonfeed.org/version/1.1", "items": []}', 'application/feed+json'],
    ['{"version":"https:\\/\\/jsonfeed.org\\/version\\/1","items":[]}', 'application/feed+json'],
    ['{"feed_url": "https://a.example/", "items": [{}]}', 'application/feed+json'],
    ['{"feed_url": "https://a.example/"}', 'application/json'],
    ['{ "rss": {"channel": {}}}', 'application/feed+json'],
    ['[1] J. Smeaton, A Narrative of the Building', 'text/plain'],
    ['{curly} braces', 'text/plain'],
  ])('%s is %s', async (text, mediaType) => {
    expect(await typeOf(text)).toBe(mediaType);
  });

  test('a piece of JSON is believed when its name or declaration says so', async () => {
    expect(await typeOf('[{"a": 1}, ', { name: 'a.json' })).toBe('application/json');
    expect(await typeOf('[{"a": 1}, ', { declared: 'application/ld+json' })).toBe('application/json');
    expect(await typeOf('no JSON here', { name: 'a.json' })).toBe('text/plain');
  });
});

describe('texts that look alike', () => {
  test.each([
    [{ name: 'notes.md' }, 'text/markdown'],
    [{ name: 'table.csv', declared: 'text/plain' }, 'text/csv'],
    [{ name: 'table.tsv' }, 'text/tab-separated-values'],
    [{ declared: 'text/markdown; charset=utf-8' }, 'text/markdown'],
    [{ declared: 'text/plain' }, 'text/plain'],
    [{ declared: 'text/html' }, 'text/plain'],
    [{ name: 'data.pdf' }, 'text/plain'],
  ])('the hints %j make it %s', async (hints, mediaType) => {
    expect(await typeOf('One plain sentence, nothing more.', hints)).toBe(mediaType);
  });

  test('a page without a proper beginning is a web page when the server says so', async () => {
    expect(await typeOf('Hello <b>world</b>', { declared: 'text/html' })).toBe('text/html');
  });

  test.each([
    ['# Title\n\n- one\n- two\n', 'text/markdown'],
    ['---\ntitle: Tides\n---\n\n## Part\n', 'text/markdown'],
    ['# a shell comment\necho hello\n', 'text/plain'],
    ['a\tb\n1\t2\n3\t4\n', 'text/tab-separated-values'],
    ['port,high,low\n"Ply, mouth",1,2\nDover,3,4\n', 'text/csv'],
    ['port;high;low\nA;1,5;2,5\nB;3,5;4,5\n', 'text/csv'],
    ['Well, yes.\nNo, thanks.\nSo, what?\n', 'text/plain'],
    ['a,b,c\n1,2,3\n', 'text/plain'],
  ])('without hints %j is %s', async (text, mediaType) => {
    expect(await typeOf(text)).toBe(mediaType);
  });

  test('a long table is recognised although its last line was cut', async () => {
    expect(await typeOf('1,2,3\n'.repeat(19) + '1,')).toBe('text/csv');
  });
});

describe('descriptions', () => {
  test.each([
    ['application/pdf', 'a PDF document'],
    ['image/webp', 'a picture (WebP)'],
    ['image/gif', 'an image'],
    ['video/mp4', 'a video'],
    ['application/x-strange', 'a file of the type application/x-strange'],
  ])('%s is called %s', (mediaType, description) => {
    expect(describeMediaType(mediaType)).toBe(description);
  });
});

test('hints are read leniently', () => {
  expect(extensionOf('A Report.final.DocX')).toBe('docx');
  expect(extensionOf('noextension')).toBe('');
  expect(extensionOf(null)).toBe('');
  expect(bareMediaType(' Text/HTML;charset=utf-8')).toBe('text/html');
  expect(bareMediaType('nonsense')).toBeUndefined();
  expect(bareMediaType(null)).toBeUndefined();
});

test('any bytes get some media type and a description', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.uint8Array({ maxLength: 200 }),
        fc.string().map((text) => Buffer.from(text)),
      ),
      fc.option(fc.constantFrom('a.docx', 'b.md', 'c')),
      async (bytes, fileName) => {
        const found = await detectMediaType(bytes, { declared: null, fileName });
        expect(found.mediaType).toMatch(/^[\w.+-]+\/[\w.+-]+$/);
        expect(found.description).toMatch(/^an? /);
      },
    ),
  );
});
