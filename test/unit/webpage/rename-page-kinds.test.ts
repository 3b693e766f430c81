import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { renamePageKinds } from '../../../backbone/content/webpage/rename-page-kinds.ts';
import { webpageType } from '../../../backbone/content/webpage/webpage-type.ts';
import type { RecordStore } from '../../../backbone/stores/records/record-store.ts';
import { openTestRecords } from '../../support/records.ts';

let records: RecordStore;

beforeAll(async () => {
  records = await openTestRecords({ types: [webpageType.tables] });
});

afterAll(() => records.close());

const store = async (id: string, kind: string, type = 'webpage'): Promise<void> => {
  await records.query(
    `INSERT INTO contents (user_id, content_id, content_type, version, job_id, text_length, word_count, chunk_count,
                           type_metadata, created_at, updated_at)
     VALUES ('u', $1, $2, 1, 'j', 0, 0, 0, $3, now(), now())`,
    [id, type, JSON.stringify({ pageKind: kind, wordCount: 7 })],
  );
  if (type !== 'webpage') return;
  await records.query(
    `INSERT INTO webpage_metadata (user_id, content_id, version, page_kind, images) VALUES ('u', $1, 1, $2, '[]')`,
    [id, kind],
  );
};
const kinds = (): Promise<readonly unknown[]> =>
  records.query(
    `SELECT content_id AS id, page_kind AS kind, type_metadata AS facts
       FROM contents LEFT JOIN webpage_metadata USING (user_id, content_id) ORDER BY content_id`,
  );
const row = (id: string, kind: string): unknown => ({ id, kind, facts: { pageKind: kind, wordCount: 7 } });

test('pages that are stored have the former names after a step back, and the new ones again after it', async () => {
  await store('a', 'discussion');
  await store('b', 'listing');
  await store('c', 'article');
  await store('d', 'list', 'document');
  const ofOtherType = { id: 'd', kind: null, facts: { pageKind: 'list', wordCount: 7 } };
  await records.dataSource.undoLastMigration();
  expect(await kinds()).toEqual([row('a', 'forum'), row('b', 'list'), row('c', 'article'), ofOtherType]);
  expect(await records.migrate()).toEqual([new renamePageKinds().name]);
  expect(await kinds()).toEqual([
    row('a', 'discussion'),
    row('b', 'listing'),
    row('c', 'article'),
    ofOtherType,
  ]);
});
