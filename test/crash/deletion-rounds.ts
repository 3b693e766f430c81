import type { CrashPoint } from '../../backbone/crash-points.ts';
import type { ExitOfChild, RunningChild } from '../support/child-backbone.ts';
import { eventsToTheEnd, killAtEach, pagesOf, submitKeyed, type CrashWorld, type Rounds } from './rounds.ts';

/** For a dozen pages at once. */
const ALL_PAGES_MS = 60_000;

/** What became of a page whose content was hard-deleted by a process that was killed at a point. */
export interface DeletionRound {
  readonly point: CrashPoint;
  readonly exit: ExitOfChild;
  /** True when the first process answered after all. */
  readonly answered: boolean;
  /** Status of the same request to the second process: 200 when it took part in the deletion, 404 when that was over. */
  readonly again: number;
  /** Whether the receipt, if there was one, says that all is done. */
  readonly done: boolean;
  readonly read: number;
  /** Contents that a search for the deleted page's name finds. */
  readonly found: readonly string[];
  readonly deleted: string;
  readonly kept: string;
}

/** Kills a backbone at each point while it deletes the first of the pages of `ingestPages`, as `ingestRounds` does. */
export function deletionRounds(
  world: CrashWorld,
  dataDir: string,
  points: readonly CrashPoint[],
  contents: ReadonlyMap<string, string>,
): Promise<Rounds<DeletionRound>> {
  return killAtEach(world, dataDir, points, async (point, doomed, next) => {
    const [deleted = '', kept = ''] = pagesOf(point).map((name) => contents.get(name));
    const answered = await doomed.call(...deletionOf(deleted)).then(
      () => true,
      () => false,
    );
    const exit = await doomed.exit;
    const child = await next();
    const again = await child.call(...deletionOf(deleted));
    const { receipt } = (await again.json()) as { receipt?: { completed_at: string | null } };
    const read = await child.call(`/content/webpage/${deleted}`);
    return {
      point,
      exit,
      answered,
      again: again.status,
      done: receipt === undefined || receipt.completed_at !== null,
      read: read.status,
      found: await contentsFound(child, pagesOf(point)[0] ?? ''),
      deleted,
      kept,
    };
  });
}

const deletionOf = (contentId: string): [string, RequestInit] => [
  `/content/webpage/${contentId}?hard_delete=true`,
  { method: 'DELETE' },
];

async function contentsFound(child: RunningChild, query: string): Promise<readonly string[]> {
  const response = await child.call(`/search?query=${encodeURIComponent(query)}`);
  const { hits } = (await response.json()) as { hits: readonly { readonly content_id: string }[] };
  return [...new Set(hits.map((hit) => hit.content_id))];
}

/** The content of each page, once one backbone, which nothing disturbs, has ingested them all and has stopped. */
export async function ingestPages(
  world: CrashWorld,
  dataDir: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const child = await world.start(dataDir);
  const ingested = names.map(async (name): Promise<[string, string]> => {
    const answer = await submitKeyed(child, world.publish(name));
    if (answer === null) throw new Error(`The process died before it accepted ${name}`);
    await eventsToTheEnd(child, answer.jobId, ALL_PAGES_MS);
    return [name, answer.contentId];
  });
  const contents = new Map(await Promise.all(ingested));
  await child.stop();
  return contents;
}
