import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { KeyInfo } from '../../backbone/access/api-keys.ts';
import { AppError } from '../../backbone/errors.ts';
import type { Services } from '../../backbone/api/services.ts';
import type {
  ChunkRow,
  ContentKey,
  ContentService,
  DeletionReceipt,
} from '../../backbone/api/services/content-service.ts';
import type { Feed, FeedService } from '../../backbone/api/services/feed-service.ts';
import type { UploadService } from '../../backbone/api/services/upload-service.ts';
import type { Webhook, WebhookService } from '../../backbone/api/services/webhook-service.ts';
import type { ContentRow } from '../../backbone/stores/records/entities.ts';
import { createFakeJobs, judgeAddress, NOON, pageOf, type FakeJobs } from './fake-jobs.ts';

export interface FakeServices extends Services {
  readonly jobs: FakeJobs;
  readonly addContent: (row: Partial<ContentRow>) => ContentRow;
  readonly setReady: (ready: boolean) => void;
  /** Bytes of every upload that was stored. */
  readonly uploaded: ReadonlyMap<string, Buffer>;
}

export const FILE_BYTES = Buffer.from('0123456789');
const MAX_UPLOAD_BYTES = 64 * 1024;

/** Everything the API needs, in memory. For tests of the HTTP layer alone: it says nothing about the real services. */
export function createFakeServices(): FakeServices {
  const rows = new Map<string, ContentRow>();
  const jobs = createFakeJobs();
  const uploaded = new Map<string, Buffer>();
  let ready = true;
  return {
    jobs,
    contents: fakeContents(rows),
    search: {
      search: async ({ query, limit }) => ({
        total: query === 'nothing' ? 0 : 1,
        hits: query === 'nothing' ? [] : [HIT].slice(0, limit),
        facets: { content_type: { webpage: 1 } },
        corrections: [],
      }),
    },
    uploads: fakeUploads(uploaded),
    uploaded,
    webhooks: fakeWebhooks(),
    feeds: fakeFeeds(),
    keys: fakeKeys(),
    types: [
      {
        type: 'webpage',
        label: 'Web page',
        stages: ['download', 'extract'],
        mediaTypes: ['text/html'],
        options: {},
      },
      {
        type: 'document',
        label: 'Document',
        stages: ['download', 'extract'],
        mediaTypes: ['application/pdf'],
        options: { type: 'object' },
      },
    ],
    probes: new Map([['records', async () => 1.5]]),
    isReady: () => ready,
    reembedding: () => null,
    setReady: (value) => {
      ready = value;
    },
    addContent: (row) => {
      const full = { ...CONTENT, ...row };
      rows.set(rowId(full), full);
      return full;
    },
  };
}

const HIT = {
  contentId: 'page',
  contentType: 'webpage',
  title: 'A page',
  url: 'https://example.org/page',
  chunkId: 'page:1:0',
  text: 'Some words.',
  highlights: [{ start: 5, end: 10 }],
  score: 0.75,
  locator: { headingPath: ['Top'], page: 1 },
  link: 'https://example.org/page#:~:text=Some',
} as const;

function fakeKeys(): Services['keys'] {
  const keys = new Map<string, KeyInfo>();
  return {
    createKey: async ({ userId, name, scopes }) => {
      const keyId = `key_${keys.size + 1}`;
      const unused = { firstStart: false, createdAt: NOON, revokedAt: null, lastUsedAt: null };
      keys.set(keyId, { keyId, userId, name, scopes, ...unused });
      return { keyId, key: `ci_${keyId}_secret` };
    },
    list: async () => [...keys.values()],
    revoke: async (keyId) => {
      const key = keys.get(keyId);
      if (key === undefined || key.revokedAt !== null) return false;
      keys.set(keyId, { ...key, revokedAt: NOON });
      return true;
    },
  };
}

function rowId(row: Pick<ContentRow, 'user_id' | 'content_type' | 'content_id'>): string {
  return [row.user_id, row.content_type, row.content_id].join(' ');
}

function fakeContents(rows: Map<string, ContentRow>): ContentService {
  const deletions = new Map<string, { userId: string; receipt: DeletionReceipt }>();
  const idOf = (key: ContentKey): string => `${key.userId} ${key.contentType} ${key.contentId}`;
  const find = (key: ContentKey): ContentRow => {
    const row = rows.get(idOf(key));
    if (row === undefined) throw new AppError('not_found');
    return row;
  };
  const active = (key: ContentKey): ContentRow => {
    const row = find(key);
    if (row.deleted_at !== null) throw new AppError('not_found');
    return row;
  };
  const changed = (key: ContentKey, change: Partial<ContentRow>): ContentRow => {
    const row = { ...find(key), ...change };
    rows.set(idOf(key), row);
    return row;
  };
  return {
    list: async (filter) => {
      const wanted = filter.status === 'deleted';
      const mine = [...rows.values()].filter(
        (row) =>
          row.user_id === filter.userId &&
          row.content_type === filter.contentType &&
          (row.deleted_at !== null) === wanted,
      );
      return pageOf(mine, filter);
    },
    get: async (key) => active(key),
    text: async (key) => ({ text: `text of ${active(key).content_id}`, markdown: '# Markdown' }),
    chunks: async (key, page) => {
      const { chunk_count } = active(key);
      return pageOf(
        Array.from({ length: chunk_count }, (_, index) => chunkOf(index)),
        page,
      );
    },
    file: async (key) => {
      const { original } = active(key).files;
      if (original === undefined) throw new AppError('no_stored_file');
      return original;
    },
    openFile: async (_file, range) =>
      Readable.from([range ? FILE_BYTES.subarray(range.start, range.end + 1) : FILE_BYTES]),
    related: async (key, limit) => {
      active(key);
      const reasons = [{ kind: 'author', name: 'Ada' }];
      const other = { contentType: 'webpage', title: null, url: null, score: 0.5, reasons };
      return [{ contentId: 'other', ...other }].slice(0, limit);
    },
    duplicates: async (key, limit) => {
      active(key);
      const other = { contentType: 'webpage', title: null, url: null, similarity: 0.9 };
      return [{ contentId: 'copy', ...other }].slice(0, limit);
    },
    history: async (key) => {
      const base = { jobId: active(key).job_id, stage: null, progress: 100, at: NOON } as const;
      return [{ ...base, seq: 1, type: 'completed', status: 'completed', detail: { unchanged: true } }];
    },
    update: async (key, changes) => {
      active(key);
      const { title, ...unknown } = changes;
      const [field] = Object.keys(unknown);
      if (field !== undefined || typeof title !== 'string')
        throw new AppError('invalid_request', {
          fields: [{ field: field ?? 'title', message: 'cannot be changed' }],
        });
      return changed(key, { title });
    },
    softDelete: async (key) => {
      active(key);
      changed(key, { deleted_at: NOON });
    },
    hardDelete: async (key) => {
      find(key);
      rows.delete(idOf(key));
      const slow = key.contentId.startsWith('slow');
      const receipt: DeletionReceipt = {
        deletionId: `deletion_${deletions.size + 1}`,
        requestedAt: NOON,
        completedAt: slow ? null : NOON,
        steps: [
          { store: 'records', status: slow ? 'pending' : 'done', removed: { contents: 1 }, error: null },
        ],
      };
      deletions.set(receipt.deletionId, { userId: key.userId, receipt });
      return receipt;
    },
    deletion: async (userId, id) => {
      const deletion = deletions.get(id);
      if (deletion?.userId !== userId) throw new AppError('not_found');
      return deletion.receipt;
    },
    restore: async (key) => {
      find(key);
      return changed(key, { deleted_at: null });
    },
    reprocess: async (key, { force }) => {
      const row = active(key);
      if (row.files.original === undefined && !force) throw new AppError('no_stored_file');
      return {
        jobId: 'webpage_000000000001',
        contentId: row.content_id,
        contentType: row.content_type,
        status: 'pending',
        deduplicated: false,
        skipped: false,
        message: 'The job waits.',
      };
    },
  };
}

function chunkOf(index: number): ChunkRow {
  return {
    chunkId: `page:1:${index}`,
    index,
    text: `chunk ${index}`,
    start: index * 10,
    end: index * 10 + 7,
    tokenCount: 2,
    locator: { page: index + 1, headingPath: ['Top'] },
  };
}

function fakeUploads(uploaded: Map<string, Buffer>): UploadService {
  return {
    store: async (_userId, body, { fileName, declaredType }) => {
      const chunks: Buffer[] = [];
      let sizeBytes = 0;
      for await (const chunk of body as AsyncIterable<Buffer>) {
        sizeBytes += chunk.length;
        if (sizeBytes > MAX_UPLOAD_BYTES)
          throw new AppError('payload_too_large', { params: { limit: '64 KB', setting: 'MAX_UPLOAD_MB' } });
        chunks.push(chunk);
      }
      if (sizeBytes === 0) throw new AppError('source_empty');
      const bytes = Buffer.concat(chunks);
      const uploadId = `upload_${uploaded.size + 1}`;
      uploaded.set(uploadId, bytes);
      return {
        uploadId,
        sha256: createHash('sha256').update(bytes).digest('hex'),
        sizeBytes,
        mediaType: declaredType ?? 'application/octet-stream',
        fileName,
        expiresAt: NOON,
      };
    },
  };
}

function fakeWebhooks(): WebhookService {
  const webhooks = new Map<string, Webhook & { readonly userId: string }>();
  const owned = (userId: string, id: string): Webhook => {
    const webhook = webhooks.get(id);
    if (webhook?.userId !== userId) throw new AppError('not_found');
    return webhook;
  };
  return {
    callbackSecret: async () => 'whsec_c2VjcmV0',
    create: async (userId, input) => {
      judgeAddress(input.url);
      const webhookId = `webhook_${webhooks.size + 1}`;
      const webhook = { ...input, userId, webhookId, createdAt: NOON, updatedAt: NOON };
      webhooks.set(webhookId, webhook);
      return { webhook, secret: 'whsec_example' };
    },
    list: async (userId, page) =>
      pageOf(
        [...webhooks.values()].filter((webhook) => webhook.userId === userId),
        page,
      ),
    get: async (userId, id) => owned(userId, id),
    update: async (userId, id, changes) => {
      const webhook = { ...owned(userId, id), ...changes, userId };
      webhooks.set(id, webhook);
      return webhook;
    },
    delete: async (userId, id) => {
      owned(userId, id);
      webhooks.delete(id);
    },
    deliveries: async (userId, id, page) => {
      owned(userId, id);
      const delivery = {
        deliveryId: 'delivery_1',
        event: 'job.completed',
        jobId: 'webpage_1',
        batchId: null,
        status: 'failed',
        attempts: 2,
        nextAttemptAt: null,
        lastStatus: 500,
        lastError: 'the target answered 500',
        createdAt: NOON,
        finishedAt: NOON,
      } as const;
      return pageOf([delivery], page);
    },
  };
}

function fakeFeeds(): FeedService {
  const feeds = new Map<string, Feed & { readonly userId: string }>();
  const owned = (userId: string, id: string): Feed => {
    const feed = feeds.get(id);
    if (feed?.userId !== userId) throw new AppError('not_found');
    return feed;
  };
  const counts = { failures: 0, pollCount: 0, jobCount: 0, recentPolls: [] };
  const times = { nextPollAt: NOON, lastPolledAt: null, lastNewAt: null, createdAt: NOON, updatedAt: NOON };
  return {
    create: async (userId, input) => {
      judgeAddress(input.url);
      const known = [...feeds.values()].find((feed) => feed.userId === userId && feed.url === input.url);
      if (known !== undefined) return { feed: known, created: false };
      const feedId = `feed_${feeds.size + 1}`;
      const fresh = { title: null, paused: false, lastError: null, ...counts, ...times };
      const feed = { ...fresh, ...input, userId, feedId };
      feeds.set(feedId, feed);
      return { feed, created: true };
    },
    list: async (userId, page) =>
      pageOf(
        [...feeds.values()].filter((feed) => feed.userId === userId),
        page,
      ),
    get: async (userId, id) => owned(userId, id),
    update: async (userId, id, { options, ...changes }) => {
      const before = owned(userId, id);
      const feed = { ...before, ...changes, options: { ...before.options, ...options }, userId };
      feeds.set(id, feed);
      return feed;
    },
    poll: async (userId, id) => {
      const feed = owned(userId, id);
      if (feed.paused) throw new AppError('conflict', { params: { reason: 'the feed is paused' } });
      return feed;
    },
    delete: async (userId, id) => {
      owned(userId, id);
      feeds.delete(id);
    },
  };
}

const CONTENT: ContentRow = {
  user_id: 'default',
  content_id: 'page',
  content_type: 'webpage',
  version: 1,
  job_id: 'webpage_000000000000',
  url: 'https://example.org/page',
  canonical_url: null,
  title: 'A page',
  authors: ['Ada'],
  language: 'en',
  published_at: '2026-01',
  description: null,
  site_name: null,
  image_url: null,
  summary: 'Words.',
  keywords: [{ term: 'word', score: 0.5 }],
  entities: [{ name: 'Ada', type: 'person', aliases: [], count: 2 }],
  tags: ['one'],
  text_length: 11,
  word_count: 2,
  chunk_count: 3,
  page_count: null,
  metadata: { mine: true },
  type_metadata: {},
  metadata_sources: {},
  edited_fields: [],
  files: {
    original: {
      key: 'webpages/page/1/original',
      mediaType: 'text/html',
      sizeBytes: FILE_BYTES.length,
      sha256: 'ab'.repeat(32),
      fileName: 'page.html',
    },
  },
  warnings: [],
  etag: null,
  last_modified: null,
  source_sha256: null,
  embedding_model: null,
  created_at: NOON,
  updated_at: NOON,
  deleted_at: null,
  facts_revision: 0,
  shown_revision: 0,
};
