/** What goes on without being asked: sending what was left behind, finding lost work, clearing up. */
import type { ContentEditor } from './content/content-editor.ts';
import type { Deletions } from './content/deletion.ts';
import type { Reembedding } from './content/reembedding.ts';
import type { Sweeper } from './content/sweeper.ts';
import type { FeedPoller } from './feeds/feed-poller.ts';
import type { Outbox } from './jobs/outbox.ts';
import type { Reconciler } from './jobs/reconciler.ts';
import type { WebhookDeliveries } from './jobs/webhook-deliveries.ts';
import { startLoop, type Loop, type LoopOptions } from './lifecycle.ts';
import type { Logger } from './logger.ts';
import { dropExpiredKeys, vacuum } from './stores/records/maintenance.ts';
import type { RecordStore } from './stores/records/record-store.ts';

export interface BackgroundParts {
  readonly outbox: Outbox;
  readonly reconciler: Reconciler;
  readonly deliveries: WebhookDeliveries;
  readonly feeds: FeedPoller;
  readonly deletions: Deletions;
  readonly editor: ContentEditor;
  readonly reembedding: Reembedding;
  readonly sweeper: Sweeper;
  readonly records: RecordStore;
  readonly logger: Logger;
}

export interface NamedLoop {
  readonly name: string;
  readonly loop: Loop;
}

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;

export function startBackground(parts: BackgroundParts): readonly NamedLoop[] {
  const { outbox, reconciler, deletions, editor, deliveries, feeds, reembedding, logger } = parts;
  const start = (name: string, everyMs: number, work: LoopOptions['work']): NamedLoop => ({
    name,
    loop: startReportedLoop({ name, everyMs, work, logger }),
  });
  return [
    start('outbox sweeper', SECOND_MS, async () => (await outbox.sweep()) > 0),
    start('reconciler', 2 * SECOND_MS, async () => (await reconciler.run()) > 0),
    start('deletions', 2 * SECOND_MS, async () => {
      await deletions.resume();
      return false;
    }),
    start('edits', 5 * SECOND_MS, async () => (await editor.resume()) > 0),
    start('re-embedding', 5 * SECOND_MS, (signal) => reembedding.run(signal)),
    start('webhook sender', SECOND_MS, async (signal) => (await deliveries.sendDue(signal)) > 0),
    start('feed poller', 2 * SECOND_MS, async (signal) => (await feeds.pollDue(signal)) > 0),
    start('sweeper', 10 * MINUTE_MS, (signal) => clearUp(parts, signal)),
  ];
}

/** Resolves with false: once a turn is enough. */
async function clearUp({ sweeper, records, logger }: BackgroundParts, signal: AbortSignal): Promise<boolean> {
  const swept = await sweeper.run(signal);
  if (Object.values(swept).some((count: number) => count > 0))
    logger.info({ ...swept }, 'Leftovers were removed');
  await dropExpiredKeys(records);
  await vacuum(records);
  return false;
}

/** One line when a failure begins and one when it ends, however many turns it lasts. */
export function startReportedLoop(options: {
  readonly name: string;
  readonly everyMs: number;
  readonly work: LoopOptions['work'];
  readonly logger: Pick<Logger, 'info' | 'error'>;
}): Loop {
  const { name, everyMs, work, logger } = options;
  let failing = false;
  return startLoop({
    everyMs,
    work: async (signal) => {
      const more = await work(signal);
      if (failing) logger.info({ loop: name }, 'Background work goes on');
      failing = false;
      return more;
    },
    onError: (error) => {
      if (!failing)
        logger.error({ error, loop: name }, 'Background work failed; it is tried again and again');
      failing = true;
    },
  });
}
