import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { JobRow } from '../../backbone/stores/records/entities.ts';
import { BEES, GLACIER, LIGHTHOUSE } from '../support/articles.ts';
import { ended, startBackbone, type TestBackbone } from '../support/backbone.ts';
import { clientOf, itemsOf, type Client } from '../support/client.ts';
import { startSite, type LoopbackSite } from '../support/loopback-site.ts';
import { mailWith } from '../support/mail-file.ts';
import { p, wordFile } from '../support/word-file.ts';

let site: LoopbackSite;
let backbone: TestBackbone;
let client: Client;

beforeAll(async () => {
  site = await startSite();
  backbone = await startBackbone({ env: { FETCH_DELAY_MS: '0' } });
  client = clientOf(backbone);
});

afterAll(async () => {
  await backbone.remove();
  await site.stop();
});

async function read(path: string, message: Buffer, attachments?: boolean | number): Promise<JobRow> {
  site.on(path, { headers: { 'content-type': 'message/rfc822' }, body: message });
  const options = attachments === undefined ? {} : { attachments };
  const metadata = { tags: ['letters'] };
  const answer = await client.post('/content/process', { url: `${site.url}${path}`, options, metadata });
  expect(answer.status).toBe(202);
  return (await ended(backbone.services, String(answer.body['job_id']))).job;
}

/** The jobs of the batch that a job was expanded to, once they have ended, by the name of their file. */
async function childrenOf({ expansion }: JobRow): Promise<ReadonlyMap<string, JobRow>> {
  const batch = await client.get(`/content/batches/${expansion?.batch_id ?? ''}`);
  const jobs = itemsOf(batch).map((item) => ended(backbone.services, String(item['job_id'])));
  return new Map((await Promise.all(jobs)).map(({ job }) => [fileNameOf(job), job]));
}

function fileNameOf({ source }: JobRow): string {
  return source.kind === 'upload' ? (source.fileName ?? 'unnamed') : source.kind;
}

const report = wordFile({ body: p(LIGHTHOUSE) + p('The report of the harbour.') });
const table = Buffer.from('Harbour,Lamp\nBrest,white\nRoscoff,red\n');

describe('a message whose attachments are asked for', () => {
  test('makes a job of each that is read, names the others, and leaves them when it is deleted', async () => {
    const message = mailWith('The harbours', BEES, [
      ['report.docx', report],
      ['harbours.csv', table],
      ['again.csv', table],
      ['photos.zip', Buffer.from('PK\x05\x06' + '\0'.repeat(18), 'latin1')],
    ]);
    const parent = await read('/harbours.eml', message, true);
    expect(parent).toMatchObject({
      status: 'completed',
      content_type: 'document',
      expansion: { started: 2, skipped: 1, refused: 0 },
      warnings: [{ code: 'attachments_unsupported' }],
    });
    expect(parent.warnings[0]?.message).toBe('Attachments that cannot be read: photos.zip (a ZIP archive).');
    const children = await childrenOf(parent);
    expect([...children.keys()].sort()).toEqual(['harbours.csv', 'report.docx']);
    for (const child of children.values())
      expect(child).toMatchObject({
        status: 'completed',
        content_type: 'document',
        options: {},
        metadata: { tags: ['letters'] },
        priority: 8,
      });
    const contentId = children.get('report.docx')?.content_id ?? '';
    const path = `/content/document/${parent.content_id}`;
    expect((await client.delete(`${path}?hard_delete=true`)).status).toBe(200);
    expect((await client.get(`/content/document/${contentId}`)).status).toBe(200);
    const found = await client.post('/search', { query: 'lighthouse lamp', content_ids: [contentId] });
    expect(found.body['hits']).not.toEqual([]);
  });

  test('has them opened later, too, and each once', async () => {
    const message = mailWith('Later', GLACIER, [['later.csv', Buffer.from('A,B\n1,2\n3,4\n')]]);
    expect(await read('/later.eml', message)).toMatchObject({ expansion: null, unchanged: false });
    const second = await read('/later.eml', message, true);
    expect(second).toMatchObject({ unchanged: true, expansion: { started: 1, skipped: 0 } });
    expect([...(await childrenOf(second)).values()]).toMatchObject([{ status: 'completed' }]);
    expect(await read('/later.eml', message, true)).toMatchObject({ expansion: { started: 0, skipped: 1 } });
  });

  test('opens attached messages as many levels deep as it was told', async () => {
    const inmost = mailWith('Inmost', `${BEES} Inmost.`, [['end.txt', Buffer.from(`${GLACIER} End.`)]]);
    const inner = mailWith('Inner', `${LIGHTHOUSE} Inner.`, [['inmost.eml', inmost]]);
    const first = await read('/levels.eml', mailWith('Outer', GLACIER, [['inner.eml', inner]]), true);
    const child = (await childrenOf(first)).get('inner.eml');
    expect(child).toMatchObject({ status: 'completed', options: { attachments: 1 } });
    const grandchild = child === undefined ? undefined : (await childrenOf(child)).get('inmost.eml');
    expect(grandchild).toMatchObject({ status: 'completed', options: {}, expansion: null });
  });

  test('is warned about when it turns out to be no message', async () => {
    const url = `${site.url}/note.txt`;
    site.on('/note.txt', { headers: { 'content-type': 'text/plain' }, body: LIGHTHOUSE });
    const answer = await client.post('/content/process', { url, options: { attachments: true } });
    const { job } = await ended(backbone.services, String(answer.body['job_id']));
    expect(job).toMatchObject({
      status: 'completed',
      expansion: { started: 0 },
      warnings: [{ code: 'nothing_to_expand' }],
    });
  });
});
