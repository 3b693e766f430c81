import type { CrashPoint } from '../../backbone/crash-points.ts';
import type { ExitOfChild } from '../support/child-backbone.ts';
import { eventsToTheEnd, pagesOf, submitKeyed, type CrashWorld } from './rounds.ts';

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
  readonly stopped: ExitOfChild;
}

/** Kills the backbone at the point while it deletes the first of the pages of `ingestPages`, and starts another. */
export async function deletionRound(
  world: CrashWorld,
  dataDir: string,
  point: CrashPoint,
  contents: ReadonlyMap<string, string>,
): Promise<DeletionRound> {
  const [first = ''] = pagesOf(point);
  const [deleted = '', kept = ''] = pagesOf(point).map((name) => contents.get(name));
  const doomed = await world.start(dataDir, { crashAt: point });
  const route = `/content/webpage/${deleted}?hard_delete=true`;
  const answered = await doomed.call(route, { method: 'DELETE' }).then(
    () => true,
    () => false,
  );
  const exit = await doomed.exit;

  const child = await world.start(dataDir);
  const again = await child.call(route, { method: 'DELETE' });
  const { receipt } = (await again.json()) as { receipt?: { completed_at: string | null } };
  const read = await child.call(`/content/webpage/${deleted}`);
  const search = await child.call(`/search?query=${encodeURIComponent(first)}`);
  const { hits } = (await search.json()) as { hits: readonly { readonly content_id: string }[] };
  return {
    point,
    exit,
    answered,
    again: again.status,
    done: receipt === undefined || receipt.completed_at !== null,
    read: read.status,
    found: [...new Set(hits.map((hit) => hit.content_id))],
    deleted,
    kept,
    stopped: await child.stop(),
  };
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
