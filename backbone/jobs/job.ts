/**
 * The states of a job and what may happen in each: one table, pure. The statements in
 * `job-manager.ts` are guarded by `statusesBefore(event)`, so this table is the only place that says so.
 */
import { STAGES, STAGE_STATUS, type Stage } from '../pipeline/stages.ts';

export const JOB_STATUSES = [
  'pending',
  'queued',
  'downloading',
  'extracting',
  'processing',
  'transcribing',
  'embedding',
  'storing',
  'completed',
  'failed',
  'retrying',
  'cancelled',
] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

export const TERMINAL_STATUSES = ['completed', 'failed', 'cancelled'] as const satisfies readonly JobStatus[];
export type TerminalStatus = (typeof TERMINAL_STATUSES)[number];

export type JobEventType =
  /** The broker has it. */
  | 'published'
  /** A worker took the current stage. */
  | 'claimed'
  /** Work inside a stage was counted. */
  | 'progressed'
  /** A stage is done and the next one is ready. */
  | 'handed_off'
  /** The bytes turned out to be of another type. */
  | 'rerouted'
  /** An attempt failed; another will follow by itself. */
  | 'retry_scheduled'
  /** The source asked us to wait. */
  | 'throttled'
  /** A store, the broker or a model is down. */
  | 'interrupted'
  /** A worker stopped and gave the stage back. */
  | 'handed_back'
  | 'completed'
  | 'failed'
  | 'cancel_requested'
  | 'cancelled'
  /** Somebody asked for another run of an ended job. */
  | 'retried';

export const JOB_EVENT_TYPES = [
  'published',
  'claimed',
  'progressed',
  'handed_off',
  'rerouted',
  'retry_scheduled',
  'throttled',
  'interrupted',
  'handed_back',
  'completed',
  'failed',
  'cancel_requested',
  'cancelled',
  'retried',
] as const satisfies readonly JobEventType[];

const WORKING = STAGES.map((stage) => STAGE_STATUS[stage]);
const BEFORE_WORK = ['pending', 'queued'] as const;
const ACTIVE = [...BEFORE_WORK, ...WORKING, 'retrying'] as const;

/** In which states each event may happen. A hand-off leaves the status of the stage that is ready next. */
const ALLOWED: Record<JobEventType, readonly JobStatus[]> = {
  published: ['pending'],
  claimed: ACTIVE,
  progressed: WORKING,
  handed_off: WORKING,
  rerouted: WORKING,
  retry_scheduled: WORKING,
  throttled: WORKING,
  interrupted: WORKING,
  handed_back: WORKING,
  completed: WORKING,
  failed: [...WORKING, 'retrying'],
  cancel_requested: ACTIVE,
  cancelled: ACTIVE,
  retried: ['failed', 'cancelled'],
};

export interface JobState {
  readonly status: JobStatus;
  /** 0-100; never falls but by `retried`. */
  readonly progress: number;
}

export interface JobChange {
  readonly type: JobEventType;
  /** The stage claimed, or the one that is ready after a hand-off or a reroute. */
  readonly stage: Stage;
  /** What the event would show; kept when the job shows more already. */
  readonly progress: number;
}

export const NEW_JOB: JobState = { status: 'pending', progress: 0 };

export function isTerminal(status: JobStatus): status is TerminalStatus {
  return (TERMINAL_STATUSES as readonly JobStatus[]).includes(status);
}

export function statusesBefore(event: JobEventType): readonly JobStatus[] {
  return ALLOWED[event];
}

/** The status an event leaves behind; null where it keeps the present one. */
export function statusAfter(event: JobEventType, stage: Stage): JobStatus | null {
  switch (event) {
    case 'published':
      return 'queued';
    case 'retried':
      return 'pending';
    case 'claimed':
    case 'handed_off':
    case 'rerouted':
      return STAGE_STATUS[stage];
    case 'progressed':
    case 'handed_back':
    case 'cancel_requested':
      return null;
    case 'retry_scheduled':
    case 'throttled':
    case 'interrupted':
      return 'retrying';
    case 'completed':
    case 'failed':
    case 'cancelled':
      return event;
  }
}

/** The state after the event, or null when the event cannot happen now. */
export function transition(state: JobState, change: JobChange): JobState | null {
  if (!ALLOWED[change.type].includes(state.status)) return null;
  const status = statusAfter(change.type, change.stage) ?? state.status;
  return { status, progress: progressAfter(state.progress, change) };
}

function progressAfter(progress: number, change: JobChange): number {
  switch (change.type) {
    case 'retried':
      return Math.min(progress, change.progress);
    case 'completed':
      return 100;
    case 'claimed':
    case 'progressed':
    case 'handed_off':
    case 'rerouted':
      return Math.max(progress, change.progress);
    case 'published':
    case 'retry_scheduled':
    case 'throttled':
    case 'interrupted':
    case 'handed_back':
    case 'failed':
    case 'cancel_requested':
    case 'cancelled':
      return progress;
  }
}
