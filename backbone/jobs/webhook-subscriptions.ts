import { AppError } from '../errors.ts';
import type { Page } from '../api/services/page.ts';
import type { Delivery, Webhook, WebhookInput, WebhookService } from '../api/services/webhook-service.ts';
import type { Fetcher } from '../fetch/fetcher.ts';
import type { RecordStore } from '../stores/records/record-store.ts';
import { decodeCursor, pageOf, type Position } from './cursor.ts';
import type { WebhookDeliveries } from './webhook-deliveries.ts';
import { newWebhookSecret } from './webhook-signature.ts';

export interface WebhookSubscriptionsOptions {
  readonly records: RecordStore;
  readonly fetcher: Fetcher;
  readonly deliveries: Pick<WebhookDeliveries, 'callbackSecret'>;
  readonly newId: () => string;
}

interface PageRequest {
  readonly limit: number;
  readonly cursor?: string;
}

/** Who wants to hear of what. Deliveries themselves are `webhook-deliveries.ts`. */
export class WebhookSubscriptions implements WebhookService {
  readonly #options: WebhookSubscriptionsOptions;

  constructor(options: WebhookSubscriptionsOptions) {
    this.#options = options;
  }

  async create(userId: string, input: WebhookInput): Promise<{ webhook: Webhook; secret: string }> {
    this.#options.fetcher.check(input.url, 'callback');
    const secret = newWebhookSecret();
    const [row] = await this.#options.records.query<WebhookRow>(
      `INSERT INTO webhooks (webhook_id, user_id, url, events, content_types, tags, batch_id, secret, active, created_at, updated_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, now(), now()) RETURNING *`,
      [
        `wh_${this.#options.newId()}`,
        userId,
        input.url,
        input.events,
        input.contentTypes,
        input.tags,
        input.batchId,
        secret,
        input.active,
      ],
    );
    return { webhook: webhookOf(found(row)), secret };
  }

  async list(userId: string, page: PageRequest): Promise<Page<Webhook>> {
    const rows = await this.#page<WebhookRow>('webhooks', 'webhook_id', 'user_id = $1', userId, page);
    return { ...rows, items: rows.items.map(webhookOf) };
  }

  callbackSecret(userId: string): Promise<string> {
    return this.#options.deliveries.callbackSecret(userId);
  }

  async get(userId: string, webhookId: string): Promise<Webhook> {
    const [row] = await this.#options.records.query<WebhookRow>(
      'SELECT * FROM webhooks WHERE webhook_id = $1 AND user_id = $2',
      [webhookId, userId],
    );
    return webhookOf(found(row));
  }

  async update(userId: string, webhookId: string, changes: Partial<WebhookInput>): Promise<Webhook> {
    if (changes.url !== undefined) this.#options.fetcher.check(changes.url, 'callback');
    const after = { ...(await this.get(userId, webhookId)), ...changes };
    const [row] = await this.#options.records.query<WebhookRow>(
      `UPDATE webhooks SET url = $3, events = $4, content_types = $5, tags = $6, batch_id = $7, active = $8, updated_at = now()
        WHERE webhook_id = $1 AND user_id = $2 RETURNING *`,
      [
        webhookId,
        userId,
        after.url,
        after.events,
        after.contentTypes,
        after.tags,
        after.batchId,
        after.active,
      ],
    );
    return webhookOf(found(row));
  }

  async delete(userId: string, webhookId: string): Promise<void> {
    const rows = await this.#options.records.query(
      'DELETE FROM webhooks WHERE webhook_id = $1 AND user_id = $2 RETURNING webhook_id',
      [webhookId, userId],
    );
    if (rows.length === 0) throw new AppError('not_found');
  }

  async deliveries(userId: string, webhookId: string, page: PageRequest): Promise<Page<Delivery>> {
    await this.get(userId, webhookId);
    const rows = await this.#page<DeliveryRow>(
      'webhook_deliveries',
      'delivery_id',
      'webhook_id = $1',
      webhookId,
      page,
    );
    return { ...rows, items: rows.items.map(deliveryOf) };
  }

  /** Table, key and condition are ours, never a caller's. */
  async #page<T extends { readonly created_at: Date }>(
    table: 'webhooks' | 'webhook_deliveries',
    key: string & keyof T,
    condition: string,
    value: string,
    page: PageRequest,
  ): Promise<Page<T>> {
    const { records } = this.#options;
    const after = page.cursor === undefined ? null : decodeCursor(page.cursor);
    const [count] = await records.query<{ total: number }>(
      `SELECT count(*)::int AS total FROM ${table} WHERE ${condition}`,
      [value],
    );
    const rows = await records.query<T>(
      `SELECT * FROM ${table} WHERE ${condition} AND ($2::timestamptz IS NULL OR (created_at, ${key}) < ($2, $3))
        ORDER BY created_at DESC, ${key} DESC LIMIT $4`,
      [value, after?.at ?? null, after?.id ?? null, page.limit + 1],
    );
    const positionOf = (row: T): Position => ({ at: row.created_at, id: String(row[key]) });
    return pageOf(rows, { limit: page.limit, total: count?.total ?? 0, positionOf });
  }
}

interface WebhookRow {
  readonly webhook_id: string;
  readonly url: string;
  readonly events: readonly string[];
  readonly content_types: readonly string[];
  readonly tags: readonly string[];
  readonly batch_id: string | null;
  readonly active: boolean;
  readonly created_at: Date;
  readonly updated_at: Date;
}

export interface DeliveryRow {
  readonly delivery_id: string;
  readonly event: string;
  readonly job_id: string | null;
  readonly batch_id: string | null;
  readonly status: Delivery['status'];
  readonly attempts: number;
  readonly next_attempt_at: Date;
  readonly last_status: number | null;
  readonly last_error: string | null;
  readonly created_at: Date;
  readonly finished_at: Date | null;
}

export function deliveryOf(row: DeliveryRow): Delivery {
  return {
    deliveryId: row.delivery_id,
    event: row.event,
    jobId: row.job_id,
    batchId: row.batch_id,
    status: row.status,
    attempts: row.attempts,
    nextAttemptAt: row.status === 'pending' ? row.next_attempt_at : null,
    lastStatus: row.last_status,
    lastError: row.last_error,
    createdAt: row.created_at,
    finishedAt: row.finished_at,
  };
}

function webhookOf(row: WebhookRow): Webhook {
  return {
    webhookId: row.webhook_id,
    url: row.url,
    events: row.events,
    contentTypes: row.content_types,
    tags: row.tags,
    batchId: row.batch_id,
    active: row.active,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function found<T>(row: T | undefined): T {
  if (row === undefined) throw new AppError('not_found');
  return row;
}
