import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { CrashPoint } from '../../backbone/crash-points.ts';
import { ingest, startBackbone, TENANT } from '../support/backbone.ts';
import {
  crashFileOf,
  startChild,
  type ChildOptions,
  type ExitOfChild,
  type RunningChild,
} from '../support/child-backbone.ts';
import { newDataFolder } from '../support/data-folder.ts';
import { startSite, type LoopbackSite } from '../support/loopback-site.ts';
import { openStopped, type StoppedStores } from '../support/store-digest.ts';
import { article } from './article.ts';

/** A site with articles, and data folders for backbones that read them. */
export interface CrashWorld {
  readonly site: LoopbackSite;
  /** Settings of every backbone of this world. */
  readonly env: Readonly<Record<string, string>>;
  /** Puts an article on the site and answers its address. */
  publish(name: string): string;
  /** A new data folder with a migrated database. */
  newFolder(): Promise<string>;
  start(dataDir: string, options?: Omit<ChildOptions, 'dataDir'>): Promise<RunningChild>;
  /** Ends what still runs and removes the folders. */
  remove(): Promise<void>;
}

/** Half of a lease: whoever waited for the lease of the dead process to end would be too late. */
const PROMPT_MS = 15_000;

/** Vectors that cost nothing to make: how often each letter stands in the text. */
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const letterCounts = (text: string): readonly number[] =>
  Array.from(LETTERS).map((letter) => text.toLowerCase().split(letter).length);

export async function createWorld(): Promise<CrashWorld> {
  const site = await startSite();
  const folders: string[] = [];
  const children: RunningChild[] = [];
  const env = {
    // Each process loads its parsers anew: one thread of them is enough for pages this small.
    PARSER_THREADS: '1',
    FETCH_ALLOW_PRIVATE: '127.0.0.0/8',
    FETCH_ALLOWED_PORTS: String(site.port),
    FETCH_DELAY_MS: '0',
    FETCH_PER_HOST: '16',
    RETRY_BASE_MS: '10',
    EMBEDDER_URL: `http://127.0.0.1:${site.port}/v1?model=letters&dimensions=${LETTERS.length}`,
  };
  site.on('/v1/embeddings', (_, response) => {
    const { input } = JSON.parse(String(site.requests.at(-1)?.body)) as { input: readonly string[] };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ data: input.map((text) => ({ embedding: letterCounts(text) })) }));
  });
  let prepared: Promise<string> | null = null;
  const prepare = async (): Promise<string> => {
    const dataDir = await newDataFolder();
    folders.push(dataDir);
    await (await startBackbone({ dataDir, env })).stop();
    return dataDir;
  };
  return {
    site,
    env,
    publish: (name) => {
      site.on(`/${name}`, { headers: { 'content-type': 'text/html; charset=utf-8' }, body: article(name) });
      return `${site.url}/${name}`;
    },
    newFolder: async () => {
      const dataDir = await mkdtemp(path.join(tmpdir(), 'content-ingestion-crash-'));
      folders.push(dataDir);
      prepared ??= prepare();
      await cp(await prepared, dataDir, { recursive: true });
      return dataDir;
    },
    start: async (dataDir, options = {}) => {
      const child = await startChild({ dataDir, ...options, env: { ...env, ...options.env } });
      children.push(child);
      return child;
    },
    remove: async () => {
      for (const child of children) child.kill('SIGKILL');
      await Promise.all(children.map((child) => child.exit));
      await site.stop();
      for (const folder of folders) {
        await rm(folder, { recursive: true, force: true });
        await rm(crashFileOf(folder), { force: true });
      }
    },
  };
}

export interface Answer {
  readonly jobId: string;
  readonly contentId: string;
  /** The answer that the same request got before. */
  readonly replayed: boolean;
}

/** Submits an address under a key of its own; null when the process died before it answered. */
export async function submitKeyed(
  child: RunningChild,
  url: string,
  fields: Readonly<Record<string, unknown>> = {},
): Promise<Answer | null> {
  const headers = { 'content-type': 'application/json', 'idempotency-key': `key of ${url}` };
  const body = JSON.stringify({ url, ...fields });
  const sent = child.call('/content/process', { method: 'POST', headers, body });
  const response = await sent.catch(() => null);
  const text = await response?.text().catch(() => null);
  if (!response || text === null || text === undefined) return null;
  if (response.status !== 202) throw new Error(`Not accepted: ${text}`);
  const { job_id, content_id } = JSON.parse(text) as { job_id: string; content_id: string };
  return {
    jobId: job_id,
    contentId: content_id,
    replayed: response.headers.get('idempotency-replayed') === 'true',
  };
}

export interface StreamedEvent {
  readonly seq: number;
  readonly type: string;
  readonly status: string;
}

/** All events of a job, once it has ended. Rejects when that takes too long: half a lease unless told otherwise. */
export async function eventsToTheEnd(
  child: RunningChild,
  jobId: string,
  limitMs = PROMPT_MS,
): Promise<readonly StreamedEvent[]> {
  const signal = AbortSignal.timeout(limitMs);
  const response = await child.call(`/content/status/${jobId}/stream?after=0`, { signal });
  const lines = (await response.text()).split('\n').filter((line) => line.startsWith('data: '));
  return lines.map((line) => JSON.parse(line.slice('data: '.length)) as StreamedEvent);
}

/** What a process that was killed at a point, and the one that came after it, made of some requests. */
export interface Round {
  readonly point: CrashPoint;
  readonly exit: ExitOfChild;
  readonly pages: readonly {
    readonly url: string;
    readonly first: Answer | null;
    readonly again: Answer | null;
    readonly events: readonly StreamedEvent[];
    /** How many jobs there are for the page. */
    readonly jobs: number;
  }[];
}

const PAGES_A_ROUND = ['first', 'second'];

export const pagesOf = (point: CrashPoint): readonly string[] =>
  PAGES_A_ROUND.map((page) => `${point.replaceAll('_', '-')}-${page}`);

/**
 * Kills a backbone at a point while it works on some pages, starts the next one, sends everything again, and
 * kills that at the next point. Starting is what costs: so each process ends one round and begins another.
 */
export async function ingestRounds(
  world: CrashWorld,
  dataDir: string,
  points: readonly CrashPoint[],
): Promise<Rounds<Round>> {
  return killAtEach(world, dataDir, points, async (point, doomed, next) => {
    const urls = pagesOf(point).map((name) => world.publish(name));
    const first = await Promise.all(urls.map((url) => submitKeyed(doomed, url)));
    const exit = await doomed.exit;
    const child = await next();
    const pages = await Promise.all(
      urls.map(async (url, index) => {
        const again = await submitKeyed(child, url);
        const events = await eventsToTheEnd(child, again?.jobId ?? '');
        return { url, first: first[index] ?? null, again, events, jobs: await jobsOf(child, url) };
      }),
    );
    return { point, exit, pages };
  });
}

/** What came of each point, and how the last process ended when it was asked to. */
export interface Rounds<T> {
  readonly byPoint: ReadonlyMap<string, T>;
  readonly stopped: ExitOfChild;
}

/** One process after the other: `round` gets the one that dies at the point, and a way to start the next. */
export async function killAtEach<T>(
  world: CrashWorld,
  dataDir: string,
  points: readonly CrashPoint[],
  round: (point: CrashPoint, doomed: RunningChild, next: () => Promise<RunningChild>) => Promise<T>,
): Promise<Rounds<T>> {
  const byPoint = new Map<string, T>();
  let child = await world.start(dataDir);
  const next = async (): Promise<RunningChild> => (child = await world.start(dataDir));
  for (const point of points) {
    child.crashAt(point);
    byPoint.set(point, await round(point, child, next));
  }
  return { byPoint, stopped: await child.stop() };
}

async function jobsOf(child: RunningChild, url: string): Promise<number> {
  const response = await child.call('/content/jobs?limit=100');
  const { items } = (await response.json()) as { items: readonly { readonly url: string | null }[] };
  return items.filter((job) => job.url === url).length;
}

/** The stores after a run over the same pages that nothing disturbed, some of them deleted again. */
export async function undisturbed(
  world: CrashWorld,
  names: readonly string[],
  deleted: readonly string[] = [],
): Promise<StoppedStores> {
  const dataDir = await world.newFolder();
  const backbone = await startBackbone({ dataDir, env: world.env });
  const ingested = names.map(async (name) => {
    const { job } = await ingest(backbone.services, { url: world.publish(name) });
    if (job.status !== 'completed') throw new Error(`The page ${name} failed: ${job.error_message ?? ''}`);
    if (!deleted.includes(name)) return;
    const key = { userId: TENANT, contentType: job.content_type, contentId: job.content_id };
    await backbone.services.contents.hardDelete(key, 'test');
  });
  await Promise.all(ingested);
  await backbone.stop();
  return openStopped(dataDir);
}
