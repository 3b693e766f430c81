import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { GLACIER, LIGHTHOUSE } from '../support/articles.ts';
import { ended, ingestFile, startBackbone, type TestBackbone } from '../support/backbone.ts';
import { clientOf, type Client } from '../support/client.ts';
import { compoundFile } from '../support/compound-builder.ts';
import { fakeOffice, type FakeOffice } from '../support/fake-office.ts';
import { line, shape, slidesFile } from '../support/slides-file.ts';
import { p, wordFile } from '../support/word-file.ts';
import { row, workbookFile } from '../support/workbook-file.ts';

/** Converts by giving back what was made before; a file that names no conversion finds no program. */
const SCRIPT = 'grep -q ABSENT "$file" && exit 127; cp "$here/new.$to" "$out/source.$to"';

let office: FakeOffice;
let backbone: TestBackbone;
let client: Client;

beforeAll(async () => {
  office = await fakeOffice(SCRIPT, {
    'new.docx': wordFile({ body: p(GLACIER) + p(LIGHTHOUSE) }),
    'new.xlsx': workbookFile({
      sheets: [{ name: 'Lamps', rows: row('Lamp', 'Text') + row('White', LIGHTHOUSE) }],
    }),
    'new.pptx': slidesFile({ slides: [{ shapes: shape(line(LIGHTHOUSE)) }] }),
  });
  backbone = await startBackbone({ env: { LIBREOFFICE_PATH: office.program } });
  client = clientOf(backbone);
});

afterAll(async () => {
  await backbone.remove();
  await office.remove();
});

test.each([
  ['report.doc', { WordDocument: Buffer.alloc(600) }, {}],
  ['lamps.xls', { Workbook: Buffer.alloc(600) }, { sheet: 'Lamps' }],
  ['talk.ppt', { 'PowerPoint Document': Buffer.alloc(600) }, { slide: 1 }],
])('%s is read as the new file it becomes, and kept as it was', async (name, tree, locator) => {
  const bytes = compoundFile(tree);
  const { job } = await ingestFile(backbone, bytes, name);
  expect(job).toMatchObject({ status: 'completed', content_type: 'document', error_message: null });
  const found = await client.post('/search', { query: 'lighthouse lamp', content_ids: [job.content_id] });
  expect(found.body['hits']).toMatchObject([{ content_id: job.content_id, locator }]);
  const path = `/content/document/${job.content_id}`;
  const headers = { authorization: `Bearer ${backbone.key}` };
  const original = await fetch(`${backbone.url}/api${path}/file`, { headers });
  expect(Buffer.from(await original.arrayBuffer())).toEqual(bytes);
  const again = await client.post(`${path}/reprocess`, {});
  expect(again.status).toBe(202);
  const { job: second } = await ended(backbone.services, String(again.body['job_id']));
  expect(second.status).toBe('completed');
});

test.each([
  ['locked.doc', { WordDocument: Buffer.alloc(600, 0xff) }, 'file_encrypted'],
  ['lonely.doc', { WordDocument: Buffer.alloc(600), Other: Buffer.from('ABSENT') }, 'libreoffice_missing'],
])('%s fails and says why', async (name, tree, code) => {
  const { job } = await ingestFile(backbone, compoundFile(tree), name);
  expect(job).toMatchObject({ status: 'failed', error_code: code });
  expect(job.error_hint).not.toBeNull();
});
