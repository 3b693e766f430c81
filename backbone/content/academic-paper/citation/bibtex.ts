/** Writes BibTeX, in UTF-8 as biber and Zotero read it. Pure. */
import { invertedName, type CitationRecord, type CitedName } from './citation-record.ts';

const SPECIAL: Readonly<Record<string, string>> = {
  '\\': String.raw`\textbackslash{}`,
  // Braces are counted even where a backslash stands before them.
  '{': String.raw`\textbraceleft{}`,
  '}': String.raw`\textbraceright{}`,
  '~': String.raw`\textasciitilde{}`,
  '^': String.raw`\textasciicircum{}`,
};
/** Words that say nothing in a key. */
const SMALL_WORD = /^(?:a|an|the|on|of|in|for|how|and|to|der|die|das|ein|eine|le|la|les|el|un|une)$/;

export function bibtex(record: CitationRecord): string {
  const [year, month, day] = record.date;
  const isPreprint = record.arxivId !== null && record.doi === null && record.venue === null;
  const fields: readonly (readonly [string, string | null])[] = [
    // Twice, so that styles leave the capitals alone.
    ['title', `{${escaped(record.title)}}`],
    ['author', record.authors.length === 0 ? null : record.authors.map(author).join(' and ')],
    ['journal', record.venue === null ? null : escaped(record.venue)],
    ['year', year === undefined ? null : String(year)],
    ['month', month === undefined ? null : String(month)],
    ['day', day === undefined ? null : String(day)],
    ['doi', verbatim(record.doi)],
    ['eprint', verbatim(record.arxivId)],
    ['archiveprefix', record.arxivId === null ? null : 'arXiv'],
    ['url', verbatim(record.url)],
    ['langid', record.language === null ? null : escaped(record.language)],
    ['abstract', record.abstract === null ? null : escaped(record.abstract)],
  ];
  const lines = fields.flatMap(([name, value]) => (value === null ? [] : [`  ${name} = {${value}}`]));
  return `@${isPreprint ? 'misc' : 'article'}{${citationKey(record)},\n${lines.join(',\n')}\n}\n`;
}

/** `wick1899oil`: the first family name, the year and the first word of the title that says something. */
export function citationKey({ authors, date, title }: CitationRecord): string {
  const [first] = authors;
  const name = first === undefined ? '' : 'literal' in first ? first.literal : first.family;
  const words = title.split(' ').map(keyPart);
  const word = words.find((one) => one !== '' && !SMALL_WORD.test(one)) ?? '';
  return `${keyPart(name)}${date[0] ?? ''}${word}` || 'paper';
}

function author(name: CitedName): string {
  const spelled = escaped(invertedName(name));
  // Braces keep a team's name whole, and an "and" in any other.
  return 'literal' in name || /\sand\s/i.test(spelled) ? `{${spelled}}` : spelled;
}

function escaped(text: string): string {
  return text.replaceAll(/[\\{}~^]|[$&#%_]/g, (sign) => SPECIAL[sign] ?? `\\${sign}`);
}

/** Identifiers are not typeset; only what would end the field is escaped, as in an address. */
function verbatim(text: string | null): string | null {
  return text?.replaceAll(/[\\{}\s]/g, encodeURIComponent) ?? null;
}

function keyPart(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')
    .slice(0, 40);
}
