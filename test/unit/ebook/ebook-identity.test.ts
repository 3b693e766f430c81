import { expect, test } from '@jest/globals';
import { nativeId } from '../../../backbone/content/ebook/ebook-identity.ts';
import { FB2_TYPE } from '../../../backbone/content/parsing/media-type-hints.ts';
import { buildEpub } from '../../support/epub-builder.ts';
import { buildFb2 } from '../../support/fb2-builder.ts';

const idOf = (bytes: Uint8Array, mediaType = 'application/epub+zip'): Promise<string | null> =>
  nativeId({ bytes, mediaType, declaredCharset: null, baseUrl: null, fileName: null, options: {} });
const epubWith = (identifier: string): Buffer =>
  buildEpub({
    metadata: `<dc:title>A</dc:title><dc:identifier>${identifier}</dc:identifier>`,
    chapters: [{ name: 'a.xhtml', body: '<p>a</p>' }],
  });

test.each([
  ['urn:isbn:978-0-306-40615-7', '9780306406157'],
  ['0-306-40615-2', '9780306406157'],
  ['9780306406158', null],
  ['urn:uuid:3f2a', null],
])('an EPUB of %s is called %s', async (identifier, expected) => {
  expect(await idOf(epubWith(identifier))).toBe(expected);
});

test('a FictionBook is called by the ISBN of its printed edition', async () => {
  const book = buildFb2({ description: '<publish-info><isbn>0-306-40615-2</isbn></publish-info>' });
  expect(await idOf(book, FB2_TYPE)).toBe('9780306406157');
});
