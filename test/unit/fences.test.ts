import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Linter } from 'eslint';
import { brokenFence, FENCES, fences } from '../../backbone/eslint.fences.ts';

const BACKBONE = path.resolve(import.meta.dirname, '../../backbone');

/** Lints one line as if it stood in a file of the backbone. */
function faults(file: string, code: string): readonly string[] {
  const linter = new Linter({ cwd: BACKBONE });
  const config: Linter.Config = {
    files: ['**/*.ts'],
    plugins: { fences },
    rules: { 'fences/imports': 'error', 'fences/globals': 'error' },
  };
  return linter.verify(code, [config], path.join(BACKBONE, file)).map((message) => message.message);
}

describe('the fences', () => {
  test.each([
    ['content/steps/download.ts', `import { request } from 'undici';`],
    ['jobs/webhook-deliveries.ts', `import http from 'node:http';`],
    ['content/steps/download.ts', `const answer = await fetch(url);`],
    ['models/http-embedder.ts', `import net from 'node:net';`],
    ['jobs/outbox.ts', `import { DataSource } from 'typeorm';`],
    ['stores/vectors/pgvector.ts', `import { PGlite } from '@electric-sql/pglite';`],
    ['jobs/job.ts', `import { z } from 'zod';`],
    ['pipeline/retry-policy.ts', `import { randomInt } from 'node:crypto';`],
    ['pipeline/topics.ts', `import { z } from 'zod';`],
    ['errors.ts', `import path from 'node:path';`],
    ['content/model.ts', `import { z } from 'zod';`],
    ['api/routes/search.ts', `import { pgvectorStore } from '../../stores/vectors/pgvector.ts';`],
    ['jobs/outbox.ts', `import { openMemoryBroker } from '../broker/memory-broker.ts';`],
    ['content/search.ts', `import { openUseLite } from '../models/use-lite.ts';`],
    ['content/video/video-manager.ts', `const { Innertube } = await import('youtubei.js');`],
    ['content/video/watch-page-provider.ts', `import info from '@distube/ytdl-core/lib/info.js';`],
    ['content/search.ts', `const store = await import('../stores/graph/sql-graph.ts');`],
    ['pipeline/stage-runner.ts', `import { openBroker } from '../broker/open-broker.ts';`],
    ['content/steps/store.ts', `import { stageTopic } from '../../pipeline/topics.ts';`],
    ['pipeline/stage-runner.ts', `import { webpageType } from '../content/webpage/webpage-type.ts';`],
    ['logger.ts', `const level = process.env.LOG_LEVEL;`],
    ['api/server.ts', `import prom from 'prom-client';`],
  ])('keep %s from: %s', (file, code) => {
    expect(faults(file, code)).toHaveLength(1);
  });

  test.each([
    ['fetch/undici-fetcher.ts', `import { request } from 'undici';`],
    ['api/server.ts', `import { createServer } from 'node:http';`],
    ['config.ts', `const level = process.env.LOG_LEVEL;`],
    ['jobs/job.ts', `import { STAGES } from '../pipeline/stages.ts';`],
    ['composition/stores.ts', `import { openBroker } from '../broker/open-broker.ts';`],
    ['content/search.ts', `import { fuse } from './fusion.ts';`],
  ])('let %s do: %s', (file, code) => {
    expect(faults(file, code)).toEqual([]);
  });

  test('let types through where they say so', () => {
    expect(brokenFence('jobs/outbox.ts', 'broker/open-broker.ts', true)).toBeNull();
    expect(brokenFence('jobs/outbox.ts', 'broker/open-broker.ts', false)).not.toBeNull();
  });

  test('each say why', () => {
    expect(FENCES.every((fence) => fence.why !== '')).toBe(true);
  });
});
