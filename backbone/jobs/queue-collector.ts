import type { Collector, Sample } from '../metrics.ts';
import { laneOf } from '../pipeline/lanes.ts';
import type { RecordStore } from '../stores/records/record-store.ts';
import type { Outbox } from './outbox.ts';

/** Gauges that are read from the records when somebody asks: jobs, queues, dead letters and the outbox. */
export function queueCollector(records: RecordStore, outbox: Outbox): Collector {
  return async () => {
    const jobs = await records.query<{ type: string; status: string; stage: string | null; jobs: number }>(
      `SELECT content_type AS type, status, current_stage AS stage, count(*)::int AS jobs FROM processing_jobs GROUP BY 1, 2, 3`,
    );
    const waiting = await records.query<{ type: string; priority: number; depth: number; oldest: number }>(
      `SELECT content_type AS type, priority, count(*)::int AS depth,
              GREATEST(0, extract(epoch FROM now() - min(ready_at)))::float8 AS oldest
         FROM processing_jobs WHERE stage_state = 'ready' GROUP BY 1, 2`,
    );
    const letters = await records.query<{ type: string; letters: number }>(
      `SELECT content_type AS type, count(*)::int AS letters FROM dead_letters WHERE replayed_at IS NULL GROUP BY 1`,
    );
    const { pending, oldestSeconds } = await outbox.backlog();
    return [
      ...jobs.map(
        ({ type, status, stage, jobs: value }): Sample => ({
          name: 'pipeline_jobs',
          labels: { type, status, stage: stage ?? 'none' },
          value,
        }),
      ),
      ...queues(waiting),
      ...letters.map(
        ({ type, letters: value }): Sample => ({ name: 'pipeline_dlq_messages', labels: { type }, value }),
      ),
      { name: 'pipeline_outbox_pending', labels: {}, value: pending },
      { name: 'pipeline_outbox_oldest_seconds', labels: {}, value: oldestSeconds },
    ];
  };
}

interface Waiting {
  readonly type: string;
  readonly priority: number;
  readonly depth: number;
  readonly oldest: number;
}

/** Priorities of one lane are one queue. */
function queues(waiting: readonly Waiting[]): Sample[] {
  const byQueue = Map.groupBy(waiting, (row) => `${row.type} ${laneOf(row.priority)}`);
  return [...byQueue.values()].flatMap((rows): Sample[] => {
    const [first] = rows;
    if (!first) return [];
    const labels = { type: first.type, lane: laneOf(first.priority) };
    return [
      { name: 'pipeline_queue_depth', labels, value: rows.reduce((sum, row) => sum + row.depth, 0) },
      { name: 'pipeline_queue_oldest_seconds', labels, value: Math.max(...rows.map((row) => row.oldest)) },
    ];
  });
}
