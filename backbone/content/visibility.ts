/** A tombstone hides a content before its rows are gone. For a statement that calls the row of `contents` `content`. */
export const NOT_BEING_DELETED = `NOT EXISTS (
  SELECT 1 FROM deletions d WHERE d.user_id = content.user_id AND d.content_id = content.content_id AND d.completed_at IS NULL)`;
