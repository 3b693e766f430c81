import type { Crash } from '../crash-points.ts';
import type { Fetcher } from '../fetch/fetcher.ts';
import { asAppError } from '../errors.ts';
import type { JsonObject } from '../content/model.ts';
import type { RecordStore, SqlExecutor } from '../stores/records/record-store.ts';
import { storableText } from '../stores/postgres-text.ts';
import { newWebhookSecret, signedHeaders } from './webhook-signature.ts';

/** Something that happened, for whoever subscribed to it and for the callback of a job or batch. */
export interface WebhookEvent {
  readonly userId: string;
  /** Such as `job.completed`. */
  readonly event: string;
  readonly contentType: string | null;
  readonly tags: readonly string[];
  readonly jobId: string | null;
  readonly batchIds: readonly string[];
  readonly data: JsonObject;
  /** They get this event whatever the subscriptions say. */
  readonly callbackUrls: readonly string[];
  readonly at: Date;
}

export interface WebhookDeliveriesOptions {
  readonly records: RecordStore;
  readonly fetcher: Fetcher;
  readonly newId: () => string;
  readonly now: () => Date;
  readonly random: () => number;
  readonly crash: Crash;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/**
 * Waits between attempts. The first are short, because a workflow may be told before it has stored that it
 * waits; the rest follow the schedule that Standard Webhooks recommends.
 */
export const DELIVERY_LADDER_MS = [
  SECOND,
  5 * SECOND,
  30 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
] as const;

const SEND_TIMEOUT_MS = 15 * SECOND;
const LEASE_MS = 60 * SECOND;
const AT_ONCE = 16;
const ANSWER_LIMIT_BYTES = 64 * 1024;
const GONE = 410;

/** Deliveries are rows written in the transaction of what they tell, so none is lost and none is invented. */
export class WebhookDeliveries {
  readonly #options: WebhookDeliveriesOptions;

  constructor(options: WebhookDeliveriesOptions) {
    this.#options = options;
  }

  /** Inside the caller's transaction. */
  async enqueue(sql: SqlExecutor, event: WebhookEvent): Promise<void> {
    const body = JSON.stringify({ type: event.event, timestamp: event.at.toISOString(), data: event.data });
    await sql.query(
      `INSERT INTO webhook_deliveries (delivery_id, user_id, webhook_id, job_id, batch_id, url, event, payload, next_attempt_at, created_at)
       SELECT 'msg_' || replace(gen_random_uuid()::text, '-', ''), $1, w.webhook_id, $2, $3, w.url, $4, $5::jsonb, now(), now()
         FROM webhooks w
        WHERE w.user_id = $1 AND w.active AND $4 = ANY(w.events)
          AND (w.content_types = '{}' OR $6 = ANY(w.content_types))
          AND (w.tags = '{}' OR w.tags && $7::text[])
          AND (w.batch_id IS NULL OR w.batch_id = ANY($8::text[]))`,
      [
        event.userId,
        event.jobId,
        event.batchIds[0] ?? null,
        event.event,
        body,
        event.contentType,
        event.tags,
        event.batchIds,
      ],
    );
    for (const url of new Set(event.callbackUrls)) {
      await sql.query(
        `INSERT INTO webhook_deliveries (delivery_id, user_id, job_id, batch_id, url, event, payload, next_attempt_at, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb, now(), now())`,
        [
          `msg_${this.#options.newId()}`,
          event.userId,
          event.jobId,
          event.batchIds[0] ?? null,
          url,
          event.event,
          body,
        ],
      );
    }
  }

  /** At the start of the only process over these records: nobody is left who could be sending. */
  async recover(): Promise<void> {
    await this.#options.records.query(
      `UPDATE webhook_deliveries SET lease_until = NULL WHERE status = 'pending' AND lease_until IS NOT NULL`,
    );
  }

  /** Sends what is due, a bounded number at once. Resolves with how many were tried. */
  async sendDue(signal: AbortSignal): Promise<number> {
    const due = await this.#options.records.query<DueDelivery>(
      `UPDATE webhook_deliveries d SET attempts = attempts + 1, lease_until = now() + $1 * interval '1 ms'
        WHERE d.delivery_id IN (
          SELECT delivery_id FROM webhook_deliveries
           WHERE status = 'pending' AND next_attempt_at <= now() AND (lease_until IS NULL OR lease_until < now())
           ORDER BY next_attempt_at LIMIT $2 FOR UPDATE SKIP LOCKED)
       RETURNING d.delivery_id, d.user_id, d.webhook_id, d.url, d.payload, d.attempts`,
      [LEASE_MS, AT_ONCE],
    );
    if (due.length > 0) this.#options.crash('deliver_after_claim');
    await Promise.all(due.map((delivery) => this.#send(delivery, signal)));
    return due.length;
  }

  /** The secret that signs the callbacks of a tenant's jobs and batches; made at first use. */
  async callbackSecret(userId: string): Promise<string> {
    const [row] = await this.#options.records.query<{ secret: string }>(
      `INSERT INTO callback_secrets (user_id, secret) VALUES ($1, $2)
       ON CONFLICT (user_id) DO UPDATE SET secret = callback_secrets.secret RETURNING secret`,
      [userId, newWebhookSecret()],
    );
    return row?.secret ?? '';
  }

  async #send(delivery: DueDelivery, signal: AbortSignal): Promise<void> {
    const outcome = await this.#post(delivery, signal);
    if (outcome === 'stopped') return this.#release(delivery);
    const delivered = outcome.status !== null && outcome.status >= 200 && outcome.status < 300;
    const waitMs = DELIVERY_LADDER_MS[delivery.attempts - 1];
    const over = delivered || waitMs === undefined || outcome.status === GONE;
    const jitter = 1 + 0.2 * this.#options.random();
    await this.#options.records.query(
      `UPDATE webhook_deliveries
          SET status = $2, last_status = $3, last_error = $4, lease_until = NULL,
              next_attempt_at = now() + $5 * interval '1 ms', finished_at = CASE WHEN $2 = 'pending' THEN NULL ELSE now() END
        WHERE delivery_id = $1`,
      [
        delivery.delivery_id,
        delivered ? 'delivered' : over ? 'failed' : 'pending',
        outcome.status,
        delivered ? null : storableText(outcome.error),
        (waitMs ?? 0) * jitter,
      ],
    );
  }

  async #post(delivery: DueDelivery, stop: AbortSignal): Promise<Outcome | 'stopped'> {
    try {
      const body = JSON.stringify(delivery.payload);
      const secret = await this.#secretOf(delivery);
      const signed = signedHeaders({ id: delivery.delivery_id, at: this.#options.now(), body, secret });
      const response = await this.#options.fetcher.fetch({
        url: delivery.url,
        purpose: 'callback',
        method: 'POST',
        headers: { 'content-type': 'application/json', ...signed },
        body,
        signal: AbortSignal.any([stop, AbortSignal.timeout(SEND_TIMEOUT_MS)]),
        maxBytes: ANSWER_LIMIT_BYTES,
        limitSetting: 'none',
      });
      // Nothing but the status counts: what the target says is neither read nor shown.
      response.body.destroy();
      this.#options.crash('deliver_after_answer');
      return { status: response.status, error: `The target answered ${response.status}.` };
    } catch (error) {
      if (stop.aborted) return 'stopped';
      return {
        status: null,
        error: asAppError(error, 'source_timeout', { host: hostOf(delivery.url) }).message,
      };
    }
  }

  async #release(delivery: DueDelivery): Promise<void> {
    await this.#options.records.query(
      `UPDATE webhook_deliveries SET attempts = attempts - 1, lease_until = NULL WHERE delivery_id = $1`,
      [delivery.delivery_id],
    );
  }

  async #secretOf(delivery: DueDelivery): Promise<string> {
    if (delivery.webhook_id === null) return this.callbackSecret(delivery.user_id);
    const [row] = await this.#options.records.query<{ secret: string }>(
      'SELECT secret FROM webhooks WHERE webhook_id = $1',
      [delivery.webhook_id],
    );
    return row?.secret ?? '';
  }
}

interface DueDelivery {
  readonly delivery_id: string;
  readonly user_id: string;
  readonly webhook_id: string | null;
  readonly url: string;
  readonly payload: JsonObject;
  readonly attempts: number;
}

interface Outcome {
  readonly status: number | null;
  readonly error: string;
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'the target';
}
