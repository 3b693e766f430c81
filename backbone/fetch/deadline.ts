import { AppError } from '../errors.ts';
import { abortReason } from './network-errors.ts';

/**
 * How long a fetch may still take, as one signal together with its caller's. The clock stands still while the
 * fetch waits for our own limits: a site must not be called slow for a queue it knows nothing of.
 */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #caller: AbortSignal;
  readonly #now: () => number;
  readonly #leave = (): void => this.#controller.abort(abortReason(this.#caller));
  #remainingMs: number;
  #startedAt = 0;
  #timer: NodeJS.Timeout | null = null;

  /** Stands still until `run`. @param now ms on a steady clock */
  constructor(caller: AbortSignal, totalMs: number, now: () => number) {
    this.#caller = caller;
    this.#remainingMs = totalMs;
    this.#now = now;
    if (caller.aborted) this.#leave();
    else caller.addEventListener('abort', this.#leave, { once: true });
  }

  /** Aborted with the caller's reason, or with `source_timeout` naming the host of the last `run`. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  run(host: string): void {
    this.pause();
    this.#startedAt = this.#now();
    const expire = (): void => this.#controller.abort(new AppError('source_timeout', { params: { host } }));
    this.#timer = setTimeout(expire, Math.max(this.#remainingMs, 0));
  }

  pause(): void {
    if (!this.#timer) return;
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#remainingMs -= this.#now() - this.#startedAt;
  }

  /** Lets go of the caller's signal, which may live far longer than this fetch. */
  close(): void {
    this.pause();
    this.#caller.removeEventListener('abort', this.#leave);
  }
}
