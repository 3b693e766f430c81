import { z } from 'zod';
import type { ContentKey } from '../api/services/content-service.ts';
import { AppError } from '../errors.ts';
import type { ContentRow } from '../stores/records/entities.ts';
import { showFacts, showPendingFacts, type FactsPorts } from './content-facts.ts';
import type { JsonObject } from './model.ts';

const text = (max: number): z.ZodNullable<z.ZodString> => z.string().trim().min(1).max(max).nullable();
const names = z.array(z.string().trim().min(1).max(300)).max(100);
const date = z
  .string()
  .regex(
    /^\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?)?)?$/,
    'not an ISO 8601 date',
  )
  .refine((value) => !Number.isNaN(Date.parse(value)), 'no such date');

/** The fields of a content that people may change. Ids, owner and keys never. */
export const EDITABLE_FIELDS = z.strictObject({
  title: text(1000).optional(),
  authors: names.optional(),
  language: z
    .string()
    .regex(/^[a-z]{2,3}$/, 'a language code of ISO 639, such as en')
    .nullable()
    .optional(),
  published_at: date.nullable().optional(),
  description: text(10_000).optional(),
  summary: text(20_000).optional(),
  tags: names.optional(),
  metadata: z.record(z.string().min(1).max(200), z.json()).optional(),
});

export interface ContentEditorOptions extends FactsPorts {
  readonly now: () => Date;
}

/** Changes fields in the records, and in what the graph and the vectors know of them. */
export class ContentEditor {
  readonly #options: ContentEditorOptions;

  constructor(options: ContentEditorOptions) {
    this.#options = options;
  }

  /**
   * The records come first and say which fields were edited; graph and vectors follow from the row. What is
   * interrupted goes on in the background.
   * @throws AppError invalid_request naming the fields, not_found
   */
  async update(key: ContentKey, changes: JsonObject): Promise<ContentRow> {
    const checked = EDITABLE_FIELDS.safeParse(changes);
    if (!checked.success) throw invalid(checked.error);
    const row = await this.#write(key, checked.data);
    return (await showFacts(this.#options, key)) ?? row;
  }

  /** Goes on with edits that were interrupted. Resolves with how many contents. */
  async resume(): Promise<number> {
    return showPendingFacts(this.#options);
  }

  async #write(key: ContentKey, changes: z.output<typeof EDITABLE_FIELDS>): Promise<ContentRow> {
    const entries = Object.entries(changes).filter(([, value]) => value !== undefined);
    // Column names come from the schema above, never from the caller.
    const assignments = entries.map(([field], index) =>
      field === 'metadata' ? `metadata = metadata || $${index + 4}::jsonb` : `${field} = $${index + 4}`,
    );
    const edited = entries.map(([field]) => field);
    const position = entries.length + 4;
    const [row] = await this.#options.records.query<ContentRow>(
      `UPDATE contents SET ${[...assignments, ''].join(', ')} updated_at = GREATEST($${position}, updated_at + interval '1 ms'),
              facts_revision = facts_revision + 1,
              edited_fields = ARRAY(SELECT DISTINCT unnest(edited_fields || $${position + 1}::text[]) ORDER BY 1)
        WHERE user_id = $1 AND content_id = $2 AND content_type = $3 AND deleted_at IS NULL RETURNING *`,
      [
        key.userId,
        key.contentId,
        key.contentType,
        ...entries.map(([field, value]) => (field === 'metadata' ? JSON.stringify(value) : value)),
        this.#options.now(),
        edited,
      ],
    );
    if (!row) throw new AppError('not_found');
    return row;
  }
}

function invalid(error: z.ZodError): AppError {
  const fields = error.issues.flatMap((issue) => {
    const path = issue.path.join('.');
    if (issue.code !== 'unrecognized_keys') return [{ field: path, message: issue.message }];
    return issue.keys.map((name) => ({ field: name, message: 'This field cannot be changed' }));
  });
  return new AppError('invalid_request', { fields });
}
