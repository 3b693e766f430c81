import type { ApiKeys } from '../access/api-keys.ts';
import type { JsonObject } from '../content/model.ts';
import type { ReembeddingProgress } from '../content/reembedding.ts';
import type { Stage } from '../pipeline/stages.ts';
import type { ContentService } from './services/content-service.ts';
import type { FeedService } from './services/feed-service.ts';
import type { JobService } from './services/job-service.ts';
import type { SearchService } from './services/search-service.ts';
import type { UploadService } from './services/upload-service.ts';
import type { WebhookService } from './services/webhook-service.ts';

/**
 * What the API needs from the rest of the backbone; `composition/services.ts` hands in the real ones. Every call
 * is scoped to one tenant by `userId`: what belongs to another answers as if it were not there (`not_found`).
 */
export interface Services {
  readonly jobs: JobService;
  readonly contents: ContentService;
  readonly search: SearchService;
  readonly uploads: UploadService;
  readonly webhooks: WebhookService;
  readonly feeds: FeedService;
  readonly keys: Pick<ApiKeys, 'createKey' | 'list' | 'revoke'>;
  readonly types: readonly ContentTypeInfo[];
  /** Name of a port -> milliseconds of its probe; rejects when it is down. */
  readonly probes: ReadonlyMap<string, () => Promise<number>>;
  readonly isReady: () => boolean;
  /** How far the stored vectors are made anew with another model; null when they need not be. */
  readonly reembedding: () => ReembeddingProgress | null;
}

export interface ContentTypeInfo {
  readonly type: string;
  readonly label: string;
  readonly stages: readonly Stage[];
  /** Media types that files of this type may have. */
  readonly mediaTypes: readonly string[];
  /** JSON schema of `options`. */
  readonly options: JsonObject;
}
