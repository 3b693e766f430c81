import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  healthWarnings,
  isPictureOnly,
  pageHealth,
} from '../../../backbone/content/document/pdf/page-health.ts';
import { pageRanges } from '../../../backbone/content/document/pdf/page-ranges.ts';
import {
  declaredPages,
  isPdf,
  isWhole,
  withTrailer,
} from '../../../backbone/content/document/pdf/pdf-bytes.ts';
import { isoDate } from '../../../backbone/content/document/pdf/pdf-dates.ts';
import {
  looksLikeTitle,
  pdfFileFacts,
  pdfMetadata,
  type PdfFacts,
} from '../../../backbone/content/document/pdf/pdf-facts.ts';
import {
  outlineTargets,
  readOutline,
  type OutlineDocument,
  type RawOutlineNode,
} from '../../../backbone/content/document/pdf/pdf-outline.ts';
import type { Block } from '../../../backbone/content/model.ts';

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));

describe('dates', () => {
  test.each([
    ["D:20161231184323+01'00'", '2016-12-31T18:43:23+01:00'],
    ['D:20161231184323Z', '2016-12-31T18:43:23Z'],
    ["D:20161231184323-05'30", '2016-12-31T18:43:23-05:30'],
    ['D:201612311843', '2016-12-31T18:43:00'],
    ['D:2016123118', '2016-12-31T18:00:00'],
    ['D:20161231184323+01', '2016-12-31T18:43:23+01:00'],
    ['D:20161231', '2016-12-31'],
    ['D:201612', '2016-12'],
    ['2016', '2016'],
    ['2016-12-31T18:43:23+01:00', '2016-12-31T18:43:23+01:00'],
    ['20161231184323', '2016-12-31T18:43:23'],
    ['D:20161231994323', '2016-12-31'],
  ])('%s is %s', (text, iso) => {
    expect(isoDate(text)).toBe(iso);
  });

  test.each(['', 'yesterday', 'D:20161331', '2016-02-30', 'D:0000', 'D:18990101'])(
    '%s is no date',
    (text) => {
      expect(isoDate(text)).toBeNull();
    },
  );

  test('whatever comes out is a date', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^D:\d{4,14}[Z+-]?\d{0,4}$/)), (text) => {
        const iso = isoDate(text);
        expect(iso === null || !Number.isNaN(Date.parse(iso))).toBe(true);
      }),
    );
  });
});

describe('page ranges', () => {
  test('pages in a row are one range', () => {
    expect(pageRanges([3, 4, 5, 9, 11, 12])).toBe('3-5, 9, 11-12');
    expect(pageRanges([])).toBe('');
  });

  test('of many ranges twenty are named', () => {
    expect(pageRanges(Array.from({ length: 60 }, (_, index) => index * 2))).toMatch(/, 38 and others$/);
  });
});

describe('the health of pages', () => {
  const page = { page: 2, hasPictures: false, cut: false };

  test('letters are counted without spaces, unknown ones apart', () => {
    expect(pageHealth(page, ['a b', 'c\ue123\u0001\ufffd', '\uf0b7'])).toMatchObject({
      letters: 4,
      undecodable: 3,
    });
  });

  test('a picture with hardly a letter is a page without text', () => {
    expect(isPictureOnly(pageHealth({ ...page, hasPictures: true }, ['7']))).toBe(true);
    expect(isPictureOnly(pageHealth({ ...page, hasPictures: true }, ['words']))).toBe(false);
    expect(isPictureOnly(pageHealth(page, []))).toBe(false);
  });

  test('warnings name the pages, one or many', () => {
    const pages = [
      pageHealth({ page: 1, hasPictures: true, cut: false }, []),
      pageHealth({ page: 2, hasPictures: false, cut: true }, ['\ue000\ue001 ab']),
    ];
    expect(healthWarnings(pages, [4, 5])).toEqual([
      { code: 'pages_lost', message: 'Pages 4-5 could not be read and are missing from the text.' },
      {
        code: 'pages_without_text',
        message: expect.stringMatching(/^Page 1 is a picture without text\. .* to read it\.$/),
      },
      { code: 'undecodable_glyphs', message: expect.stringMatching(/^Letters on page 2 cannot be decoded/) },
      { code: 'page_text_cut', message: expect.stringMatching(/^Page 2 holds more text/) },
    ]);
    expect(healthWarnings([], [3])[0]?.message).toBe(
      'Page 3 could not be read and is missing from the text.',
    );
  });

  test('sound pages bring no warning', () => {
    expect(healthWarnings([pageHealth(page, ['words'])], [])).toEqual([]);
  });
});

describe('the bytes of a file', () => {
  test('the header may stand behind some other bytes', () => {
    expect(isPdf(bytes('junk\n%PDF-1.4'))).toBe(true);
    expect(isPdf(bytes(`${' '.repeat(2000)}%PDF-1.4`))).toBe(false);
  });

  test('the last root of the page tree tells how many pages there are', () => {
    const tree = '<< /Type /Pages /Kids [3 0 R] /Count 12 >> << /Count 4 /Kids [] /Type /Pages >>';
    expect(declaredPages(bytes(tree))).toBe(4);
    const branch = '<< /Type /Pages /Parent 2 0 R /Count 99 >>';
    expect(declaredPages(bytes(tree + branch))).toBe(4);
    expect(declaredPages(bytes('no tree'))).toBeNull();
    expect(isWhole(bytes('startxref 0 %%EOF'))).toBe(true);
  });

  test('a new trailer names the catalogue, if there is one', () => {
    const mended = withTrailer(bytes('%PDF-1.4\n7 0 obj << /Type /Catalog /Pages 2 0 R'));
    expect(Buffer.from(mended ?? []).toString('latin1')).toContain('/Root 7 0 R');
    expect(withTrailer(bytes('%PDF-1.4'))).toBeNull();
  });
});

describe('metadata', () => {
  const facts = (info: PdfFacts['info'], xmp: PdfFacts['xmp'] = {}): PdfFacts => ({ info, xmp });
  const heading = (text: string, level?: number, page = 1): Block => ({
    kind: 'heading',
    text,
    locator: { page },
    ...(level === undefined ? {} : { level }),
  });

  test.each([
    'Microsoft Word - report.doc',
    'untitled',
    'report.docx',
    '/texts/x',
    'Slide 1',
    '12',
    'PowerPoint Presentation',
  ])('%s is no title', (title) => {
    expect(looksLikeTitle(title)).toBe(false);
  });

  test('a program’s title gives way to the highest heading of the first page', () => {
    const blocks = [
      heading('Contents', 1),
      heading('Minor', 2),
      heading('The Title', 1),
      heading('Vague'),
      heading('Later', 1, 2),
    ];
    expect(pdfMetadata(facts({ Title: 'Microsoft Word - x.doc' }), blocks).title).toEqual({
      value: 'The Title',
      source: 'pdf-heading',
    });
    expect(pdfMetadata(facts({}), []).title).toBeNull();
  });

  test('authors are parted, and names of nothing left out', () => {
    expect(pdfMetadata(facts({ Author: 'Ada Example and Bob Sample' }), []).authors?.value).toEqual([
      'Ada Example',
      'Bob Sample',
    ]);
    expect(pdfMetadata(facts({}, { 'dc:creator': ['Ada Example'] }), []).authors).toEqual({
      value: ['Ada Example'],
      source: 'xmp',
    });
    expect(pdfMetadata(facts({ Author: '...' }), []).authors).toBeNull();
  });

  test('language and description come from the file, in either place', () => {
    const xmp = { 'dc:language': ['de'], 'dc:description': ['From XMP'] };
    expect(pdfMetadata(facts({ Language: 'not a tag!', Subject: 'From Info' }, xmp), [])).toMatchObject({
      language: { value: 'de', source: 'xmp' },
      description: { value: 'From XMP', source: 'xmp' },
    });
    expect(pdfMetadata(facts({}), [])).toMatchObject({
      language: null,
      description: null,
      publishedAt: null,
      modifiedAt: null,
    });
  });

  test('facts that are absent are null', () => {
    expect(pdfFileFacts(facts({}))).toEqual({
      producer: null,
      creator: null,
      pdfVersion: null,
      encrypted: false,
      keywords: null,
      createdAt: null,
      modifiedAt: null,
    });
  });
});

describe('the outline', () => {
  const node = (
    title: string,
    dest: RawOutlineNode['dest'] = null,
    items: readonly RawOutlineNode[] = [],
  ): RawOutlineNode => ({ title, dest, items });
  const documentOf = (nodes: readonly RawOutlineNode[] | null): OutlineDocument => ({
    getOutline: () => Promise.resolve(nodes),
    getDestination: (name) => Promise.resolve(name === 'known' ? [{ num: 5, gen: 0 }] : null),
    getPageIndex: ({ num }) => (num === 5 ? Promise.resolve(4) : Promise.reject(new Error('no such page'))),
  });

  test('destinations by name, by reference and by number lead to pages', async () => {
    const nodes = [
      node('a', 'known'),
      node('b', [{ num: 5, gen: 0 }]),
      node('c', [2]),
      node('d', 'unknown'),
      node('e', [{ num: 9, gen: 0 }]),
      node('f', [-1]),
      node('g', ['x']),
    ];
    expect((await readOutline(documentOf(nodes))).map(({ page }) => page)).toEqual([
      5,
      5,
      3,
      null,
      null,
      null,
      null,
    ]);
  });

  test('titles are cleaned', async () => {
    expect(await readOutline(documentOf([node(' A\u0000 title\n here ')]))).toEqual([
      { title: 'A title here', page: null, items: [] },
    ]);
  });

  test('no outline, or one that cannot be read, is empty', async () => {
    expect(await readOutline(documentOf(null))).toEqual([]);
    expect(
      await readOutline({ ...documentOf([]), getOutline: () => Promise.reject(new Error('broken')) }),
    ).toEqual([]);
  });

  test('at most a thousand entries, twelve deep, are read', async () => {
    const many = Array.from({ length: 1200 }, (_, index) => node(`t${index}`));
    expect(await readOutline(documentOf(many))).toHaveLength(1000);
    let deep = node('bottom', [0]);
    for (let level = 0; level < 30; level++) deep = node('level', [0], [deep]);
    const targets = outlineTargets(await readOutline(documentOf([deep])));
    expect(targets.map(({ depth }) => depth)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  });
});
