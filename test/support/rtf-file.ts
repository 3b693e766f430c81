/** Parts of an RTF file. Each but the body may be left out. */
export interface RtfFile {
  readonly body: string;
  /** Inside of `\fonttbl`. */
  readonly fonts?: string;
  /** Inside of `\stylesheet`. */
  readonly styles?: string;
  /** Inside of `\info`. */
  readonly info?: string;
  /** Words of the whole document. */
  readonly head?: string;
}

/** An RTF file as Word would begin it; characters up to U+00FF stand as bytes. */
export function rtfFile(file: RtfFile): Buffer {
  const { body, head = '\\ansi\\ansicpg1252\\deff0' } = file;
  const { fonts = '{\\f0\\froman\\fcharset0 Times New Roman;}', styles = '', info = '' } = file;
  const tables = `{\\fonttbl${fonts}}{\\colortbl;\\red0;}{\\stylesheet${styles}}{\\info${info}}`;
  return Buffer.from(`{\\rtf1${head}${tables}\\pard\\plain ${body}}\r\n`, 'latin1');
}

/** A paragraph; `words` are its control words. */
export function par(text: string, words = ''): string {
  return `\\pard\\plain${words} ${text}\\par\r\n`;
}

/** A row of a table. */
export function row(cells: readonly string[], words = ''): string {
  const ends = cells.map((_, at) => `\\cellx${(at + 1) * 1000}`).join('');
  return `\\trowd${words}${ends}\\pard\\intbl ${cells.map((cell) => `${cell}\\cell `).join('')}\\row\r\n`;
}
