/** The stages content passes through, in order, and what the outside sees of them. Pure. */

export const STAGES = ['download', 'extract', 'transcribe', 'process', 'embed', 'store'] as const;
export type Stage = (typeof STAGES)[number];

export const STAGE_STATUS = {
  download: 'downloading',
  extract: 'extracting',
  transcribe: 'transcribing',
  process: 'processing',
  embed: 'embedding',
  store: 'storing',
} as const satisfies Record<Stage, string>;

/** Percent shown when a stage begins. */
export const STAGE_PROGRESS = {
  download: 10,
  extract: 30,
  transcribe: 35,
  process: 50,
  embed: 70,
  store: 90,
} as const satisfies Record<Stage, number>;

export const DONE_PROGRESS = 100;

export function isStage(name: string): name is Stage {
  return (STAGES as readonly string[]).includes(name);
}

/** The stage after `stage` among those a type declares, or null after the last. */
export function nextStage(declared: readonly Stage[], stage: Stage): Stage | null {
  return declared[declared.indexOf(stage) + 1] ?? null;
}

/** Whole percent for `fraction` (0-1) of a stage, between its own mark and that of the next declared stage. */
export function stageProgress(declared: readonly Stage[], stage: Stage, fraction: number): number {
  const from = STAGE_PROGRESS[stage];
  const next = nextStage(declared, stage);
  const to = next === null ? DONE_PROGRESS : STAGE_PROGRESS[next];
  const share = Number.isFinite(fraction) ? Math.min(Math.max(fraction, 0), 1) : 0;
  return Math.min(from + Math.floor((to - from) * share), to - 1);
}
