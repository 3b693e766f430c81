import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { BEES, GLACIER, LIGHTHOUSE } from '../support/articles.ts';
import { ingestFile, startBackbone, type TestBackbone } from '../support/backbone.ts';
import { clientOf, type Client } from '../support/client.ts';
import { msgFile } from '../support/msg-file.ts';
import { odpFile, odsFile, odtFile } from '../support/odf-file.ts';
import { par, rtfFile } from '../support/rtf-file.ts';
import { line, shape, slidesFile } from '../support/slides-file.ts';
import { p, wordFile } from '../support/word-file.ts';
import { row, workbookFile } from '../support/workbook-file.ts';

const ROWS = [
  ['Harbour', 'Remark'],
  ['Brest', LIGHTHOUSE],
  ['Ploumanac’h', BEES],
] as const;
const odfRow = (cells: readonly string[]): string =>
  `<table:table-row>${cells.map((text) => `<table:table-cell><text:p>${text}</text:p></table:table-cell>`).join('')}</table:table-row>`;
const odfPage = (title: string, text: string): string =>
  `<draw:page><draw:frame presentation:class="title"><draw:text-box><text:p>${title}</text:p></draw:text-box></draw:frame>
   <draw:frame><draw:text-box><text:p>${text}</text:p></draw:text-box></draw:frame></draw:page>`;
const slide = (title: string, text: string): string =>
  shape(line(title), { placeholder: 'type="title"' }) + shape(line(text));
const LETTER = `From: Ann Author <ann@example.org>
To: bob@example.org
Subject: The light at night
Date: Mon, 2 Mar 2026 10:00:00 +0100
Message-ID: <1@example.org>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

Dear Bob,

${LIGHTHOUSE}
`;

/** Each with words of the lighthouse, and what cites them. */
const FILES: readonly (readonly [name: string, file: Buffer, locator: object])[] = [
  ['report.docx', wordFile({ body: p(GLACIER) + p(LIGHTHOUSE) }), {}],
  [
    'talk.pptx',
    slidesFile({ slides: [{ shapes: slide('Ice', GLACIER) }, { shapes: slide('Light', LIGHTHOUSE) }] }),
    { slide: 2 },
  ],
  [
    'harbours.xlsx',
    workbookFile({ sheets: [{ name: 'Harbours', rows: ROWS.map((cells) => row(...cells)).join('') }] }),
    { sheet: 'Harbours' },
  ],
  ['report.odt', odtFile({ text: `<text:p>${GLACIER}</text:p><text:p>${LIGHTHOUSE}</text:p>` }), {}],
  [
    'harbours.ods',
    odsFile({ sheets: `<table:table table:name="Harbours">${ROWS.map(odfRow).join('')}</table:table>` }),
    { sheet: 'Harbours' },
  ],
  ['talk.odp', odpFile({ pages: odfPage('Ice', GLACIER) + odfPage('Light', LIGHTHOUSE) }), { slide: 2 }],
  [
    'report.rtf',
    rtfFile({ body: par('The light at night', '\\outlinelevel0') + par(LIGHTHOUSE) }),
    { heading_path: ['The light at night'] },
  ],
  [
    'report.tex',
    Buffer.from(
      `\\documentclass{article}\n\\begin{document}\n\\section{Light}\n${LIGHTHOUSE}\n\\end{document}\n`,
    ),
    { heading_path: ['Light'] },
  ],
  [
    'light.ts',
    Buffer.from(`import { lamp } from './lamp.ts';\n\n/** ${LIGHTHOUSE} */\nexport const light = lamp();\n`),
    { line: 1 },
  ],
  ['letter.msg', msgFile({ properties: { 0x0037: 'The light', 0x0042: 'Ann', 0x1000: LIGHTHOUSE } }), {}],
  ['letter.eml', Buffer.from(LETTER.replaceAll('\n', '\r\n')), {}],
];

let backbone: TestBackbone;
let client: Client;

beforeAll(async () => {
  backbone = await startBackbone();
  client = clientOf(backbone);
});
afterAll(() => backbone.remove());

describe('an office file', () => {
  test.each(FILES)(
    '%s is ingested, found, cited at its place, and goes without a trace',
    async (name, file, locator) => {
      const { job } = await ingestFile(backbone, file, name);
      expect(job).toMatchObject({ status: 'completed', content_type: 'document', error_message: null });
      const search = { query: 'lighthouse lamp', content_ids: [job.content_id] };
      const found = await client.post('/search', search);
      const [best] = found.body['hits'] as readonly { readonly text: string }[];
      expect(best).toMatchObject({ content_id: job.content_id, locator });
      expect(best?.text).toContain(LIGHTHOUSE.slice(0, 40));

      const path = `/content/document/${job.content_id}`;
      expect((await client.delete(`${path}?hard_delete=true`)).status).toBe(200);
      expect((await client.get(path)).status).toBe(404);
      expect((await client.post('/search', search)).body['hits']).toEqual([]);
    },
  );
});
