/** Control words of RTF by what they mean. What is in none of these tables changes nothing in the text. */

/** Words and symbols that stand for text. */
export const CHARACTERS: ReadonlyMap<string, string> = new Map([
  ['tab', '\t'],
  ['line', '\n'],
  ['lbr', '\n'],
  ['emdash', '—'],
  ['endash', '–'],
  ['emspace', ' '],
  ['enspace', ' '],
  ['qmspace', ' '],
  ['lquote', '‘'],
  ['rquote', '’'],
  ['ldblquote', '“'],
  ['rdblquote', '”'],
  ['bullet', '•'],
  ['zwj', '\u200d'],
  ['zwnj', '\u200c'],
  ['~', '\u00a0'],
  ['_', '-'],
  ['\t', '\t'],
]);

/** Symbols that stand for themselves, as bytes of the text. */
export const ESCAPED: ReadonlySet<string> = new Set(['\\', '{', '}']);

/** Ends of paragraphs; a line end behind a backslash is one, too. */
export const PARAGRAPH_ENDS: ReadonlySet<string> = new Set(['par', 'sect', 'page', 'column', '\n', '\r']);

/** Groups whose text is not of the document, although no `\*` says so. */
const SKIPPED = new Set(
  `colortbl filetbl pict nonshppict shprslt header headerl headerr headerf footer footerl footerr footerf
   ftnsep ftnsepc ftncn aftnsep aftnsepc aftncn tc tcn xe rxe txe bxe ixe nonesttables mmathPict sp datafield
   objdata objclass objname private template listtable listoverridetable revtbl rsidtbl generator do`
    .split(/\s+/)
    .filter((word) => word !== ''),
);
/** Groups behind `\*` whose text belongs to the document, or whose inside may. */
const OPTIONAL_BUT_READ = new Set(['shpinst', 'shptxt', 'ud', 'moMath', 'moMathPara', 'pntext', 'nestcell']);
/** Properties of formulas. */
const FORMULA_PROPERTIES = /^m\w{0,20}Pr$/;

/** `isOptional`: `\*` stands in front of the word. */
export function isSkippedGroup(word: string, isOptional: boolean): boolean {
  return SKIPPED.has(word) || FORMULA_PROPERTIES.test(word) || (isOptional && !OPTIONAL_BUT_READ.has(word));
}

/** Fields whose result repeats the headings or counts pages. */
const DROPPED_FIELD = /^\s{0,20}(?:TOC|INDEX|PAGE|NUMPAGES|SECTIONPAGES)\b/i;
const LINK_FIELD = /^\s{0,20}HYPERLINK\s{1,20}(?:"([^"]{1,2000})"|([^\s"\\]{1,2000}))/i;

export function isDroppedField(instruction: string): boolean {
  return DROPPED_FIELD.test(instruction);
}

/** The address of a `HYPERLINK` field; null for other fields and for places within the document. */
export function addressOf(instruction: string): string | null {
  const match = LINK_FIELD.exec(instruction);
  return match?.[1] ?? match?.[2] ?? null;
}
