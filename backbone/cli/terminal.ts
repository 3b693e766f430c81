/** Where a command writes to. */
export interface Terminal {
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
  /** Standard output, for what moves. */
  readonly stream: NodeJS.WritableStream;
  /** A person watches; else a file or a program reads. */
  readonly isInteractive: boolean;
  readonly columns: number;
  readonly rows: number;
}

type Output = NodeJS.WritableStream & {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
};

const WIDE_COLUMNS = 160;
const USUAL_ROWS = 24;

export function createTerminal(stdout: Output, stderr: NodeJS.WritableStream): Terminal {
  const writeTo = (stream: NodeJS.WritableStream) => (line: string) => void stream.write(`${line}\n`);
  return {
    out: writeTo(stdout),
    err: writeTo(stderr),
    stream: stdout,
    isInteractive: stdout.isTTY === true,
    columns: stdout.columns ?? WIDE_COLUMNS,
    rows: stdout.rows ?? USUAL_ROWS,
  };
}
