import { MultiBar, type SingleBar } from 'cli-progress';
import { counted, padded, printable, shortened } from './plain-text.ts';

/** How far one job is, as it may be shown. */
export interface JobProgress {
  readonly status: string;
  /** 0-100. */
  readonly percent: number;
  /** Why it waits for another attempt; else null. */
  readonly reason: string | null;
}

/** Shows how far jobs are. Positions count from 0, in the order of `names`. */
export interface Progress {
  begin(names: readonly string[]): void;
  update(position: number, progress: JobProgress): void;
  end(): void;
}

export interface Screen {
  readonly stream: NodeJS.WritableStream;
  readonly columns: number;
  readonly rows: number;
}

export const SILENT: Progress = { begin: () => undefined, update: () => undefined, end: () => undefined };

/** States of a job in words for the person who waits for it; the others are their own word. */
const WORDS: Readonly<Record<string, string>> = {
  pending: 'waiting',
  queued: 'waiting',
  completed: 'done',
  retrying: 'trying again soon',
};
const LONGEST_WORD = 17;

export function statusWord(status: string): string {
  return WORDS[status] ?? status;
}

/** One plain line whenever a job enters another state: for files and other programs. */
export function createLines(write: (line: string) => void): Progress {
  let names: readonly string[] = [];
  const latest = new Map<number, string>();
  return {
    begin: (all) => {
      names = all;
    },
    update: (position, { status, reason }) => {
      const words = reason === null ? statusWord(status) : `${statusWord(status)}: ${printable(reason)}`;
      if (latest.get(position) === words) return;
      latest.set(position, words);
      write(`[${position + 1}/${names.length}] ${printable(names[position] ?? '')}: ${words}`);
    },
    end: () => undefined,
  };
}

const BAR_SIZE = 24;
/** The bar, its percentage and the spaces between. */
const BAR_COLUMNS = BAR_SIZE + 9;

/** A bar a job; when there are more than the screen has room for, one bar for all of them. */
export function createBars({ stream, columns, rows }: Screen): Progress {
  const bars = new MultiBar({
    stream,
    format: ' {bar} {percentage}% {status} {name}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: BAR_SIZE,
    autopadding: true,
    hideCursor: true,
    // Signals are the program's business.
    gracefulExit: false,
    emptyOnZero: true,
  });
  let view: Progress = SILENT;
  const room = Math.max(10, columns - BAR_COLUMNS - LONGEST_WORD);
  return {
    begin: (names) => {
      view = names.length <= rows - 3 ? barForEach(bars, names, room) : barForAll(bars, names.length);
    },
    update: (position, progress) => view.update(position, progress),
    end: () => bars.stop(),
  };
}

function barForEach(bars: MultiBar, names: readonly string[], room: number): Progress {
  const payload = (position: number, status: string): Readonly<Record<string, string>> => ({
    status: padded(statusWord(status), LONGEST_WORD),
    name: shortened(printable(names[position] ?? ''), room),
  });
  const single: readonly SingleBar[] = names.map((_, position) =>
    bars.create(100, 0, payload(position, 'pending')),
  );
  return {
    ...SILENT,
    update: (position, { percent, status }) => single[position]?.update(percent, payload(position, status)),
  };
}

function barForAll(bars: MultiBar, total: number): Progress {
  const percents = new Map<number, number>();
  const ended = new Set<number>();
  const payload = (): Readonly<Record<string, string>> => ({
    status: `${ended.size.toLocaleString('en-US')} of`,
    name: counted(total, 'job'),
  });
  const bar = bars.create(total * 100, 0, payload());
  let sum = 0;
  return {
    ...SILENT,
    update: (position, { percent, status }) => {
      const isOver = ['completed', 'failed', 'cancelled'].includes(status);
      if (isOver) ended.add(position);
      const now = isOver ? 100 : percent;
      sum += now - (percents.get(position) ?? 0);
      percents.set(position, now);
      bar.update(sum, payload());
    },
  };
}
