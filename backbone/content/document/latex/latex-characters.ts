/** Characters that LaTeX writes as commands. */

/** Combining marks by the accent's command. */
const ACCENTS: ReadonlyMap<string, string> = new Map([
  ['`', '\u0300'],
  ["'", '\u0301'],
  ['^', '\u0302'],
  ['~', '\u0303'],
  ['=', '\u0304'],
  ['u', '\u0306'],
  ['.', '\u0307'],
  ['"', '\u0308'],
  ['r', '\u030a'],
  ['H', '\u030b'],
  ['v', '\u030c'],
  ['d', '\u0323'],
  ['c', '\u0327'],
  ['k', '\u0328'],
  ['b', '\u0331'],
]);

const NAMED: ReadonlyMap<string, string> = new Map([
  ...['&', '%', '$', '#', '_', '{', '}'].map((sign) => [sign, sign] as const),
  ...[' ', '\n', '\t', ',', ';', ':', '>', 'quad', 'qquad', 'thinspace', 'enspace', 'space'].map(
    (space) => [space, ' '] as const,
  ),
  ['ss', 'ß'],
  ['ae', 'æ'],
  ['AE', 'Æ'],
  ['oe', 'œ'],
  ['OE', 'Œ'],
  ['o', 'ø'],
  ['O', 'Ø'],
  ['aa', 'å'],
  ['AA', 'Å'],
  ['l', 'ł'],
  ['L', 'Ł'],
  ['i', 'ı'],
  ['j', 'ȷ'],
  ['dh', 'ð'],
  ['th', 'þ'],
  ['dots', '…'],
  ['ldots', '…'],
  ['textellipsis', '…'],
  ['textendash', '–'],
  ['textemdash', '—'],
  ['textbackslash', '\\'],
  ['textasciitilde', '~'],
  ['textasciicircum', '^'],
  ['textbar', '|'],
  ['textless', '<'],
  ['textgreater', '>'],
  ['textquotedblleft', '“'],
  ['textquotedblright', '”'],
  ['glqq', '„'],
  ['grqq', '“'],
  ['flqq', '«'],
  ['frqq', '»'],
  ['textbullet', '•'],
  ['textdegree', '°'],
  ['degree', '°'],
  ['texteuro', '€'],
  ['euro', '€'],
  ['pounds', '£'],
  ['S', '§'],
  ['P', '¶'],
  ['dag', '†'],
  ['ddag', '‡'],
  ['copyright', '©'],
  ['textregistered', '®'],
  ['texttrademark', '™'],
  ['LaTeX', 'LaTeX'],
  ['TeX', 'TeX'],
  ['LaTeXe', 'LaTeX2e'],
  ['slash', '/'],
]);

/** Runs of plain characters that print as one. */
const LIGATURES: readonly (readonly [source: string, printed: string])[] = [
  ['---', '—'],
  ['--', '–'],
  ['``', '“'],
  ["''", '”'],
  ['?`', '¿'],
  ['!`', '¡'],
  ['`', '‘'],
  ["'", '’'],
  ['~', '\u00a0'],
];

/** Null when the command stands for no character. */
export function namedCharacter(command: string): string | null {
  return NAMED.get(command) ?? null;
}

/** The combining mark; null when the command is no accent. */
export function accentMark(command: string): string | null {
  return ACCENTS.get(command) ?? null;
}

/** Dotless i and j get their dot back, since Unicode composes with it. */
export function accented(base: string, mark: string): string {
  const dotted = base === 'ı' ? 'i' : base === 'ȷ' ? 'j' : base;
  return (dotted + mark).normalize('NFC');
}

export function printedText(text: string): string {
  return LIGATURES.reduce((printed, [source, one]) => printed.replaceAll(source, one), text);
}
