import { readFile, rm, writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { articlePage, BEES, LIGHTHOUSE } from '../support/articles.ts';
import { buildMp3 } from '../support/audio-file.ts';
import { crashFileOf, startChild, type RunningChild } from '../support/child-backbone.ts';
import { newDataFolder } from '../support/data-folder.ts';
import { buildEpub } from '../support/epub-builder.ts';
import { buildFb2Zip, fb2Text } from '../support/fb2-builder.ts';
import {
  entityBomb,
  gzippedZeros,
  huffmanBomb,
  mediaBox,
  nested,
  nestedBoxes,
  overlappingZip,
  pdfOf,
  pdfStream,
  zipBomb,
  zlibZeros,
} from '../support/hostile-files.ts';
import { JATS_FILE } from '../support/jats-file.ts';
import { startSite, type LoopbackSite, type SiteAnswer } from '../support/loopback-site.ts';
import { odsFile, odtFile } from '../support/odf-file.ts';
import { rtfFile } from '../support/rtf-file.ts';
import { slidesFile } from '../support/slides-file.ts';
import { p, wordFile } from '../support/word-file.ts';
import { row as cells, workbookFile } from '../support/workbook-file.ts';
import { zipArchive } from '../support/zip-archive.ts';

const DEEP = 100_000;
const MILLION = 1_000_000;
/** From submission to the end, on a machine that has other things to do. */
const MOST_SECONDS = 30;
/** Of resident memory on top of what the process had before. */
const MOST_MEGABYTES = 600;
const RSS = 'application/rss+xml';
const DECLARED = '<?xml version="1.0"?>';
const MIMETYPE = { name: 'mimetype', content: 'application/epub+zip', stored: true };
const CONTAINER = {
  name: 'META-INF/container.xml',
  content:
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="a.opf"/></rootfiles></container>',
};
const WORD_TYPES = { name: '[Content_Types].xml', content: '<Types/>' };
const ODT_TYPE = { name: 'mimetype', content: 'application/vnd.oasis.opendocument.text', stored: true };
const CATALOG = '<< /Type /Catalog /Pages 2 0 R >>';
const pages = (kids: string, count = 1): string =>
  `<< /Type /Pages /Count ${count} /MediaBox [0 0 600 800] /Kids [${kids}] >>`;
const PAGE = '<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << >> >>';
const LETTERS = pdfStream('', Buffer.from('BT /F 9 Tf 9 9 Td (x) Tj ET'));
const rss = (inside: string): string =>
  `<rss version="2.0"><channel><title>Feed</title>${inside}</channel></rss>`;
const mail = (body: string): string => `From: a@a.example\r\nSubject: Deep\r\nMIME-Version: 1.0\r\n${body}`;

function nestedParts(depth: number): string {
  const opened = Array.from(
    { length: depth },
    (_, at) => `Content-Type: multipart/mixed; boundary="b${at}x"\r\n\r\n--b${at}x\r\n`,
  );
  return mail(`${opened.join('')}Content-Type: text/plain\r\n\r\nDeep.\r\n`);
}

const UNSAFE = /^(?:file_unsafe|file_damaged)$/;
const REFUSED = /^(?:file_unsafe|file_damaged|unsupported_type|source_too_large|no_text|page_needs_scripts)$/;
const READ = 'read';
/** Read as far as it goes, or refused: which of the two is of no account. */
const EITHER = new RegExp(`${REFUSED.source}|^${READ}$|^transcriber_missing$`);

interface Attack {
  /** What it is; its ending is the file's name where that says the type. */
  readonly name: string;
  readonly file: string;
  readonly body: () => NonNullable<SiteAnswer['body']>;
  readonly mediaType?: string;
  readonly encoding?: string;
  /** Code of the failure, or `read`. */
  readonly ends: RegExp | string;
  /** What it may take on top of what the process has, in MB. */
  readonly megabytes?: number;
}

const ARCHIVES: readonly Attack[] = [
  {
    name: 'zip bomb',
    file: 'a.epub',
    body: () => zipBomb([MIMETYPE, CONTAINER], 'a.opf'),
    ends: 'file_unsafe',
  },
  {
    name: 'zip bomb',
    file: 'a.docx',
    body: () => zipBomb([WORD_TYPES], 'word/document.xml'),
    ends: 'file_unsafe',
  },
  {
    name: 'zip bomb',
    file: 'a.xlsx',
    body: () => zipBomb([WORD_TYPES], 'xl/workbook.xml'),
    ends: 'file_unsafe',
  },
  {
    name: 'zip bomb',
    file: 'a.pptx',
    body: () => zipBomb([WORD_TYPES], 'ppt/presentation.xml'),
    ends: 'file_unsafe',
  },
  { name: 'zip bomb', file: 'a.odt', body: () => zipBomb([ODT_TYPE], 'content.xml'), ends: 'file_unsafe' },
  { name: 'zip bomb', file: 'a.fb2.zip', body: () => zipBomb([], 'book.fb2'), ends: UNSAFE },
  {
    name: 'zip bomb that lies about its size',
    file: 'b.docx',
    body: () => zipBomb([WORD_TYPES], 'word/document.xml', 1000),
    ends: UNSAFE,
  },
  {
    name: 'zip with 65,000 entries',
    file: 'c.docx',
    body: () =>
      zipArchive([
        WORD_TYPES,
        { name: 'word/document.xml', content: '<w/>' },
        ...Array.from({ length: 65_000 }, (_, at) => ({ name: `${at}`, content: '', stored: true })),
      ]),
    ends: 'file_unsafe',
  },
  {
    name: 'zip with paths that lead out',
    file: 'd.docx',
    body: () =>
      zipArchive([
        WORD_TYPES,
        { name: 'word/document.xml', content: '<w/>' },
        { name: '../../etc/cron.d/a', content: 'x' },
      ]),
    ends: REFUSED,
  },
  {
    name: 'zip of overlapping entries',
    file: 'e.docx',
    body: () => overlappingZip([WORD_TYPES, { name: 'word/document.xml', content: '<w/>' }], 9000),
    ends: UNSAFE,
  },
];

const bombed = (root: string, xml: string): string =>
  DECLARED + entityBomb(root) + xml.replace(/<\?xml.*?\?>/, '').replace(/<!DOCTYPE[^>]*>/, '');
const XML: readonly Attack[] = [
  {
    name: 'entities in RSS',
    file: 'a',
    mediaType: RSS,
    body: () => bombed('rss', rss('<item><title>&bomb8;</title></item>')),
    ends: EITHER,
  },
  {
    name: 'entities',
    file: 'a.fb2',
    body: () => bombed('FictionBook', fb2Text({ body: '<section><p>&bomb8;</p></section>' })),
    ends: EITHER,
  },
  {
    name: 'entities in the package document',
    file: 'b.epub',
    body: () =>
      zipArchive([
        MIMETYPE,
        CONTAINER,
        {
          name: 'a.opf',
          content: bombed('package', '<package><metadata><title>&bomb8;</title></metadata></package>'),
        },
      ]),
    ends: UNSAFE,
  },
  {
    name: 'entities',
    file: 'f.docx',
    body: () =>
      zipArchive([WORD_TYPES, { name: 'word/document.xml', content: bombed('w', '<w>&bomb8;</w>') }]),
    ends: REFUSED,
  },
  {
    name: 'entities',
    file: 'a.svg',
    mediaType: 'image/svg+xml',
    body: () => bombed('svg', '<svg xmlns="http://www.w3.org/2000/svg"><text>&bomb8;</text></svg>'),
    ends: REFUSED,
  },
  {
    name: 'entities in JATS',
    file: 'a.xml',
    mediaType: 'application/xml',
    body: () => bombed('article', JATS_FILE.replace('<italic>lenses</italic>', '&bomb8;')),
    ends: EITHER,
  },
  {
    name: 'depth in RSS',
    file: 'b',
    mediaType: RSS,
    body: () => DECLARED + rss(`<item><title>a</title><b>${nested('<a>', '</a>', DEEP)}</b></item>`),
    ends: EITHER,
  },
  {
    name: 'depth',
    file: 'b.fb2',
    body: () => fb2Text({ body: nested('<section>', '</section>', DEEP, '<p>deep</p>') }),
    ends: EITHER,
  },
  {
    name: 'depth',
    file: 'g.docx',
    body: () => wordFile({ body: nested('<w:sdt>', '</w:sdt>', DEEP, p('deep')) }),
    ends: EITHER,
  },
  {
    name: 'depth',
    file: 'b.odt',
    body: () => odtFile({ text: nested('<text:section>', '</text:section>', DEEP) }),
    ends: EITHER,
  },
  {
    name: 'depth',
    file: 'b.pptx',
    body: () => slidesFile({ slides: [{ shapes: nested('<p:grpSp>', '</p:grpSp>', DEEP) }] }),
    ends: EITHER,
  },
  {
    name: 'depth in JATS',
    file: 'b.xml',
    mediaType: 'application/xml',
    body: () => JATS_FILE.replace('<italic>lenses</italic>', nested('<sec>', '</sec>', DEEP)),
    ends: EITHER,
  },
  {
    name: 'depth in a chapter',
    file: 'c.epub',
    body: () => buildEpub({ chapters: [{ name: 'a.xhtml', body: nested('<div>', '</div>', DEEP) }] }),
    ends: EITHER,
  },
  {
    name: 'repeated cells',
    file: 'a.ods',
    body: () =>
      odsFile({
        sheets: `<table:table table:name="a"><table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell></table:table-row></table:table>`,
      }),
    ends: EITHER,
  },
  {
    name: 'merged cells',
    file: 'b.xlsx',
    body: () =>
      workbookFile({
        sheets: [
          { name: 'a', rows: cells('x'), after: '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>' },
        ],
      }),
    ends: EITHER,
  },
];

const PDFS: readonly Attack[] = [
  {
    name: 'page tree that holds itself',
    file: 'a.pdf',
    body: () => pdfOf([CATALOG, pages('2 0 R 3 0 R', 2), PAGE, LETTERS]),
    ends: EITHER,
  },
  {
    name: 'page tree deep in itself',
    file: 'b.pdf',
    body: () => pdfOf([CATALOG, pages('3 0 R'), pages('2 0 R')]),
    ends: REFUSED,
  },
  {
    name: 'cross references in a loop',
    file: 'c.pdf',
    body: () => pdfOf([CATALOG, pages('3 0 R'), PAGE, LETTERS], '/Prev XREF'),
    ends: EITHER,
  },
  {
    name: 'object that is its own length',
    file: 'd.pdf',
    body: () => pdfOf([CATALOG, pages('3 0 R'), PAGE, '<< /Length 4 0 R >>\nstream\nx\nendstream']),
    ends: EITHER,
  },
  {
    name: 'million objects',
    file: 'e.pdf',
    body: () =>
      pdfOf([CATALOG, pages('3 0 R'), PAGE, LETTERS, ...Array.from({ length: MILLION }, () => 'null')]),
    ends: EITHER,
  },
  {
    name: 'million pages that are one',
    file: 'f.pdf',
    body: () => pdfOf([CATALOG, pages('3 0 R '.repeat(MILLION), MILLION), PAGE, LETTERS]),
    ends: 'too_many_pages',
  },
  {
    name: 'stream of a gigabyte of zeros',
    file: 'g.pdf',
    body: () => pdfOf([CATALOG, pages('3 0 R'), PAGE, pdfStream('/Filter /FlateDecode', zlibZeros(1024))]),
    ends: 'file_unsafe',
    megabytes: 1600,
  },
  {
    name: 'form that draws itself',
    file: 'h.pdf',
    body: () =>
      pdfOf([
        CATALOG,
        pages('3 0 R'),
        '<< /Type /Page /Parent 2 0 R /Contents 5 0 R /Resources << /XObject << /a 4 0 R >> >> >>',
        pdfStream(
          '/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /a 4 0 R >> >>',
          Buffer.from('/a Do /a Do'),
        ),
        pdfStream('', Buffer.from('/a Do')),
      ]),
    ends: EITHER,
  },
  {
    name: 'outline in a circle',
    file: 'i.pdf',
    body: () =>
      pdfOf([
        '<< /Type /Catalog /Pages 2 0 R /Outlines 5 0 R >>',
        pages('3 0 R'),
        PAGE,
        LETTERS,
        '<< /First 6 0 R /Last 6 0 R >>',
        '<< /Title (a) /Parent 5 0 R /First 6 0 R /Next 6 0 R >>',
      ]),
    ends: EITHER,
  },
];

const SOUNDS: readonly Attack[] = [
  {
    name: 'ID3 tag of 256 MB',
    file: 'a.mp3',
    body: () =>
      Buffer.concat([
        Buffer.from([0x49, 0x44, 0x33, 3, 0, 0, 0x7f, 0x7f, 0x7f, 0x7f]),
        Buffer.alloc(100_000),
      ]),
    ends: EITHER,
  },
  {
    name: 'ID3 frame of 256 MB',
    file: 'b.mp3',
    body: () =>
      Buffer.concat([
        Buffer.from('ID3\x03\0\0\0\x06\0\0TIT2\x0f\xff\xff\xff\0\0', 'latin1'),
        buildMp3([]).subarray(10),
      ]),
    ends: EITHER,
  },
  {
    name: 'MP3 without an end',
    file: 'c.mp3',
    body: () => () => Readable.from(endless(buildMp3([], 60).subarray(10))),
    ends: 'source_too_large',
  },
  {
    name: 'MP4 box without a size',
    file: 'a.m4a',
    body: () =>
      Buffer.concat([FTYP, mediaBox('moov', Buffer.alloc(1000), 0), mediaBox('moov', Buffer.alloc(8), 0)]),
    ends: 'transcriber_missing',
  },
  {
    name: 'MP4 box of 4 GB',
    file: 'b.m4a',
    body: () =>
      Buffer.concat([FTYP, mediaBox('moov', mediaBox('udta', Buffer.alloc(1000), 0xffff_fffe), 0xffff_ffff)]),
    ends: EITHER,
  },
  {
    name: 'MP4 box of 2^63 bytes',
    file: 'c.m4a',
    body: () => Buffer.concat([FTYP, mediaBox('moov', Buffer.alloc(1000, 0x7f), 1)]),
    ends: EITHER,
  },
  {
    name: 'MP4 boxes nested',
    file: 'd.m4a',
    body: () => Buffer.concat([FTYP, nestedBoxes('moov', DEEP / 4)]),
    ends: EITHER,
  },
  {
    name: 'MP4 chapters without number',
    file: 'e.m4a',
    body: () =>
      Buffer.concat([FTYP, mediaBox('moov', mediaBox('udta', mediaBox('chpl', Buffer.alloc(50_000, 0xff))))]),
    ends: EITHER,
  },
];
const FTYP = mediaBox('ftyp', Buffer.from('M4A \0\0\0\0M4A mp42', 'latin1'));

function* endless(piece: Buffer): Generator<Buffer> {
  for (;;) yield piece;
}

function* entries(count: number): Generator<string> {
  yield `${DECLARED}<rss version="2.0"><channel><title>Feed</title>`;
  for (let at = 0; at < count / 1000; at += 1) yield '<item><title>An entry</title></item>'.repeat(1000);
  yield '</channel></rss>';
}

const FEEDS: readonly Attack[] = [
  {
    name: 'feed of a million entries',
    file: 'c',
    mediaType: RSS,
    body: () => () => Readable.from(entries(MILLION)),
    ends: 'source_too_large',
  },
  {
    name: 'feed of 100,000 entries',
    file: 'd',
    mediaType: RSS,
    body: () => () => Readable.from(entries(100_000)),
    ends: READ,
  },
  {
    name: 'title of 50 MB',
    file: 'e',
    mediaType: RSS,
    body: () => rss(`<item><title>${'word '.repeat(10 * MILLION)}</title></item>`),
    ends: 'source_too_large',
  },
  {
    name: 'title of 4 MB',
    file: 'f',
    mediaType: RSS,
    body: () => rss(`<item><title>${'word '.repeat(800_000)}</title></item>`),
    ends: EITHER,
  },
  {
    name: 'depth in a JSON feed',
    file: 'g',
    mediaType: 'application/feed+json',
    body: () =>
      `{"version":"https://jsonfeed.org/version/1.1","title":"a","items":[{"id":"1","content_text":"a","_x":${nested('[', ']', DEEP, '')}}]}`,
    ends: EITHER,
  },
  {
    name: 'depth in a broken JSON feed',
    file: 'h',
    mediaType: 'application/feed+json',
    body: () =>
      `{"version":"https://jsonfeed.org/version/1.1","title":"a","items":[{"id":"1","content_text":"a"},${'{"a":['.repeat(DEEP)}`,
    ends: EITHER,
  },
];

const MAILS: readonly Attack[] = [
  { name: 'parts nested', file: 'a.eml', body: () => nestedParts(10_000), ends: EITHER },
  {
    name: 'messages within messages',
    file: 'b.eml',
    body: () => mail('Content-Type: message/rfc822\r\n\r\n').repeat(10_000),
    ends: EITHER,
  },
  {
    name: 'a million parts',
    file: 'c.eml',
    body: () =>
      mail(`Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\na\r\n'.repeat(MILLION)}`),
    ends: EITHER,
  },
  {
    name: 'a million header fields',
    file: 'd.eml',
    body: () => mail(`${'Received: a\r\n'.repeat(MILLION)}\r\n${LIGHTHOUSE}`),
    ends: EITHER,
  },
];

const html = (inside: string): string =>
  `<!doctype html><title>Page</title><main><p>${LIGHTHOUSE}</p>${inside}</main>`;
const PAGES: readonly Attack[] = [
  { name: 'million tags', file: 'a.html', body: () => html('<b>x'.repeat(MILLION)), ends: 'file_unsafe' },
  {
    name: 'depth of 100,000',
    file: 'b.html',
    body: () => html(nested('<div>', '</div>', DEEP)),
    ends: EITHER,
  },
  { name: 'lists nested', file: 'c.html', body: () => html('<ul><li>x'.repeat(DEEP / 4)), ends: EITHER },
  {
    name: 'tables nested',
    file: 'd.html',
    body: () => html('<table><tr><td>'.repeat(DEEP / 10)),
    ends: EITHER,
  },
  {
    name: 'table with a long row',
    file: 'e.html',
    body: () => html(`<table><tr>${'<td>a'.repeat(5000)}<tr>${'<tr><td>b<td>c'.repeat(5000)}</table>`),
    ends: EITHER,
  },
  {
    name: 'cells that span all',
    file: 'f.html',
    body: () =>
      html(`<table>${'<tr><td colspan=1000 rowspan=65534>a<td colspan=1000>b'.repeat(500)}</table>`),
    ends: EITHER,
  },
  {
    name: 'attribute of 8 MB',
    file: 'g.html',
    body: () => html(`<a href="https://a.example/${'a'.repeat(8 * MILLION)}">x</a>`),
    ends: READ,
  },
  {
    name: 'attributes without number',
    file: 'h.html',
    body: () => html(`<p ${Array.from({ length: DEEP }, (_, at) => `a${at}`).join(' ')}>x`),
    ends: READ,
  },
  { name: 'comment without an end', file: 'i.html', body: () => html('<!--'.repeat(MILLION)), ends: EITHER },
  {
    name: 'JSON-LD nested',
    file: 'j.html',
    body: () => html(`<script type="application/ld+json">${nested('{"@graph":[', ']}', DEEP, '')}</script>`),
    ends: EITHER,
  },
  {
    name: 'gzip of 10 GB',
    file: 'k.html',
    encoding: 'gzip',
    body: () => () => Readable.from(gzippedZeros(10_240)),
    ends: 'source_undecodable',
  },
  {
    name: 'drawing with scripts',
    file: 'b.svg',
    mediaType: 'image/svg+xml',
    body: () =>
      `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script>${'<g>'.repeat(DEEP)}</svg>`,
    ends: REFUSED,
  },
];

const TEXTS: readonly Attack[] = [
  { name: 'million columns', file: 'a.csv', body: () => `${'a,'.repeat(MILLION)}\n1,2\n`, ends: EITHER },
  {
    name: 'wide header over many rows',
    file: 'b.csv',
    body: () =>
      `${Array.from({ length: 100_000 }, (_, at) => `c${at}`).join(',')}\n${'1,2\n'.repeat(30_000)}`,
    ends: EITHER,
  },
  {
    name: 'quote without an end',
    file: 'c.csv',
    body: () => `a,b\n"${'x,\n'.repeat(MILLION)}`,
    ends: EITHER,
  },
  { name: 'quotes nested', file: 'a.md', body: () => `${'>'.repeat(DEEP)} deep`, ends: EITHER },
  {
    name: 'brackets nested',
    file: 'b.md',
    body: () => `${'['.repeat(DEEP)}deep${'](a)'.repeat(DEEP)}`,
    ends: EITHER,
  },
  { name: 'emphasis nested', file: 'c.md', body: () => '*a _b '.repeat(DEEP / 4), ends: EITHER },
  {
    name: 'runs of backticks',
    file: 'd.md',
    body: () => Array.from({ length: 800 }, (_, at) => '`'.repeat(at)).join(' a '),
    ends: EITHER,
  },
  { name: 'lists nested', file: 'e.md', body: () => `${'- '.repeat(DEEP)}deep`, ends: EITHER },
  {
    name: 'definitions',
    file: 'f.md',
    body: () => `${Array.from({ length: DEEP }, (_, at) => `[${at}]: /${at}`).join('\n')}\n\n${LIGHTHOUSE}`,
    ends: EITHER,
  },
  {
    name: 'groups nested',
    file: 'a.rtf',
    body: () => rtfFile({ body: nested('{', '}', DEEP) }),
    ends: EITHER,
  },
  {
    name: 'macros that double',
    file: 'a.tex',
    body: () =>
      `\\documentclass{article}${Array.from({ length: 25 }, (_, at) => `\\newcommand{\\m${String.fromCharCode(97 + at)}}{${at === 0 ? 'a' : `\\m${String.fromCharCode(96 + at)}`.repeat(2)}}`).join('')}\\begin{document}\\my\\end{document}`,
    ends: EITHER,
  },
  {
    name: 'groups nested',
    file: 'b.tex',
    body: () => `\\documentclass{article}\\begin{document}${nested('{', '}', DEEP)}\\end{document}`,
    ends: EITHER,
  },
  {
    name: 'million cues',
    file: 'a.vtt',
    mediaType: 'text/vtt',
    body: () => `WEBVTT\n\n${'00:00.000 --> 00:01.000\na\n\n'.repeat(MILLION)}`,
    ends: 'source_too_large',
  },
  {
    name: '300,000 cues',
    file: 'b.vtt',
    mediaType: 'text/vtt',
    body: () => `WEBVTT\n\n${'00:00.000 --> 00:01.000\na\n\n'.repeat(300_000)}`,
    ends: EITHER,
  },
  {
    name: 'cues',
    file: 'a.srt',
    mediaType: 'application/x-subrip',
    body: () => '1\n00:00:00,000 --> 00:00:01,000\na\n\n'.repeat(200_000),
    ends: EITHER,
  },
  {
    name: 'Huffman codes that grow',
    file: 'a.mobi',
    body: () => huffmanBomb(20_000),
    ends: 'source_too_large',
  },
  { name: 'nothing but NUL', file: 'a.txt', body: () => '\0'.repeat(MILLION), ends: REFUSED },
  {
    name: 'nothing that is seen',
    file: 'b.txt',
    body: () => '\u202e\u200b\u2066\ufeff\u200d\u00ad'.repeat(DEEP),
    ends: 'no_text',
  },
  { name: 'one endless word', file: 'c.txt', body: () => 'a'.repeat(4 * MILLION), ends: EITHER },
  {
    name: 'marks upon one letter',
    file: 'd.txt',
    body: () => `a${'\u0301\u0323'.repeat(MILLION)}`,
    ends: EITHER,
  },
  {
    name: 'fb2 binaries',
    file: 'c.fb2.zip',
    body: () => buildFb2Zip({ more: '<binary id="a" content-type="image/png">AAAA</binary>'.repeat(50_000) }),
    ends: EITHER,
  },
];

let site: LoopbackSite;
let dataDir: string;
let child: RunningChild;

beforeAll(async () => {
  site = await startSite();
  dataDir = await newDataFolder();
  site.on('/v1/embeddings', (_, response) => {
    const { input } = JSON.parse(String(site.requests.at(-1)?.body)) as { input: readonly string[] };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ data: input.map((text) => ({ embedding: [text.length, 1, 0] })) }));
  });
  child = await startChild({
    dataDir,
    env: {
      PARSER_THREADS: '1',
      PARSER_TIMEOUT_SECONDS: '20',
      PARSER_MEMORY_MB: '256',
      MAX_RETRIES: '0',
      MAX_PAGE_MB: '10',
      MAX_DOCUMENT_MB: '64',
      MAX_SOURCE_MB: '80',
      MAX_TEXT_MB: '10',
      OCR: 'never',
      FETCH_ALLOW_PRIVATE: '127.0.0.0/8',
      FETCH_ALLOWED_PORTS: String(site.port),
      FETCH_DELAY_MS: '0',
      EMBEDDER_URL: `http://127.0.0.1:${site.port}/v1?model=lengths&dimensions=3`,
    },
  });
});

afterAll(async () => {
  await child.stop();
  await site.stop();
  await rm(dataDir, { recursive: true, force: true });
  await rm(crashFileOf(dataDir), { force: true });
});

/** Linux alone tells the peak of another process, and forgets it when it is asked to. */
const TELLS_MEMORY = process.platform === 'linux';

const forgetPeak = async (): Promise<void> => {
  if (TELLS_MEMORY) await writeFile(`/proc/${child.pid}/clear_refs`, '5');
};

/** In MB; 0 where the system does not tell. */
const memoryOf = async (name: 'VmHWM' | 'VmRSS'): Promise<number> => {
  if (!TELLS_MEMORY) return 0;
  const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
  return Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024;
};

async function run(url: string): Promise<string> {
  const accepted = await child.call('/content/process', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ url }),
  });
  const { job_id: jobId } = (await accepted.json()) as { job_id: string };
  await (await child.call(`/content/status/${jobId}/stream?after=0`)).text();
  const job = (await (await child.call(`/content/status/${jobId}`)).json()) as {
    status: string;
    error: { code: string } | null;
  };
  return job.status === 'completed' ? READ : (job.error?.code ?? JSON.stringify(job));
}

describe.each([
  ['archives', ARCHIVES],
  ['XML', XML],
  ['PDF', PDFS],
  ['recordings', SOUNDS],
  ['feeds', FEEDS],
  ['mail', MAILS],
  ['pages', PAGES],
  ['texts', TEXTS],
])('hostile %s', (_group, attacks) => {
  test.each(attacks.map((attack) => [`${attack.file}: ${attack.name}`, attack] as const))(
    '%s',
    async (_title, attack) => {
      const made = attack.body();
      const headers = {
        ...(attack.mediaType === undefined ? {} : { 'content-type': attack.mediaType }),
        ...(attack.encoding === undefined ? {} : { 'content-encoding': attack.encoding }),
      };
      const path = `/${attack.file}`;
      site.on(path, { headers, body: made });
      await forgetPeak();
      const before = await memoryOf('VmRSS');
      const started = performance.now();
      const end = await run(site.url + path);
      const seconds = (performance.now() - started) / 1000;
      const peak = await memoryOf('VmHWM');
      expect(end).toMatch(attack.ends);
      expect(seconds).toBeLessThan(MOST_SECONDS);
      expect(peak - before).toBeLessThan(attack.megabytes ?? MOST_MEGABYTES);
    },
  );
});

test('the backbone still reads what is honest', async () => {
  const body = articlePage({
    title: 'After it all',
    sections: [{ heading: 'Bees', paragraphs: [LIGHTHOUSE, BEES] }],
  });
  site.on('/honest', { headers: { 'content-type': 'text/html' }, body });
  expect(await run(`${site.url}/honest`)).toBe(READ);
});
