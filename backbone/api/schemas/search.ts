import { z } from 'zod';
import {
  MAX_OFFSET,
  MAX_QUERY_LENGTH,
  count,
  dateOrTime,
  idText,
  limit,
  locator,
  named,
  nullableText,
  shortText,
} from './common.ts';

const names = z.array(shortText).min(1).max(50).optional();

const pages = z.int().min(0).max(1_000_000).optional();
const seconds = z.number().min(0).max(10_000_000).optional().describe('Seconds');

/** The same fields by GET and by POST; lists may be repeated or parted by commas in a query string. */
export const searchInput = z.strictObject({
  query: z
    .string()
    .trim()
    .min(1)
    .max(MAX_QUERY_LENGTH)
    .describe('Words to look for; "quoted words" must stand in that order, -word must not stand there'),
  mode: z
    .enum(['hybrid', 'lexical', 'dense'])
    .default('hybrid')
    .describe('By words and meaning, by words alone, or by meaning alone'),
  content_types: names,
  content_ids: z.array(idText).min(1).max(100).optional(),
  language: shortText.optional(),
  tags: names,
  author: shortText.optional(),
  published_from: dateOrTime.optional(),
  published_to: dateOrTime.optional(),
  site: shortText.optional().describe('A host such as example.com; its subdomains count too'),
  min_pages: pages,
  max_pages: pages,
  min_duration: seconds,
  max_duration: seconds,
  limit,
  offset: z.int().min(0).max(MAX_OFFSET).default(0),
});
export type SearchInput = z.output<typeof searchInput>;

export const searchAnswer = named(
  'SearchResult',
  z.object({
    query: z.string(),
    total: count,
    took_ms: count,
    hits: z.array(
      z.object({
        content_id: z.string(),
        content_type: z.string(),
        title: nullableText,
        url: nullableText,
        chunk_id: z.string(),
        text: z.string(),
        highlights: z.array(z.object({ start: count, end: count })),
        score: z.number(),
        locator,
        link: nullableText,
      }),
    ),
    facets: z.record(z.string(), z.record(z.string(), count)),
    corrections: z
      .array(z.object({ from: z.string(), to: z.string() }))
      .describe('Words that nothing holds, and what they were taken for as well'),
  }),
);
export type SearchAnswer = z.output<typeof searchAnswer>;
