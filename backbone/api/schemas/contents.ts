import { z } from 'zod';
import { PAGE_KINDS } from '../../content/webpage/page-kind.ts';
import {
  count,
  cursor,
  dateOrTime,
  jsonObject,
  limit,
  listOf,
  locator,
  named,
  nullableText,
  nullableTime,
  offset,
  shortText,
  time,
  warning,
} from './common.ts';
import { jobEvent } from './jobs.ts';

/* In */

export const contentsQuery = z
  .strictObject({
    status: z.enum(['active', 'deleted']).optional(),
    author: shortText.optional(),
    language: shortText.optional(),
    tag: shortText.optional(),
    min_pages: z.int().min(0).max(1_000_000).optional(),
    /** Seconds. */
    min_duration: z.number().min(0).max(10_000_000).optional(),
    /** Journal or conference of a paper. */
    venue: shortText.optional(),
    year: z.int().min(1000).max(9999).optional(),
    page_kind: z.enum([...PAGE_KINDS, 'feed']).optional(),
    created_from: dateOrTime.optional(),
    created_to: dateOrTime.optional(),
    limit,
    cursor,
    offset,
  })
  .refine((query) => query.cursor === undefined || query.offset === undefined, {
    path: ['offset'],
    message: 'give either cursor or offset',
  });

export const INCLUDES = ['text', 'markdown', 'chunks', 'transcript'] as const;
export const contentQuery = z.strictObject({
  include: z.array(z.enum(INCLUDES)).max(INCLUDES.length).default([]),
});
export const deleteQuery = z.strictObject({ hard_delete: z.boolean().default(false) });
export const reprocessQuery = z.strictObject({ force: z.boolean().default(false) });
export const chunksQuery = z.strictObject({ limit, cursor });
export const limitQuery = z.strictObject({ limit });

/** The editable fields depend on the type, and its own schema checks them. */
export const contentChanges = jsonObject.refine((changes) => Object.keys(changes).length > 0, {
  message: 'give at least one field to change',
});

/* Out */

const storedFile = named(
  'StoredFile',
  z.object({
    media_type: z.string(),
    size_bytes: count,
    sha256: nullableText,
    file_name: nullableText,
    /** Path of the original on this server. */
    href: z.string(),
  }),
);

export const chunk = named(
  'Chunk',
  z.object({
    chunk_id: z.string(),
    index: count,
    text: z.string(),
    /** Offsets in UTF-16 code units into the content's text. */
    start: count,
    end: count,
    token_count: count,
    locator,
  }),
);
export type ChunkShape = z.output<typeof chunk>;
export const chunkList = named('ChunkList', listOf(chunk));

const passage = z.object({
  start_seconds: z.number(),
  end_seconds: z.number().nullable(),
  speaker: nullableText,
  text: z.string(),
});

const contentFields = {
  content_id: z.string(),
  content_type: z.string(),
  url: nullableText,
  canonical_url: nullableText,
  title: nullableText,
  authors: z.array(z.string()),
  language: nullableText,
  published_at: nullableText,
  description: nullableText,
  site_name: nullableText,
  image_url: nullableText,
  summary: nullableText,
  keywords: z.array(z.object({ term: z.string(), score: z.number() })),
  entities: z.array(
    z.object({ name: z.string(), type: z.string(), aliases: z.array(z.string()), count: count }),
  ),
  tags: z.array(z.string()),
  text_length: count,
  word_count: count,
  chunk_count: count,
  page_count: count.nullable(),
  version: count,
  metadata: jsonObject,
  type_metadata: jsonObject,
  metadata_sources: z
    .record(z.string(), z.string())
    .describe(
      'Where a field was read, such as `og`; `llm`: a language model wrote it; `person`: somebody edited it',
    ),
  files: z.object({ original: storedFile.nullable() }),
  warnings: z.array(warning),
  created_at: time,
  updated_at: time,
  deleted_at: nullableTime,
  job_id: z.string(),
};

export const content = named('Content', z.object(contentFields));
export type ContentShape = z.output<typeof content>;

/** Content with what `include` asked for. `transcript` is null where there are no timecodes. */
export const contentDetail = named(
  'ContentDetail',
  z.object({
    ...contentFields,
    text: z.string().optional(),
    markdown: z.string().optional(),
    chunks: z.array(chunk).optional(),
    /** Continues under `/chunks`; null when `chunks` holds all. */
    chunks_next_cursor: nullableText.optional(),
    transcript: z.array(passage).nullable().optional(),
  }),
);
export type ContentDetailShape = z.output<typeof contentDetail>;

export const contentList = named(
  'ContentList',
  z.object({ content_type: z.string(), ...listOf(content).shape }),
);
export const contentChanged = named(
  'ContentChanged',
  z.object({ success: z.literal(true), content_id: z.string(), content }),
);

export const receipt = named(
  'DeletionReceipt',
  z.object({
    deletion_id: z.string(),
    requested_at: time,
    completed_at: nullableTime,
    steps: z.array(
      z.object({
        store: z.string(),
        status: z.enum(['pending', 'done']),
        removed: jsonObject,
        error: nullableText,
      }),
    ),
  }),
);
export type ReceiptShape = z.output<typeof receipt>;

export const deletedAnswer = named(
  'Deleted',
  z.object({
    deleted: z.literal(true),
    content_id: z.string(),
    hard_delete: z.boolean(),
    receipt: receipt.nullable(),
  }),
);

/** What is said of a content in the list of another one. */
const otherContent = {
  content_id: z.string(),
  content_type: z.string(),
  title: nullableText,
  url: nullableText,
};

export const relatedList = named(
  'RelatedList',
  z.object({
    items: z.array(
      z.object({
        ...otherContent,
        score: z.number(),
        reasons: z.array(z.object({ kind: z.string(), name: z.string() })),
      }),
    ),
  }),
);

export const duplicateList = named(
  'DuplicateList',
  z.object({
    items: z.array(
      z.object({
        ...otherContent,
        similarity: z.number().describe('The share of their text that both have, from 0 to 1; estimated'),
      }),
    ),
  }),
);

export const eventList = named('EventList', z.object({ items: z.array(jobEvent) }));
