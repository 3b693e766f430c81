/** Writes RIS, which Zotero, EndNote and Mendeley read. Pure. */
import { invertedName, type CitationRecord } from './citation-record.ts';

/** Lines of two letters, two spaces, a hyphen and a space; `ER` ends the record. Line ends are CR LF. */
export function ris(record: CitationRecord): string {
  const [year, month, day] = record.date;
  const isPublished = record.doi !== null || record.venue !== null || record.arxivId === null;
  const fields: readonly (readonly [string, string | null])[] = [
    ['TY', isPublished ? 'JOUR' : 'UNPB'],
    ['TI', record.title],
    ...record.authors.map((name) => ['AU', invertedName(name)] as const),
    ['PY', year === undefined ? null : String(year)],
    ['DA', year === undefined ? null : `${year}/${padded(month)}/${padded(day)}/`],
    ['JO', record.venue],
    ['DO', record.doi],
    ['AN', record.arxivId === null ? null : `arXiv:${record.arxivId}`],
    ['UR', record.url],
    ['LA', record.language],
    ['AB', record.abstract],
    ['ER', ''],
  ];
  return fields.flatMap(([tag, value]) => (value === null ? [] : [`${tag}  - ${value}\r\n`])).join('');
}

function padded(part: number | undefined): string {
  return part === undefined ? '' : String(part).padStart(2, '0');
}
