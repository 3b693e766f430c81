/** The names of topics and groups, and how the topics are made: spelled here and nowhere else. Pure. */

import type { TopicSpec } from '../broker/broker.ts';
import { LANES, type Lane } from './lanes.ts';
import { isStage, type Stage } from './stages.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Bounds the number of workers of a type, not its concurrency: that is the executor's. */
export const LANE_PARTITIONS = 3;
export const DEAD_PARTITIONS = 1;
export const LANE_RETENTION_MS = 7 * DAY_MS;
/** Longer than any database row that points into the topic. */
export const DEAD_RETENTION_MS = 90 * DAY_MS;

/** Neither dots nor digits, so that no two topic names differ only in `.` and `_`. */
const CONTENT_TYPE = /^[a-z_]{1,64}$/;
const DELAY_LABEL = /^([1-9]\d{0,8})(ms|s)$/;

export type ParsedTopic =
  | { readonly kind: 'stage'; readonly type: string; readonly stage: Stage; readonly lane: Lane }
  | { readonly kind: 'retry'; readonly type: string; readonly delayMs: number }
  | { readonly kind: 'dead'; readonly type: string };

export function stageTopic(type: string, stage: Stage, lane: Lane): string {
  return `content.${type}.${stage}.${lane}`;
}

/** One topic a rung of the retry ladder, shared by all stages and lanes of the type. `delayMs` is whole and above 0. */
export function retryTopic(type: string, delayMs: number): string {
  return `content.${type}.retry.${delayLabel(delayMs)}`;
}

export function deadTopic(type: string): string {
  return `content.${type}.dead`;
}

export function consumerGroup(type: string): string {
  return `content.${type}`;
}

/** Every topic of a content type, as it is to be created. */
export function topicSpecs(
  type: string,
  stages: readonly Stage[],
  ladder: readonly number[],
): readonly TopicSpec[] {
  const consumed = groupTopics(type, stages, ladder).map((name) => ({
    name,
    partitions: LANE_PARTITIONS,
    retentionMs: LANE_RETENTION_MS,
  }));
  return [
    ...consumed,
    { name: deadTopic(type), partitions: DEAD_PARTITIONS, retentionMs: DEAD_RETENTION_MS },
  ];
}

/** What the group of a content type subscribes to: all lanes of all stages and the ladder, never the dead letters. */
export function groupTopics(
  type: string,
  stages: readonly Stage[],
  ladder: readonly number[],
): readonly string[] {
  const lanes = stages.flatMap((stage) => LANES.map((lane) => stageTopic(type, stage, lane)));
  return [...lanes, ...ladder.map((delayMs) => retryTopic(type, delayMs))];
}

/** What a topic of ours carries, or null for any other name. */
export function parseTopic(name: string): ParsedTopic | null {
  const [root, type, kind, detail, ...rest] = name.split('.', 5);
  if (root !== 'content' || type === undefined || !CONTENT_TYPE.test(type) || rest.length > 0) return null;
  if (detail === undefined) return kind === 'dead' ? { kind, type } : null;
  if (kind === 'retry') {
    const delayMs = delayOf(detail);
    return delayMs === null ? null : { kind, type, delayMs };
  }
  const lane = LANES.find((known) => known === detail);
  return kind !== undefined && isStage(kind) && lane ? { kind: 'stage', type, stage: kind, lane } : null;
}

function delayLabel(delayMs: number): string {
  return delayMs % 1000 === 0 ? `${delayMs / 1000}s` : `${delayMs}ms`;
}

function delayOf(label: string): number | null {
  const [, digits, unit] = DELAY_LABEL.exec(label) ?? [];
  if (digits === undefined) return null;
  const delayMs = Number(digits) * (unit === 's' ? 1000 : 1);
  return delayLabel(delayMs) === label ? delayMs : null;
}
