import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { resolveSources, sampleSources } from '../../../backbone/cli/sources.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sources-'));
  mkdirSync(path.join(folder, 'sub'));
  writeFileSync(path.join(folder, 'a page.html'), 'text');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('what is typed', () => {
  test.each(['https://example.org/x', 'HTTP://EXAMPLE.ORG', 'ftp://example.org', 'https://[bad'])(
    '%s is an address, for the backbone to judge',
    async (url) => {
      expect(await resolveSources([url], folder)).toEqual([{ kind: 'url', url, name: url }]);
    },
  );

  test('a path starts from the folder the person stands in', async () => {
    const file = path.join(folder, 'a page.html');
    const wanted = { kind: 'file', file, sizeBytes: 4, name: 'a page.html', contentType: null };
    const typed = ['a page.html', './a page.html', file, pathToFileURL(file).href];
    expect(await resolveSources(typed, folder)).toEqual([wanted, wanted, wanted, wanted]);
  });

  test('the order is kept', async () => {
    const sources = await resolveSources(['https://b.example', 'a page.html', 'https://a.example'], folder);
    expect(sources.map(({ name }) => name)).toEqual([
      'https://b.example',
      'a page.html',
      'https://a.example',
    ]);
  });

  test.each([
    ['missing.pdf', 'There is no file missing.pdf; a web address begins with https://.'],
    ['missing', 'There is no file missing.'],
    ['example.org/page', 'There is no file example.org/page; a web address begins with https://.'],
    ['sub', 'sub is a folder: name the files in it.'],
    ['file://host.example/%00', 'file://host.example/%00 is not the address of a file.'],
  ])('%s is refused in one sentence', async (typed, sentence) => {
    await expect(resolveSources([typed], folder)).rejects.toThrow(sentence);
  });

  (process.platform === 'win32' ? test.skip : test)('a device is no file', async () => {
    await expect(resolveSources(['/dev/null'], folder)).rejects.toThrow('/dev/null is not a file.');
  });

  test('the bundled samples are there', async () => {
    const sources = await sampleSources();
    expect(sources.map(({ name }) => name)).toEqual([
      'web-page.html',
      'two-columns.pdf',
      'report.docx',
      'keepers-year.epub',
      'episode.mp3',
      'film.mp4',
      'paper.pdf',
    ]);
    expect(sources.at(-1)).toMatchObject({ kind: 'file', contentType: 'academic_paper' });
  });
});
