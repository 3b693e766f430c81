import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, test } from '@jest/globals';
import * as pdfjs from 'pdfjs-dist/legacy/build/pdf.mjs';
import { PDFParse } from 'pdf-parse';
import { loadOptions, openPdf } from '../../../backbone/content/document/pdf/pdf-source.ts';
import { buildPdf } from '../../support/pdf-builder.ts';

const require = createRequire(import.meta.url);

describe('pdf.js', () => {
  test('is one and the same copy for us and for pdf-parse', () => {
    const ours = require.resolve('pdfjs-dist/package.json');
    const theirs = createRequire(require.resolve('pdf-parse')).resolve('pdfjs-dist/package.json');
    expect(theirs).toBe(ours);
    PDFParse.setWorker();
    expect((globalThis as { pdfjs?: unknown }).pdfjs).toBe(pdfjs);
  });

  test('has the version that pdf-parse was made for', () => {
    const lock = JSON.parse(readFileSync(require.resolve('pdfjs-dist/package.json'), 'utf8')) as {
      version: string;
    };
    expect(lock.version).toBe('5.4.296');
    expect(pdfjs.version).toBe(lock.version);
  });

  test('runs both readers in one process', async () => {
    const bytes = buildPdf({ pages: [{ runs: [{ text: 'Both read this.', x: 70, y: 700 }] }] });
    const source = await openPdf(bytes);
    const parser = new PDFParse(loadOptions(bytes));
    try {
      const [page, { text }] = [await source.readPage(1), await parser.getText({ pageJoiner: '' })];
      expect(page.items.map(({ str }) => str).join('')).toBe('Both read this.');
      expect(text.trim()).toBe('Both read this.');
    } finally {
      await parser.destroy();
      await source.close();
    }
  });
});
