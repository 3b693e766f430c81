/** Commands and environments of LaTeX by what they mean. */

export const HEADINGS: ReadonlyMap<string, number> = new Map([
  ['part', 1],
  ['chapter', 1],
  ['section', 2],
  ['subsection', 3],
  ['subsubsection', 4],
  ['paragraph', 5],
  ['subparagraph', 6],
]);

/** How many groups behind a command are settings, not text. */
export const SETTINGS: ReadonlyMap<string, number> = new Map([
  ...words(
    `documentclass documentstyle usepackage RequirePackage label vspace hspace includegraphics pagestyle
     thispagestyle bibliographystyle bibliography addbibresource hypersetup graphicspath geometry pagenumbering color
     nocite index glossary hyphenation captionsetup lstset selectlanguage theoremstyle usetikzlibrary DeclareMathOperator cline cmidrule vskip linespread columnbreak markright`,
    1,
  ),
  ...words(`setlength addtolength setcounter addtocounter fontsize rule newtheorem multicolumn markboth`, 2),
  ...words('newenvironment renewenvironment definecolor addcontentsline', 3),
  ...words('textcolor colorbox parbox raisebox newcounter setmainfont fontfamily newlength', 1),
  ...words('resizebox', 2),
]);

/** Environments whose begin has settings behind it. */
export const ENVIRONMENT_SETTINGS: ReadonlyMap<string, number> = new Map([
  ...words('tabular longtable thebibliography minipage multicols array supertabular', 1),
  ...words('tabular* tabularx wrapfigure tabulary list', 2),
]);

export const TABLES = new Set(['tabular', 'tabular*', 'tabularx', 'tabulary', 'longtable', 'supertabular']);
export const CODE = new Set(['verbatim', 'verbatim*', 'Verbatim', 'lstlisting', 'minted', 'alltt']);
export const LISTS = new Set(['itemize', 'enumerate', 'description']);
export const QUOTES = new Set(['quote', 'quotation', 'verse']);
export const FORMULAS = new Set(
  'equation equation* align align* gather gather* multline multline* eqnarray eqnarray* displaymath math flalign flalign* alignat alignat*'.split(
    ' ',
  ),
);
/** Drawings by programs, and what the author took out. */
export const UNREAD = new Set([
  'comment',
  'tikzpicture',
  'picture',
  'filecontents',
  'filecontents*',
  'pgfpicture',
]);
export const REFERENCES =
  /^(?:(?:auto|foot|full|paren|text)?[cC]ite[a-z]{0,12}|ref|eqref|pageref|autoref|cref|Cref|nameref)$/;
export const RULES = new Set(['hline', 'midrule', 'toprule', 'endhead', 'endfirsthead']);
export const DEFINITIONS = new Set(['newcommand', 'renewcommand', 'providecommand']);
export const INCLUSIONS = new Set(['input', 'include', 'subfile']);
/** Text in them is no part of the document's. */
export const DROPPED = new Set([
  'thanks',
  'date',
  'subtitle',
  'institute',
  'affiliation',
  'email',
  'address',
]);

function words(names: string, groups: number): readonly (readonly [name: string, groups: number])[] {
  return names.split(/\s+/).map((name) => [name, groups]);
}
