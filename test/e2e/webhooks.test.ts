import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { ended, startBackbone, submit, TENANT, type TestBackbone } from '../support/backbone.ts';
import { clientOf, itemsOf, type Client } from '../support/client.ts';
import { inside } from '../support/inside.ts';
import { startSite, type LoopbackSite, type RecordedRequest } from '../support/loopback-site.ts';
import { failure, scriptedType, type StageScript } from '../support/scripted-type.ts';
import { until } from '../support/until.ts';

let target: LoopbackSite;
let backbone: TestBackbone;
let client: Client;
let script: StageScript = () => Promise.resolve();
let count = 0;

const scripted = inside(scriptedType((stage, context) => script(stage, context)));
const freshUrl = (): string => `http://scripted.example/${(count += 1)}`;
const freshHook = (): { path: string; url: string } => {
  const path = `/hook-${(count += 1)}`;
  target.on(path, { status: 200 });
  return { path, url: target.url + path };
};
const sentTo = (path: string): readonly RecordedRequest[] =>
  target.requests.filter((request) => request.path === path);
const told = (request: RecordedRequest | undefined): { type: string; data: Record<string, unknown> } =>
  JSON.parse(request?.body.toString('utf8') ?? '{}') as { type: string; data: Record<string, unknown> };

/** Deliveries whose time is to come are due now. */
async function hurry(): Promise<void> {
  await scripted
    .ports()
    .records.query(`UPDATE webhook_deliveries SET next_attempt_at = now() WHERE status = 'pending'`);
}

/** As a receiver checks it: HMAC-SHA256 over id, time and body. */
function signatureOf(request: RecordedRequest, secret: string): string {
  const { 'webhook-id': id, 'webhook-timestamp': at } = request.headers;
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  return `v1,${createHmac('sha256', key)
    .update(`${String(id)}.${String(at)}.${request.body.toString('utf8')}`)
    .digest('base64')}`;
}

beforeAll(async () => {
  target = await startSite();
  backbone = await startBackbone({ types: [scripted.type] });
  client = clientOf(backbone);
});

afterAll(async () => {
  await backbone.remove();
  await target.stop();
});

beforeEach(() => {
  script = () => Promise.resolve();
});

describe('the callback of a job', () => {
  test('tells its end once, signed with the secret of the tenant', async () => {
    const hook = freshHook();
    const arrives = target.nextRequest(hook.path);
    const body = { url: freshUrl(), callback_url: hook.url, metadata: { order: 7 } };
    const { body: accepted } = await client.post('/content/process', body);
    const request = await arrives;
    expect(request.method).toBe('POST');
    expect(request.headers['content-type']).toBe('application/json');
    expect(told(request)).toMatchObject({
      type: 'job.completed',
      data: {
        job_id: accepted['job_id'],
        content_id: accepted['content_id'],
        content_type: 'scripted',
        status: 'completed',
        progress: 100,
        error: null,
        metadata: { order: 7 },
      },
    });
    const secret = await backbone.services.webhooks.callbackSecret(TENANT);
    expect(request.headers['webhook-signature']).toBe(signatureOf(request, secret));
    const age = Date.now() / 1000 - Number(request.headers['webhook-timestamp']);
    expect(age).toBeLessThan(60);
    expect(await backbone.services.webhooks.callbackSecret('other')).not.toBe(secret);
  });

  test('tells why a job failed, and nothing of its retries', async () => {
    const hook = freshHook();
    script = (stage) => (stage === 'process' ? Promise.reject(failure('source_timeout')) : Promise.resolve());
    const arrives = target.nextRequest(hook.path);
    await submit(backbone.services, { url: freshUrl(), callbackUrl: hook.url });
    expect(told(await arrives)).toMatchObject({
      type: 'job.failed',
      data: { status: 'failed', error: { code: 'source_timeout', retryable: true } },
    });
    expect(sentTo(hook.path)).toHaveLength(1);
  });

  test('tells a cancellation', async () => {
    const hook = freshHook();
    script = (stage) =>
      stage === 'download' ? Promise.reject(failure('source_throttled', 60_000)) : Promise.resolve();
    const { jobId } = await submit(backbone.services, { url: freshUrl(), callbackUrl: hook.url });
    const arrives = target.nextRequest(hook.path);
    await client.post(`/content/jobs/${jobId ?? ''}/cancel`);
    expect(told(await arrives)).toMatchObject({ type: 'job.cancelled', data: { job_id: jobId } });
  });

  test('that was given with a submission that joins a running job is told as well', async () => {
    const [one, two] = [freshHook(), freshHook()];
    const gate = Promise.withResolvers<undefined>();
    script = (stage) => (stage === 'download' ? gate.promise : Promise.resolve());
    const url = freshUrl();
    const first = await submit(backbone.services, { url, callbackUrl: one.url });
    const second = await submit(backbone.services, { url, callbackUrl: two.url });
    const again = await submit(backbone.services, { url, callbackUrl: two.url });
    expect([second.jobId, again.jobId]).toEqual([first.jobId, first.jobId]);
    const both = Promise.all([target.nextRequest(one.path), target.nextRequest(two.path)]);
    gate.resolve(undefined);
    for (const request of await both) expect(told(request).data['job_id']).toBe(first.jobId);
    expect(sentTo(two.path)).toHaveLength(1);
  });

  test.each([500, 409, 302])('answered %i is tried again with the same id', async (status) => {
    const hook = freshHook();
    const headers = { location: `${target.url}/elsewhere` };
    target.on(hook.path, { status, headers }, { status: 204 });
    const first = target.nextRequest(hook.path);
    await submit(backbone.services, { url: freshUrl(), callbackUrl: hook.url });
    const { headers: before } = await first;
    const second = target.nextRequest(hook.path);
    await until(async () => {
      await hurry();
      return sentTo(hook.path).length > 1;
    });
    const { headers: after } = await second;
    expect(after['webhook-id']).toBe(before['webhook-id']);
    expect(sentTo('/elsewhere')).toEqual([]);
  });

  test('answered 410 is over', async () => {
    const hook = freshHook();
    target.on(hook.path, { status: 410 });
    const { jobId } = await submit(backbone.services, { url: freshUrl(), callbackUrl: hook.url });
    const log = async (): Promise<readonly object[]> =>
      scripted
        .ports()
        .records.query(
          'SELECT status, attempts, last_status, last_error FROM webhook_deliveries WHERE job_id = $1 AND webhook_id IS NULL',
          [jobId],
        );
    await until(async () => JSON.stringify(await log()).includes('"failed"'));
    expect(await log()).toEqual([
      { status: 'failed', attempts: 1, last_status: 410, last_error: 'The target answered 410.' },
    ]);
  });

  test('to a forbidden place is refused with the request, and no job starts', async () => {
    const places = [
      ...['http://10.1.2.3/hook', 'http://169.254.169.254/latest', 'http://[fd00::1]/'],
      // Public, but on no list; and what is no address for us at all.
      ...['https://example.com/hook', 'ftp://127.0.0.1/hook', 'file:///etc/passwd', 'javascript:alert(1)'],
      ...['http://user:secret@127.0.0.1/hook', 'nonsense', ''],
    ];
    for (const url of places) {
      const single = await client.post('/content/process', { url: freshUrl(), callback_url: url });
      expect(single).toMatchObject({ status: 422, body: { code: 'callback_forbidden' } });
      const batch = await client.post('/content/process/batch', {
        items: [{ url: freshUrl() }],
        callback_url: url,
      });
      expect(batch).toMatchObject({ status: 422, body: { code: 'callback_forbidden' } });
      const item = await client.post('/content/process/batch', {
        items: [{ url: freshUrl(), callback_url: url }],
      });
      expect(itemsOf(item)).toMatchObject([{ job_id: null, error: { code: 'callback_forbidden' } }]);
      const query = new URLSearchParams({ url: freshUrl(), callback_url: url }).toString();
      const inQuery = await client.post(`/content/process?${query}`);
      expect(inQuery).toMatchObject({ status: 422, body: { code: 'callback_forbidden' } });
      const hook = await client.post('/webhooks', { url, events: ['job.completed'] });
      expect(hook).toMatchObject({ status: 422, body: { code: 'callback_forbidden' } });
    }
  });
});

describe('a callback that was allowed when it was given', () => {
  test('is checked again when it is sent', async () => {
    const hook = freshHook();
    const gate = Promise.withResolvers<undefined>();
    script = (stage) => (stage === 'download' ? gate.promise : Promise.resolve());
    const { jobId } = await submit(backbone.services, { url: freshUrl(), callbackUrl: hook.url });
    const { records } = scripted.ports();
    // As if CALLBACK_ALLOW had named the place at the time.
    await records.query(
      `UPDATE processing_jobs SET callback_url = 'http://10.1.2.3/hook' WHERE job_id = $1`,
      [jobId],
    );
    gate.resolve(undefined);
    const log = (): Promise<object[]> =>
      records.query(
        'SELECT attempts, last_status, last_error FROM webhook_deliveries WHERE job_id = $1 AND last_error IS NOT NULL',
        [jobId],
      );
    await until(async () => (await log()).length > 0);
    expect(await log()).toEqual([
      {
        attempts: 1,
        last_status: null,
        last_error: 'The callback address must not be reached: it is in a private network.',
      },
    ]);
    await records.query('DELETE FROM webhook_deliveries WHERE job_id = $1', [jobId]);
  });
});

describe('the callback of a batch', () => {
  test('comes once, when the batch is closed and all its jobs have ended', async () => {
    const hook = freshHook();
    const open = await client.post('/content/process/batch', {
      open: true,
      callback_url: hook.url,
      items: [{ url: freshUrl() }, { url: 'nonsense' }],
    });
    const batchId = String(open.body['batch_id']);
    await ended(backbone.services, String(itemsOf(open)[0]?.['job_id']));
    expect(sentTo(hook.path)).toEqual([]);
    const arrives = target.nextRequest(hook.path);
    await client.post('/content/process/batch', { batch_id: batchId, items: [{ url: freshUrl() }] });
    expect(told(await arrives)).toMatchObject({
      type: 'batch.ended',
      data: { batch_id: batchId, counts: { completed: 2, rejected: 1 } },
    });
    await until(async () => {
      const { body } = await client.get(`/content/batches/${batchId}`);
      return JSON.stringify(body['callbacks']).includes('"delivered"');
    });
    expect(sentTo(hook.path)).toHaveLength(1);
    const { body } = await client.get(`/content/batches/${batchId}`);
    expect(body['callbacks']).toEqual([
      expect.objectContaining({ event: 'batch.ended', status: 'delivered', attempts: 1, last_status: 200 }),
    ]);
  });

  test('all of whose items were refused comes at once', async () => {
    const hook = freshHook();
    const arrives = target.nextRequest(hook.path);
    await client.post('/content/process/batch', {
      callback_url: hook.url,
      items: [{ url: 'x' }, { url: 'y' }],
    });
    expect(told(await arrives)).toMatchObject({ type: 'batch.ended', data: { counts: { rejected: 2 } } });
  });
});

describe('a subscription', () => {
  const subscribe = async (fields: object): Promise<{ path: string; id: string; secret: string }> => {
    const hook = freshHook();
    const { status, body } = await client.post('/webhooks', { url: hook.url, ...fields });
    expect(status).toBe(201);
    return { path: hook.path, id: String(body['webhook_id']), secret: String(body['secret']) };
  };

  test('hears of the events it asked for, signed with its own secret, and they stand in its log', async () => {
    const hook = await subscribe({ events: ['job.completed', 'job.retrying'] });
    const attempts = ['source_timeout'];
    script = (stage) => {
      const code = stage === 'process' ? attempts.pop() : undefined;
      return code === undefined ? Promise.resolve() : Promise.reject(failure(code));
    };
    const { jobId } = await submit(backbone.services, { url: freshUrl() });
    await until(() => Promise.resolve(sentTo(hook.path).length === 2));
    const requests = sentTo(hook.path);
    expect(requests.map((request) => told(request).type).sort()).toEqual(['job.completed', 'job.retrying']);
    for (const request of requests)
      expect(request.headers['webhook-signature']).toBe(signatureOf(request, hook.secret));
    await until(async () => {
      const log = itemsOf(await client.get(`/webhooks/${hook.id}/deliveries`));
      return (
        log.length === 2 && log.every((item) => item['status'] === 'delivered' && item['job_id'] === jobId)
      );
    });
    await client.delete(`/webhooks/${hook.id}`);
    expect((await client.get(`/webhooks/${hook.id}/deliveries`)).status).toBe(404);
  });

  test('hears only of its types, its tags and its batch', async () => {
    const batch = await client.post('/content/process/batch', { open: true, items: [] });
    const batchId = String(batch.body['batch_id']);
    const events = ['job.completed'];
    const byType = await subscribe({ events, content_types: ['webpage'] });
    const byTag = await subscribe({ events, tags: ['wanted'] });
    const byBatch = await subscribe({ events, batch_id: batchId });
    const all = await subscribe({ events });
    const off = await subscribe({ events, active: false });
    await client.post('/content/process/batch', {
      batch_id: batchId,
      items: [{ url: freshUrl(), metadata: { tags: ['wanted', 'x'] } }],
    });
    await submit(backbone.services, { url: freshUrl() });
    await until(() => Promise.resolve(sentTo(all.path).length === 2));
    await until(() => Promise.resolve(sentTo(byTag.path).length === 1 && sentTo(byBatch.path).length === 1));
    expect(sentTo(byType.path)).toEqual([]);
    expect(sentTo(off.path)).toEqual([]);
    const of = (path: string): unknown => told(sentTo(path)[0]).data['metadata'];
    expect([of(byTag.path), of(byBatch.path)]).toEqual([
      { tags: ['wanted', 'x'] },
      { tags: ['wanted', 'x'] },
    ]);
    for (const { id } of [byType, byTag, byBatch, all, off]) await client.delete(`/webhooks/${id}`);
  });

  test('can be changed, switched off and read, without its secret', async () => {
    const hook = await subscribe({ events: ['job.failed'] });
    const changed = await client.patch(`/webhooks/${hook.id}`, {
      active: false,
      events: ['content.deleted'],
    });
    expect(changed).toMatchObject({ status: 200, body: { active: false, events: ['content.deleted'] } });
    expect((await client.get(`/webhooks/${hook.id}`)).body).toEqual(changed.body);
    expect(changed.body).not.toHaveProperty('secret');
    const refused = await client.patch(`/webhooks/${hook.id}`, { url: 'http://10.0.0.1/' });
    expect(refused).toMatchObject({ status: 422, body: { code: 'callback_forbidden' } });
    expect((await client.delete(`/webhooks/${hook.id}`)).status).toBe(204);
    expect((await client.get(`/webhooks/${hook.id}`)).status).toBe(404);
  });

  test('stands once in the pages of its list, and each delivery once in its log', async () => {
    const hook = await subscribe({ events: ['job.retrying', 'job.completed'] });
    for (let index = 0; index < 5; index += 1) await subscribe({ events: ['batch.ended'] });
    const items = Array.from({ length: 7 }, () => ({ url: freshUrl() }));
    await client.post('/content/process/batch', { items });
    await until(() => Promise.resolve(sentTo(hook.path).length === 7));
    for (const [path, name] of [
      ['/webhooks', 'webhook_id'],
      [`/webhooks/${hook.id}/deliveries`, 'delivery_id'],
    ] as const) {
      const { body } = await client.get(`${path}?limit=100`);
      const seen: unknown[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const page = await client.get(`${path}?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
        seen.push(...itemsOf(page).map((item) => item[name]));
        cursor = page.body['next_cursor'] as string | null;
      }
      expect(seen).toHaveLength(Number(body['total']));
      expect(new Set(seen)).toHaveProperty('size', seen.length);
    }
  });
});

describe('dead letters', () => {
  test('stand once in the pages of their list', async () => {
    script = (stage) => (stage === 'process' ? Promise.reject(failure('no_text')) : Promise.resolve());
    const jobs = await Promise.all(
      Array.from({ length: 7 }, () => submit(backbone.services, { url: freshUrl() })),
    );
    await Promise.all(jobs.map(({ jobId }) => ended(backbone.services, jobId)));
    const seen: unknown[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page = await client.get(
        `/content/dead-letters?limit=2&error_code=no_text${cursor === '' ? '' : `&cursor=${cursor}`}`,
      );
      seen.push(...itemsOf(page).map((item) => item['job_id']));
      cursor = page.body['next_cursor'] as string | null;
    }
    expect(seen.toSorted()).toEqual(jobs.map(({ jobId }) => jobId).toSorted());
  });
});
