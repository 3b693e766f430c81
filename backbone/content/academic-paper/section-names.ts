/** What the headings of papers say of the sections below them. Pure. */

export type SectionRole =
  | 'abstract'
  | 'introduction'
  | 'background'
  | 'methods'
  | 'results'
  | 'discussion'
  | 'conclusion'
  | 'acknowledgements'
  | 'declarations'
  | 'references'
  | 'appendix'
  | 'other';

/** Longest heading looked at, in UTF-16 units. */
const MAX_LENGTH = 200;
const NUMBER = /^(?:(?:section|§)\s?)?(?:\d{1,2}(?:\.\d{1,2}){0,3}\.?|[IVX]{1,5}\.)\s{1,4}(?=\p{L})/iu;
/** IMRaD and what stands around it, in the order in which a name is tried. */
const ROLES: readonly (readonly [SectionRole, RegExp])[] = [
  [
    'references',
    /^(?:references|references and notes|references cited|bibliography|bibliographical references|works cited|literature cited|literature|literatur|literaturverzeichnis|références|références bibliographiques|bibliographie|referencias|bibliografía|riferimenti bibliografici|bibliografia|referências)$/,
  ],
  ['abstract', /^(?:abstract|author summary|zusammenfassung|kurzfassung|résumé|resumen|resumo|riassunto)$/],
  [
    'appendix',
    /^(?:appendix|appendices|anhang|annexe?|supplement(?:ary|al)?(?: (?:materials?|information|data))?|supporting information)(?:\b|$)/,
  ],
  ['acknowledgements', /^(?:acknowledge?ments?|danksagung(?:en)?|remerciements)\b/],
  [
    'declarations',
    /^(?:funding|financial (?:support|disclosure)|(?:author|authors’|author's|author’s|authors') contributions?|(?:conflicts?|competing|declaration) of interests?|competing interests?|conflicts? of interests?|data (?:and code )?availability|code availability|availability of data|ethics|ethical approval|consent)\b/,
  ],
  ['introduction', /^(?:introduction|einleitung|einführung|introducción|introdução|introduzione)\b/],
  [
    'background',
    /^(?:background|related work|previous (?:related )?work|preliminaries|literature review|stand der technik)\b/,
  ],
  [
    'methods',
    /^(?:methods?|methodology|methods? and materials?|materials? and methods?|experimental (?:setup|procedures?|section)|study design|methoden?|méthodes?)\b/,
  ],
  ['results', /^(?:results?|findings|experiments?|evaluation|ergebnisse|résultats|resultados)\b/],
  ['discussion', /^(?:discussion|limitations|diskussion|discusión)\b/],
  [
    'conclusion',
    /^(?:conclusions?|concluding remarks|summary and (?:conclusions?|outlook)|fazit|schluss|outlook)\b/,
  ],
];

/** Sections below a heading of the role `other` belong to whatever is above them. */
export function sectionRole(heading: string): SectionRole {
  const name = sectionName(heading).toLowerCase();
  return ROLES.find(([, pattern]) => pattern.test(name))?.[0] ?? 'other';
}

/** Without its number and its final punctuation: `4.2. Results:` is `Results`. */
export function sectionName(heading: string): string {
  const line = heading.slice(0, MAX_LENGTH).replaceAll(/\s+/g, ' ').trim();
  return line
    .replace(NUMBER, '')
    .replace(/[.:—–-]{1,3}$/, '')
    .trim();
}

/** Headings that are a letter and a name, as those of appendices are: `A Proofs`, `B.1 Details`, `Appendix C`. */
export function isLettered(heading: string): boolean {
  return /^(?:[Aa]ppendix\s)?[A-Z](?:\.\d{1,2}){0,2}[.:]?\s\p{Lu}/u.test(heading.slice(0, MAX_LENGTH));
}
