import { AppError } from '../errors.ts';
import { abortReason } from './network-errors.ts';

export interface HostLimiterOptions {
  /** Requests to one host at the same time. */
  readonly concurrency: number;
  /** Requests that may wait for one host; the next one is put off with `source_throttled`. */
  readonly maxWaiting: number;
  /** ms on any steady clock. */
  readonly now: () => number;
  /** Calls back once after `delayMs`; the returned function calls that off. */
  readonly setTimer: (callback: () => void, delayMs: number) => () => void;
}

export interface SlotRequest {
  readonly host: string;
  /** Least time in ms between the starts of two requests to this host. */
  readonly delayMs: number;
  readonly signal: AbortSignal;
}

/** Gives a slot back. Calls after the first do nothing. */
export type Release = () => void;

/** How long a request is put off that finds the queue full, in ms. */
const FULL_QUEUE_RETRY_MS = 30_000;

interface Waiter {
  readonly delayMs: number;
  readonly start: () => void;
}

interface HostState {
  active: number;
  nextStartAt: number;
  readonly waiting: Set<Waiter>;
  cancelTimer: (() => void) | null;
}

/**
 * Keeps us polite: few requests to one host at a time, and not one right after the other. First come, first
 * served within a host; hosts do not wait for each other. A host is forgotten as soon as nothing of it is
 * running, waiting or due.
 */
export class HostLimiter {
  readonly #options: HostLimiterOptions;
  readonly #hosts = new Map<string, HostState>();

  constructor(options: HostLimiterOptions) {
    this.#options = options;
  }

  /** Hosts remembered at the moment. */
  get hostCount(): number {
    return this.#hosts.size;
  }

  /**
   * Waits for a slot. @returns the function that gives it back
   * @throws AppError source_throttled when too many wait already; the signal's reason when it is aborted
   */
  acquire({ host, delayMs, signal }: SlotRequest): Promise<Release> {
    if (signal.aborted) return Promise.reject(abortReason(signal));
    const state = this.#stateOf(host);
    if (state.waiting.size >= this.#options.maxWaiting) {
      return Promise.reject(new AppError('source_throttled', { retryAfterMs: FULL_QUEUE_RETRY_MS }));
    }
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        delayMs,
        start: () => {
          signal.removeEventListener('abort', leave);
          resolve(this.#releaseOnce(host, state));
        },
      };
      const leave = (): void => {
        state.waiting.delete(waiter);
        reject(abortReason(signal));
        this.#advance(host, state);
      };
      signal.addEventListener('abort', leave, { once: true });
      state.waiting.add(waiter);
      this.#advance(host, state);
    });
  }

  #stateOf(host: string): HostState {
    const known = this.#hosts.get(host);
    if (known) return known;
    const state: HostState = { active: 0, nextStartAt: 0, waiting: new Set(), cancelTimer: null };
    this.#hosts.set(host, state);
    return state;
  }

  /** Starts whoever may start now, then waits for the next moment at which something can change, or forgets the host. */
  #advance(host: string, state: HostState): void {
    // Looked at once: were the moment to come between two looks, the loop would wait for a timer nobody sets.
    const now = this.#options.now();
    for (const waiter of state.waiting) {
      if (state.active >= this.#options.concurrency || state.nextStartAt > now) break;
      state.waiting.delete(waiter);
      state.active += 1;
      state.nextStartAt = now + waiter.delayMs;
      waiter.start();
    }
    state.cancelTimer?.();
    state.cancelTimer = null;
    // While every slot is taken only a release can change something, and that calls here again.
    if (state.active >= this.#options.concurrency) return;
    const dueInMs = state.nextStartAt - now;
    if (dueInMs > 0) state.cancelTimer = this.#options.setTimer(() => this.#advance(host, state), dueInMs);
    else if (state.active === 0) this.#hosts.delete(host);
  }

  #releaseOnce(host: string, state: HostState): Release {
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      state.active -= 1;
      this.#advance(host, state);
    };
  }
}
