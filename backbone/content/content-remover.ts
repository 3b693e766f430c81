import { saveWords } from './spelling/vocabulary.ts';
import type { RecordStore } from '../stores/records/record-store.ts';

/**
 * Everything the records hold of a content, in one transaction. Its jobs stay as bare rows, so that their
 * status can still be asked for, but nothing in them says what the content was.
 */
export async function removeRows(
  records: RecordStore,
  userId: string,
  contentId: string,
): Promise<Readonly<Record<string, number>>> {
  return records.transaction(async (sql) => {
    const removed: Record<string, number> = {};
    const count = async (name: string, statement: string): Promise<void> => {
      removed[name] = (await sql.query(statement, [userId, contentId])).length;
    };
    const jobsOfContent = 'SELECT job_id FROM processing_jobs WHERE user_id = $1 AND content_id = $2';
    await count('texts', 'DELETE FROM content_texts WHERE user_id = $1 AND content_id = $2 RETURNING 1');
    await count('chunks', 'DELETE FROM content_chunks WHERE user_id = $1 AND content_id = $2 RETURNING 1');
    await count(
      'fingerprints',
      'DELETE FROM content_fingerprints WHERE user_id = $1 AND content_id = $2 RETURNING 1',
    );
    await saveWords(sql, { userId, contentId }, { words: [], terms: [] });
    await count('contents', 'DELETE FROM contents WHERE user_id = $1 AND content_id = $2 RETURNING 1');
    await count(
      'expanded_items',
      `DELETE FROM expanded_items WHERE user_id = $1 AND content_id = $2
          AND NOT EXISTS (SELECT 1 FROM feeds WHERE user_id = $1 AND content_id = $2) RETURNING 1`,
    );
    await count('dead_letters', `DELETE FROM dead_letters WHERE job_id IN (${jobsOfContent}) RETURNING 1`);
    await count(
      'deliveries',
      `DELETE FROM webhook_deliveries WHERE job_id IN (${jobsOfContent}) AND status <> 'pending' RETURNING 1`,
    );
    await count('deliveries_emptied', EMPTY_DELIVERIES);
    await count('callbacks', `DELETE FROM job_callbacks WHERE job_id IN (${jobsOfContent}) RETURNING 1`);
    await count('uploads', `DELETE FROM uploads WHERE job_id IN (${jobsOfContent}) RETURNING 1`);
    await count(
      'events',
      `UPDATE job_events SET detail = '{}' WHERE job_id IN (${jobsOfContent}) RETURNING 1`,
    );
    await count('jobs_emptied', EMPTY_JOBS);
    return removed;
  });
}

/**
 * What is still to be told is told: somebody may wait for the end of a job. Nothing in it says any more what the
 * content was.
 */
const EMPTY_DELIVERIES = `
UPDATE webhook_deliveries
   SET payload = jsonb_set(payload, '{data}', payload->'data' || '{"url": null, "metadata": {}}' ||
         CASE jsonb_typeof(payload->'data'->'error')
           WHEN 'object' THEN jsonb_build_object('error', payload->'data'->'error' || '{"message": null, "hint": null}') ELSE '{}' END),
       last_error = NULL
 WHERE job_id IN (SELECT job_id FROM processing_jobs WHERE user_id = $1 AND content_id = $2) RETURNING 1`;

/** The key of an uploaded file stays until the file is gone too: the step after this one reads it. */
const EMPTY_JOBS = `
UPDATE processing_jobs
   SET url = NULL, metadata = '{}', options = '{}', error_message = NULL, error_hint = NULL, callback_url = NULL,
       warnings = '[]', input_key = NULL,
       file_paths = CASE WHEN source ? 'blobKey' THEN jsonb_build_object('upload', source->>'blobKey') ELSE '{}' END,
       source = '{"kind": "stored"}'
 WHERE user_id = $1 AND content_id = $2 AND stage_state <> 'running' AND NOT (file_paths ? 'upload') RETURNING 1`;
