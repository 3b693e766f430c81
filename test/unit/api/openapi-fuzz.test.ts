import { afterEach, expect, test } from '@jest/globals';
import { startApi, type TestApi } from '../../support/api.ts';
import { fuzzApi } from '../../support/openapi-requests.ts';

/** Every status that a service can cause; `test/e2e/api-fuzz.test.ts` sends 2,000 to the whole backbone. */
let api: TestApi;
afterEach(() => api.close());

test('500 requests made from the document, valid and broken, are all answered as it says', async () => {
  api = await startApi();
  for (const name of ['page', 'other page', 'slow', '10.1000/182'])
    api.services.addContent({ content_id: name });
  api.services.addContent({ content_id: 'bare', files: {} });
  api.services.jobs.addDeadLetter({});
  await api.post('/content/process', { url: 'https://example.org/' });
  await api.post('/content/process/batch', { items: [{ url: 'https://example.org/' }, {}] });
  await api.post('/webhooks', { url: 'https://example.org/hook', events: ['job.failed'] });
  await api.post('/feeds', { url: 'https://example.org/feed' });
  const { answers } = await fuzzApi(api.url, 'full', {
    runs: 500,
    known: {
      type: ['webpage', 'webpage', 'webpage', 'document'],
      content_id: ['page', 'other page', 'slow', 'bare', '10.1000/182'],
      job_id: ['webpage_000000000001', 'webpage_000000000002'],
      batch_id: ['batch_1'],
      dead_letter_id: ['letter_0'],
      webhook_id: ['webhook_1'],
      feed_id: ['feed_1'],
      deletion_id: ['deletion_1'],
    },
  });
  const statuses = new Set([...answers.keys()].map((name) => name.split(' ')[1]));
  for (const status of ['200', '202', '400', '401', '404', '415', '422']) expect(statuses).toContain(status);
});
