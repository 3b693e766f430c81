import { rm } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { articlePage, LIGHTHOUSE } from '../support/articles.ts';
import { ended, jobWhen, startBackbone, submit } from '../support/backbone.ts';
import { newDataFolder } from '../support/data-folder.ts';
import { startSite } from '../support/loopback-site.ts';
import { until } from '../support/until.ts';

test('a job waits for a model that cannot be loaded, loses no attempt, and goes on with another one', async () => {
  const site = await startSite();
  const dataDir = await newDataFolder();
  const env = { FETCH_DELAY_MS: '0' };
  try {
    const body = articlePage({ title: 'Log', sections: [{ heading: 'Log', paragraphs: [LIGHTHOUSE] }] });
    site.on('/log', { headers: { 'content-type': 'text/html' }, body });
    const EMBEDDER_URL = `local:${path.join(dataDir, 'no-model')}?dimensions=4`;
    const waiting = await startBackbone({ dataDir, env: { ...env, EMBEDDER_URL } });
    const { jobId } = await submit(waiting.services, { url: `${site.url}/log` });
    await jobWhen(waiting.services, String(jobId), ({ job }) => job.current_stage === 'embed');
    const { services } = waiting;
    await until(async () => {
      const { job } = await services.jobs.get('default', String(jobId));
      return job.error_code === 'embedder_not_loaded';
    });
    await waiting.stop();

    const again = await startBackbone({ dataDir, env });
    const { job, stages } = await ended(again.services, String(jobId));
    expect(job).toMatchObject({ status: 'completed', error_code: null });
    expect(stages.find(({ stage }) => stage === 'embed')).toMatchObject({ attempts: 1 });
    await again.stop();
  } finally {
    await site.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
});
