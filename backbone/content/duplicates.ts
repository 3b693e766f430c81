import type { DuplicateRow } from '../api/services/content-service.ts';
import type { ContentRow } from '../stores/records/entities.ts';
import type { SqlExecutor } from '../stores/records/record-store.ts';
import type { ContentVersion } from '../stores/vectors/vector-store.ts';
import type { Fingerprint } from './steps/fingerprint.ts';
import { NOT_BEING_DELETED } from './visibility.ts';

/**
 * The share of word runs two texts must have in common. An article with one new paragraph in ten keeps .8, the same
 * article in another edition, a tenth of its words changed here and there, falls below.
 */
const LEAST_SIMILARITY = 0.7;

/** Replaces what a former version left; null, as for a text too short to be compared, removes it. */
export async function saveFingerprint(
  sql: SqlExecutor,
  of: ContentVersion,
  fingerprint: Fingerprint | null,
): Promise<void> {
  await sql.query('DELETE FROM content_fingerprints WHERE user_id = $1 AND content_id = $2', [
    of.userId,
    of.contentId,
  ]);
  if (fingerprint === null) return;
  await sql.query(
    'INSERT INTO content_fingerprints (user_id, content_id, version, signature, bands) VALUES ($1, $2, $3, $4, $5)',
    [of.userId, of.contentId, of.version, fingerprint.signature, fingerprint.bands],
  );
}

/** Contents of the same tenant whose text is nearly the same, the most similar first. */
export async function duplicatesOf(
  sql: SqlExecutor,
  content: ContentRow,
  limit: number,
): Promise<readonly DuplicateRow[]> {
  const rows = await sql.query<StoredDuplicate>(DUPLICATES, [
    content.user_id,
    content.content_id,
    content.version,
    LEAST_SIMILARITY,
    limit,
  ]);
  return rows.map((row) => ({
    contentId: row.content_id,
    contentType: row.content_type,
    title: row.title,
    url: row.url,
    similarity: row.similarity,
  }));
}

interface StoredDuplicate {
  readonly content_id: string;
  readonly content_type: string;
  readonly title: string | null;
  readonly url: string | null;
  readonly similarity: number;
}

const DUPLICATES = `
SELECT content.content_id, content.content_type, content.title, content.url, near.similarity
  FROM content_fingerprints own
  JOIN content_fingerprints other ON other.user_id = own.user_id AND other.content_id <> own.content_id AND other.bands && own.bands
  JOIN contents content ON content.user_id = other.user_id AND content.content_id = other.content_id AND content.version = other.version
  CROSS JOIN LATERAL (
    SELECT (count(*) FILTER (WHERE a = b))::float / count(*) AS similarity FROM unnest(own.signature, other.signature) AS pair(a, b)
  ) near
 WHERE own.user_id = $1 AND own.content_id = $2 AND own.version = $3
   AND near.similarity >= $4 AND content.deleted_at IS NULL AND ${NOT_BEING_DELETED}
 ORDER BY near.similarity DESC, content.created_at, content.content_id LIMIT $5`;
