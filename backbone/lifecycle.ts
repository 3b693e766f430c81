/** Things that run until they are stopped. Every `stop` waits for what it stops. */

export interface Loop {
  /** Runs the work now instead of at its next turn; while it runs, once more after it. */
  wake(): void;
  /** Aborts the work's signal and resolves when it has returned. */
  stop(): Promise<void>;
}

export interface LoopOptions {
  readonly everyMs: number;
  /** Resolves with true when there is more to do at once. */
  readonly work: (signal: AbortSignal) => Promise<boolean>;
  /** The loop goes on after an error, at its usual pace. */
  readonly onError: (error: unknown) => void;
}

/** Runs work over and over, never two runs at a time. The timer does not keep the process alive. */
export function startLoop(options: LoopOptions): Loop {
  const stopping = new AbortController();
  let wakeUp: () => void = () => undefined;
  let woken = false;

  const pause = async (): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const timer = setTimeout(resolve, options.everyMs, undefined);
    timer.unref();
    wakeUp = () => resolve(undefined);
    if (woken || stopping.signal.aborted) resolve(undefined);
    await promise;
    clearTimeout(timer);
    woken = false;
  };

  const turn = async (): Promise<void> => {
    try {
      if (await options.work(stopping.signal)) woken = true;
    } catch (error) {
      if (!stopping.signal.aborted) options.onError(error);
    }
  };

  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await turn();
      await pause();
    }
  };

  const running = run();
  return {
    wake: () => {
      woken = true;
      wakeUp();
    },
    stop: async () => {
      stopping.abort();
      wakeUp();
      await running;
    },
  };
}

/** Steps to undo on the way down, last one first. Every step runs, whatever became of the others. */
export class Shutdown {
  readonly #steps: { readonly name: string; readonly stop: () => unknown }[] = [];

  /** A `stop` that answers a promise is waited for. */
  add(name: string, stop: () => unknown): void {
    this.#steps.push({ name, stop });
  }

  /** Resolves with the steps that failed. */
  async run(): Promise<readonly { readonly name: string; readonly error: unknown }[]> {
    const failures: { name: string; error: unknown }[] = [];
    for (const { name, stop } of this.#steps.toReversed()) {
      try {
        await stop();
      } catch (error) {
        failures.push({ name, error });
      }
    }
    this.#steps.length = 0;
    return failures;
  }
}
