/** Whether a text is a LaTeX source. Pure. */

export const LATEX_TYPE = 'application/x-latex';

const HEAD_CHARACTERS = 64 * 1024;
const LEADING_LINES = 200;
const CLASS = /^\s{0,20}\\(?:documentclass|documentstyle|NeedsTeXFormat)\s{0,20}[[{]/;
const COMMAND = /\\(?:[a-zA-Z]{2,40}\s{0,3}[[{]|begin\{)/;

/** `isNamed`: its name or its sender says LaTeX; else it must begin with its class, behind comments at most. */
export function isLatex(text: string, isNamed: boolean): boolean {
  const head = text.slice(0, HEAD_CHARACTERS);
  if (isNamed) return COMMAND.test(head);
  const first = head.split('\n', LEADING_LINES).find((line) => !/^\s{0,200}(?:%|$)/.test(line));
  return first !== undefined && CLASS.test(first);
}
