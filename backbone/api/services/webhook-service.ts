import type { Page } from './page.ts';

export interface WebhookService {
  /** The secret is told this once. @throws AppError callback_forbidden */
  create(
    userId: string,
    input: WebhookInput,
  ): Promise<{ readonly webhook: Webhook; readonly secret: string }>;
  list(userId: string, page: { readonly limit: number; readonly cursor?: string }): Promise<Page<Webhook>>;
  /** The secret that signs the callbacks of this tenant's jobs and batches. */
  callbackSecret(userId: string): Promise<string>;
  get(userId: string, webhookId: string): Promise<Webhook>;
  update(userId: string, webhookId: string, changes: Partial<WebhookInput>): Promise<Webhook>;
  delete(userId: string, webhookId: string): Promise<void>;
  deliveries(
    userId: string,
    webhookId: string,
    page: { readonly limit: number; readonly cursor?: string },
  ): Promise<Page<Delivery>>;
}

export interface Webhook {
  readonly webhookId: string;
  readonly url: string;
  readonly events: readonly string[];
  readonly contentTypes: readonly string[];
  readonly tags: readonly string[];
  readonly batchId: string | null;
  readonly active: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export type WebhookInput = Pick<Webhook, 'url' | 'events' | 'contentTypes' | 'tags' | 'batchId' | 'active'>;

export interface Delivery {
  readonly deliveryId: string;
  readonly event: string;
  readonly jobId: string | null;
  readonly batchId: string | null;
  readonly status: 'pending' | 'delivered' | 'failed';
  readonly attempts: number;
  readonly nextAttemptAt: Date | null;
  readonly lastStatus: number | null;
  readonly lastError: string | null;
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
}

/** Names of the events a webhook may ask for. */
export const WEBHOOK_EVENTS = [
  'job.completed',
  'job.failed',
  'job.cancelled',
  'job.retrying',
  'content.deleted',
  'batch.ended',
] as const;
