/** What the elements of HTML mean for reading: which ones break the text, which ones are never text. */

/** Elements that stand in a line of text; everything else breaks it. */
export const INLINE: ReadonlySet<string> = new Set(
  (
    'a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark math nobr output q rb ' +
    'ruby s samp small span strike strong sub sup time tt u var wbr slot ' +
    'mi mn mo ms mtext mrow msup msub mfrac msqrt mover munder msubsup munderover mstyle semantics'
  ).split(' '),
);

/** Elements whose text a reader never sees as text. */
export const DROPPED: ReadonlySet<string> = new Set(
  (
    'script style noscript template svg head title iframe object embed applet audio video canvas map ' +
    'select datalist option textarea input button progress meter rt rp annotation-xml noembed noframes dialog'
  ).split(' '),
);

const HIDDEN_STYLE = /(?:^|;)\s{0,8}(?:display\s{0,8}:\s{0,8}none|visibility\s{0,8}:\s{0,8}hidden)/i;
const DECORATION = new Set(['a', 'i', 'span', 'sup', 'b', 'em']);
const LONGEST_STYLE = 2000;

interface Attributes {
  readonly [name: string]: string;
}

/** Whether the element and all below it is left out, as browsers hide it. */
export function isHidden(name: string, attributes: Attributes): boolean {
  if (attributes['hidden'] !== undefined && attributes['hidden'] !== 'until-found') return true;
  if (attributes['aria-hidden'] === 'true' && DECORATION.has(name)) return true;
  const style = attributes['style'];
  return style !== undefined && style.length <= LONGEST_STYLE && HIDDEN_STYLE.test(style);
}

/** Line numbers beside code, and buttons over it. */
export function isCodeDecoration(attributes: Attributes): boolean {
  const classes = attributes['class'] ?? '';
  return attributes['data-line-number'] !== undefined || CODE_DECORATION.test(classes.slice(0, 200));
}

const CODE_DECORATION =
  /(?:^|[\s_-])(?:gutter|linenos?|line-?numbers?(?:-rows)?|lineno|blob-num|hljs-ln-numbers|copy-?button|rouge-gutter)(?:$|\s)/i;
const LANGUAGE_CLASS =
  /(?:^|\s)(?:language|lang|highlight-source|brush:|sourceCode)[\s-]{0,2}([\w+#.-]{1,30})/i;

/** The programming language that highlighters write into the class or a data attribute; null when unnamed. */
export function codeLanguageOf(attributes: Attributes): string | null {
  const named = attributes['data-lang'] ?? attributes['data-language'];
  if (named !== undefined && /^[\w+#.-]{1,30}$/.test(named)) return named.toLowerCase();
  const language = LANGUAGE_CLASS.exec((attributes['class'] ?? '').slice(0, 500))?.[1]?.toLowerCase();
  return language === undefined || language === 'none' || language === 'plaintext' ? null : language;
}

/** 1-6 for `h1`-`h6` and for elements with that role, else null. */
export function headingLevelOf(name: string, attributes: Attributes): number | null {
  if (/^h[1-6]$/.test(name)) return Number(name[1]);
  if (attributes['role'] !== 'heading') return null;
  const level = Number(attributes['aria-level'] ?? '2');
  return Number.isInteger(level) && level >= 1 && level <= 6 ? level : 2;
}
