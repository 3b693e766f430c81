import { describe, expect, test } from '@jest/globals';
import { DOCUMENT_MEDIA_TYPES, parse } from '../../../backbone/content/document/document-parser.ts';
import { documentType } from '../../../backbone/content/document/document-type.ts';
import { parsed } from './parsed.ts';

const PAGE = `<!doctype html><html lang="en"><title>Saved page</title><body><article><h1>Saved page</h1>
<p>${'A lighthouse keeper wrote this page down before he left the rock for good. '.repeat(5)}</p></article>`;

describe('the entry for documents', () => {
  test.each([
    ['text/plain', 'Just a line of text.', 'paragraph'],
    ['text/markdown', '# Heading', 'heading'],
    ['text/csv', 'a,b\n1,2', 'table'],
    ['text/tab-separated-values', 'a\tb\n1\t2', 'table'],
  ])('reads %s', async (mediaType, content, kind) => {
    expect((await parsed(parse, content, { mediaType })).blocks[0]?.kind).toBe(kind);
  });

  test.each(['text/html', 'application/xhtml+xml'])(
    'reads %s like a page that was fetched',
    async (mediaType) => {
      const { metadata, blocks, pageCount } = await parsed(parse, PAGE, { mediaType });
      expect(metadata.title?.value).toBe('Saved page');
      expect(blocks.map(({ text }) => text).join(' ')).toContain('keeper wrote this page');
      expect(pageCount).toBeNull();
    },
  );

  test.each([
    ['application/pdf', 'file_damaged'],
    ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'file_damaged'],
  ])('hands %s to its parser', async (mediaType, code) => {
    await expect(parsed(parse, 'no such file', { mediaType })).rejects.toMatchObject({ code });
  });

  test('knows every media type that the content type announces, but for those that are never parsed as they are', () => {
    const announced = [...documentType.mediaTypes, ...documentType.fileMediaTypes];
    expect(announced.filter((type) => !DOCUMENT_MEDIA_TYPES.includes(type))).toEqual([
      'application/msword',
      'application/vnd.ms-excel',
      'application/vnd.ms-powerpoint',
      'application/x-encrypted-office',
    ]);
  });

  test('says what a file of another kind is', async () => {
    await expect(parsed(parse, 'x', { mediaType: 'application/zip' })).rejects.toMatchObject({
      code: 'unsupported_type',
      message: 'Files of this kind (a ZIP archive) cannot be processed.',
    });
  });

  test('tells a protected Office file and an empty one apart', async () => {
    await expect(parsed(parse, 'x', { mediaType: 'application/x-encrypted-office' })).rejects.toMatchObject({
      code: 'file_encrypted',
    });
    await expect(parsed(parse, '')).rejects.toMatchObject({ code: 'source_empty' });
  });

  test.each([
    ['/tmp/Tide Tables.2024.txt', 'Tide Tables.2024'],
    ['C:\\files\\notes.txt', 'notes'],
  ])('a document without a title is called by its file’s name: %s', async (fileName, title) => {
    const { metadata } = await parsed(parse, 'Just a line of text.', { fileName });
    expect(metadata.title).toEqual({ value: title, source: 'file-name' });
  });

  test('a title of its own, or no usable name, is left alone', async () => {
    expect(
      (await parsed(parse, '# T', { mediaType: 'text/markdown', fileName: 'n.md' })).metadata.title?.value,
    ).toBe('T');
    expect((await parsed(parse, 'Text only.', { fileName: '.txt' })).metadata.title).toBeNull();
  });
});
