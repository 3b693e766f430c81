import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isbnOf } from '../../../backbone/content/ebook/book-metadata.ts';
import { resolveReference, type Reference } from '../../../backbone/content/ebook/book-files.ts';
import { ebookType } from '../../../backbone/content/ebook/ebook-type.ts';
import { readEpub } from './read-epub.ts';

const chapters = [{ name: 'a.xhtml', body: '<p>Text.</p>' }];

describe('the metadata of a book', () => {
  test('of version 3 follow the refinements', async () => {
    const { metadata, typeMetadata } = await readEpub({
      chapters,
      items: '<item id="img" href="c.jpg" media-type="image/jpeg" properties="cover-image"/>',
      metadata: `<dc:title id="t2">Under it</dc:title><dc:title id="t1">The  title</dc:title>
        <meta refines="#t2" property="display-seq">2</meta><meta refines="#t1" property="display-seq">1</meta>
        <meta refines="#t1" property="title-type">main</meta>
        <dc:creator id="b">Bo Painter</dc:creator><meta refines="#b" property="role">ill</meta>
        <dc:creator id="a">Ann Author</dc:creator><meta refines="#a" property="file-as">Author, Ann</meta>
        <dc:contributor>Ed Itor</dc:contributor><dc:language>en-GB</dc:language><dc:language>fr</dc:language>
        <dc:publisher>Press</dc:publisher><dc:date>2019-05</dc:date><dc:description>About.</dc:description>
        <dc:subject>Sea</dc:subject><dc:rights>Free</dc:rights><dc:source> </dc:source>
        <dc:identifier id="pub">urn:uuid:1</dc:identifier><dc:identifier id="i">urn:isbn:978-0-306-40615-7</dc:identifier>
        <meta refines="#i" property="identifier-type">15</meta>
        <meta property="dcterms:modified">2020-01-02T03:04:05Z</meta>
        <meta property="belongs-to-collection" id="s">Sea tales</meta><meta refines="#s" property="group-position">2</meta>`,
    });
    expect(metadata).toMatchObject({
      title: { value: 'The title', source: 'opf' },
      authors: { value: ['Ann Author'], source: 'opf' },
      language: { value: 'en-GB' },
      publishedAt: { value: '2019-05' },
      modifiedAt: { value: '2020-01-02T03:04:05Z' },
      description: { value: 'About.' },
    });
    expect(typeMetadata).toMatchObject({
      epubVersion: '3.0',
      titles: ['The title', 'Under it'],
      creators: [
        { name: 'Bo Painter', role: 'ill', fileAs: null },
        { name: 'Ann Author', role: null, fileAs: 'Author, Ann' },
        { name: 'Ed Itor', role: null, fileAs: null },
      ],
      publisher: 'Press',
      languages: ['en-GB', 'fr'],
      subjects: ['Sea'],
      rights: 'Free',
      identifiers: [
        { value: 'urn:uuid:1', scheme: null, isbn: null },
        { value: 'urn:isbn:978-0-306-40615-7', scheme: '15', isbn: '9780306406157' },
      ],
      uniqueIdentifier: 'urn:uuid:1',
      isbn: '9780306406157',
      series: { name: 'Sea tales', position: '2' },
      cover: { path: 'OPS/c.jpg', mediaType: 'image/jpeg' },
    });
  });

  test('of version 2 stand in attributes', async () => {
    const { metadata, typeMetadata } = await readEpub({
      version: '2.0',
      chapters,
      items: '<item id="img" href="c.png" media-type="image/png"/>',
      metadata: `<dc-metadata><dc:title>Old</dc:title><dc:creator opf:role="aut" opf:file-as="Author, Ann">Ann Author</dc:creator>
        <dc:creator opf:role="edt">Ed Itor</dc:creator><dc:identifier opf:scheme="ISBN">0306406152</dc:identifier>
        <dc:date>1999</dc:date><dc:date opf:event="publication">2001-02-03</dc:date><dc:date opf:event="modification">2005</dc:date>
        <dc:date>soon</dc:date></dc-metadata>
        <x-metadata><meta name="cover" content="img"/><meta name="calibre:series" content="Old tales"/></x-metadata>`,
    });
    expect(metadata).toMatchObject({
      authors: { value: ['Ann Author'] },
      publishedAt: { value: '2001-02-03' },
      modifiedAt: { value: '2005' },
    });
    expect(typeMetadata).toMatchObject({
      creators: [
        { name: 'Ann Author', role: 'aut', fileAs: 'Author, Ann' },
        { name: 'Ed Itor', role: 'edt', fileAs: null },
      ],
      isbn: '9780306406157',
      series: { name: 'Old tales', position: null },
      cover: { path: 'OPS/c.png', mediaType: 'image/png' },
    });
  });

  test('may be missing: the file’s name is the title then', async () => {
    const { metadata, typeMetadata } = await readEpub(
      { chapters, metadata: '' },
      { fileName: 'shelf/My book.epub' },
    );
    expect(metadata).toMatchObject({
      title: { value: 'My book', source: 'file-name' },
      authors: null,
      publishedAt: null,
    });
    expect(typeMetadata).toMatchObject({
      isbn: null,
      series: null,
      cover: null,
      publisher: null,
      uniqueIdentifier: null,
    });
    expect((await readEpub({ chapters, metadata: '' })).metadata.title).toBeNull();
  });

  test('may name a series without a position and a year alone', async () => {
    const metadata =
      '<meta property="belongs-to-collection">Set</meta><dc:date>1922</dc:date><dc:date>0000</dc:date>';
    const book = await readEpub({ chapters, metadata });
    expect(book.typeMetadata['series']).toEqual({ name: 'Set', position: null });
    expect(book.metadata.publishedAt?.value).toBe('1922');
  });
});

describe('an ISBN', () => {
  test.each([
    ['ISBN 0-8044-2957-X', '9780804429573'],
    ['isbn-13: 978 0 306 40615 7', '9780306406157'],
    ['9780306406158', null],
    ['0306406153', null],
    ['http://example.org/1', null],
  ])('is told from other identifiers: %s', (identifier, isbn) => {
    expect(isbnOf(identifier)).toBe(isbn);
  });

  test('with another last digit is none', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^978\d{9}$/), (body) => {
        const valid = Array.from({ length: 10 }, (_, digit) => isbnOf(`${body}${digit}`)).filter(
          (isbn) => isbn !== null,
        );
        expect(valid).toHaveLength(1);
      }),
    );
  });
});

describe('a reference', () => {
  test.each<[string, string, Reference | null]>([
    ['OPS/a.xhtml', '../img/b%20c.png#x%20y', { path: 'img/b c.png', fragment: 'x y' }],
    ['OPS/a.xhtml', '#top', { path: 'OPS/a.xhtml', fragment: 'top' }],
    ['OPS/a.xhtml', '100%.xhtml', { path: 'OPS/100%.xhtml', fragment: null }],
    ['OPS/a.xhtml', '//example.org/x', null],
    ['OPS/a.xhtml', '', null],
    ['OPS/a.xhtml', 'x'.repeat(1001), null],
  ])('in %s to %s', (base, reference, target) => {
    expect(resolveReference(base, reference)).toEqual(target);
  });

  test('never leads out of the archive', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('..', '.', 'a', '%2e%2e', ''), { maxLength: 12 }), (parts) => {
        const path = resolveReference('OPS/x/a.xhtml', `y/${parts.join('/')}`)?.path ?? '';
        expect(path.split('/')).not.toContain('..');
      }),
    );
  });
});

test('an address that ends in .epub is an e-book', () => {
  expect(ebookType.claimsUrl(new URL('https://example.org/a.EPUB?x=1'))).toBe(true);
  expect(ebookType.claimsUrl(new URL('https://example.org/epub'))).toBe(false);
});
