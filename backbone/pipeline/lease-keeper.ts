import type { Claim, StageClaims } from '../jobs/stage-claims.ts';
import { startLoop, type Loop } from '../lifecycle.ts';

/** Why a running stage was told to stop. */
export type StopReason = 'fenced' | 'cancelled' | 'stopping';

export class StageStopped extends Error {
  override readonly name = 'StageStopped';
  readonly reason: StopReason;

  constructor(reason: StopReason) {
    super(`The stage was stopped: ${reason}`);
    this.reason = reason;
  }
}

export interface LeaseKeeperOptions {
  readonly claims: Pick<StageClaims, 'renew' | 'lostAmong'>;
  readonly leaseMs: number;
  /** How soon a cancellation reaches a running stage, at most. */
  readonly watchMs: number;
  readonly now: () => number;
  readonly onError: (error: unknown) => void;
}

/** Keeps the leases of running stages and stops those that were cancelled or belong to somebody else by now. */
export class LeaseKeeper {
  readonly #options: LeaseKeeperOptions;
  readonly #held = new Map<string, { readonly claim: Claim; readonly controller: AbortController }>();
  #loop: Loop | null = null;
  #renewedAt = 0;

  constructor(options: LeaseKeeperOptions) {
    this.#options = options;
  }

  /** The signal aborts with a `StageStopped`. */
  hold(claim: Claim): AbortSignal {
    const controller = new AbortController();
    this.#held.set(claim.job.job_id, { claim, controller });
    this.#loop ??= startLoop({
      everyMs: this.#options.watchMs,
      work: async () => {
        await this.#look();
        return false;
      },
      onError: this.#options.onError,
    });
    return controller.signal;
  }

  release(claim: Claim): void {
    if (this.#held.get(claim.job.job_id)?.claim === claim) this.#held.delete(claim.job.job_id);
  }

  get size(): number {
    return this.#held.size;
  }

  /** Jobs whose stages run in this process, also those that were told to stop and do not. */
  heldJobs(): readonly string[] {
    return [...this.#held.keys()];
  }

  /** Tells every running stage to stop and hand back. */
  stopAll(): void {
    for (const { controller } of this.#held.values()) controller.abort(new StageStopped('stopping'));
  }

  async stop(): Promise<void> {
    await this.#loop?.stop();
    this.#loop = null;
  }

  async #look(): Promise<void> {
    if (this.#held.size === 0) return;
    const held = [...this.#held.values()];
    const lost = await this.#options.claims.lostAmong(held.map(({ claim }) => claim));
    for (const { claim, controller } of held) {
      const reason = lost.get(claim.job.job_id);
      if (reason) controller.abort(new StageStopped(reason));
    }
    if (this.#options.now() - this.#renewedAt < this.#options.leaseMs / 3) return;
    this.#renewedAt = this.#options.now();
    await this.#options.claims.renew(
      held.map(({ claim }) => claim),
      this.#options.leaseMs,
    );
  }
}
