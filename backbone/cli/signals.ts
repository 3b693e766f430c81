import type { EventEmitter } from 'node:events';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
const INTERRUPTED = 130;

/** Raised by the first Ctrl-C, so that what runs can be ended in order; the second ends the process at once. */
export function interruptSignal(
  program: Pick<EventEmitter, 'on'> & { exit(code: number): void },
): AbortSignal {
  const interrupt = new AbortController();
  const onSignal = (): void => {
    if (interrupt.signal.aborted) program.exit(INTERRUPTED);
    interrupt.abort();
  };
  for (const signal of SIGNALS) program.on(signal, onSignal);
  return interrupt.signal;
}
