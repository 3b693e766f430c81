import { readFileSync } from 'node:fs';

/**
 * Named places where the chaos tests end the process with SIGKILL, to prove that nothing is lost between
 * two statements. In production every one of them does nothing.
 */
export const CRASH_POINTS = [
  'submit_before_commit',
  'submit_before_publish',
  'after_claim',
  'after_artifact',
  'before_commit',
  'expand_before_commit',
  'poll_before_commit',
  'after_commit_before_publish',
  'after_publish_before_offset',
  'store_after_blobs',
  'store_after_vectors',
  'store_after_graph',
  'edit_after_records',
  'edit_after_graph',
  'restore_after_records',
  'reprocess_after_input',
  'reembed_after_page',
  'reembed_before_switch',
  'reembed_after_switch',
  'deliver_after_claim',
  'deliver_after_answer',
  'delete_after_tombstone',
  'delete_after_cache',
  'delete_after_graph',
  'delete_after_records',
  'delete_after_vectors',
  'delete_after_blobs',
] as const;

export type CrashPoint = (typeof CRASH_POINTS)[number];
export type Crash = (point: CrashPoint) => void;

export const NEVER_CRASH: Crash = () => undefined;

/** Ends this process, uncleanly, when it comes by the point that the file names. Who writes it chooses the moment. */
export function crashByFile(file: string | undefined): Crash {
  if (file === undefined) return NEVER_CRASH;
  return (point) => {
    if (readFileSync(file, 'utf8') === point) process.kill(process.pid, 'SIGKILL');
  };
}
