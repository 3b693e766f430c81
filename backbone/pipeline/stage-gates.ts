import type { Executor } from './executor.ts';
import { afterSystemicFailure, afterWorking, atProbeTime, CLOSED_CIRCUIT, type Circuit } from './circuit.ts';
import type { Stage } from './stages.ts';

export interface StageGatesOptions {
  readonly executor: Pick<Executor<unknown>, 'pauseStage' | 'probeStage' | 'resumeStage'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly onChange: (stage: Stage, open: boolean) => void;
}

/** One circuit a stage: a store that is down pauses the stages that need it, and costs no attempts. */
export class StageGates {
  readonly #options: StageGatesOptions;
  readonly #circuits = new Map<Stage, Circuit>();
  readonly #timers = new Map<Stage, NodeJS.Timeout>();

  constructor(options: StageGatesOptions) {
    this.#options = options;
  }

  failed(stage: Stage): void {
    const before = this.#circuit(stage);
    const after = afterSystemicFailure(before, this.#options.now());
    this.#circuits.set(stage, after);
    if (after.state !== 'open' || after === before) return;
    this.#options.executor.pauseStage(stage);
    if (before.state === 'closed') this.#options.onChange(stage, true);
    this.#probeAt(stage, after.probeAtMs);
  }

  worked(stage: Stage): void {
    const before = this.#circuit(stage);
    const after = afterWorking(before);
    if (after === before) return;
    this.#circuits.set(stage, after);
    this.#options.executor.resumeStage(stage);
    this.#options.onChange(stage, false);
  }

  isOpen(stage: Stage): boolean {
    return this.#circuit(stage).state !== 'closed';
  }

  stop(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  #probeAt(stage: Stage, atMs: number): void {
    const timer = setTimeout(
      () => {
        this.#timers.delete(stage);
        this.#circuits.set(stage, atProbeTime(this.#circuit(stage), Math.max(this.#options.now(), atMs)));
        this.#options.executor.probeStage(stage);
      },
      Math.max(0, atMs - this.#options.now()),
    );
    timer.unref();
    this.#timers.set(stage, timer);
  }

  #circuit(stage: Stage): Circuit {
    return this.#circuits.get(stage) ?? CLOSED_CIRCUIT;
  }
}
