/** Office formulas as one line of text, in the notation people type: `x^2`, `(a)/(b)`, `√(x)`. */
import { elementAt, elementsOf, textOf, type XmlElement } from '../../parsing/xml.ts';

/** `formula` is an `m:oMath`, an `m:oMathPara` or any part of one. */
export function linearFormula(formula: XmlElement): string {
  return elementsOf(formula)
    .map((part) => linearPart(part))
    .join('');
}

function linearPart(element: XmlElement): string {
  const at = (name: string): string => {
    const child = elementAt(element, name);
    return child === null ? '' : linearFormula(child);
  };
  switch (element.name) {
    case 'm:r':
      return elementsOf(element, 'm:t').map(textOf).join('');
    case 'm:f':
      return `${grouped(at('m:num'))}/${grouped(at('m:den'))}`;
    case 'm:sSup':
      return `${at('m:e')}^${grouped(at('m:sup'))}`;
    case 'm:sSub':
      return `${at('m:e')}_${grouped(at('m:sub'))}`;
    case 'm:sSubSup':
      return `${at('m:e')}_${grouped(at('m:sub'))}^${grouped(at('m:sup'))}`;
    case 'm:sPre':
      return `_${grouped(at('m:sub'))}^${grouped(at('m:sup'))}${at('m:e')}`;
    case 'm:rad':
      return at('m:deg') === '' ? `√${grouped(at('m:e'))}` : `root(${at('m:deg')}, ${at('m:e')})`;
    case 'm:nary':
      return `${sign(element, 'm:naryPr', '∫')}${scripts(at('m:sub'), at('m:sup'))} ${at('m:e')}`;
    case 'm:func':
      return `${at('m:fName')} ${at('m:e')}`;
    case 'm:d':
      return delimited(element);
    case 'm:m':
      return `[${rows(element, 'm:mr')}]`;
    case 'm:eqArr':
      return elementsOf(element, 'm:e').map(linearFormula).join('; ');
    case 'm:limLow':
      return `${at('m:e')}_${grouped(at('m:lim'))}`;
    case 'm:limUpp':
      return `${at('m:e')}^${grouped(at('m:lim'))}`;
    case 'm:acc':
      return `${at('m:e')}${sign(element, 'm:accPr', '\u0302')}`;
    default:
      // Boxes, bars and containers; properties hold no text of their own.
      return linearFormula(element);
  }
}

/** In brackets unless it is one letter or number, so that the line has one reading only. */
function grouped(text: string): string {
  return /^(?:\p{L}\p{M}*|[\d.]+)$/u.test(text) ? text : `(${text})`;
}

function scripts(sub: string, sup: string): string {
  return `${sub === '' ? '' : `_${grouped(sub)}`}${sup === '' ? '' : `^${grouped(sup)}`}`;
}

function delimited(element: XmlElement): string {
  const parts = elementsOf(element, 'm:e').map(linearFormula);
  const mark = (name: string, fallback: string): string =>
    elementAt(element, 'm:dPr', name)?.attributes.get('m:val') ?? fallback;
  return `${mark('m:begChr', '(')}${parts.join(mark('m:sepChr', '|'))}${mark('m:endChr', ')')}`;
}

function rows(element: XmlElement, rowName: string): string {
  return elementsOf(element, rowName)
    .map((row) => elementsOf(row, 'm:e').map(linearFormula).join(', '))
    .join('; ');
}

function sign(element: XmlElement, properties: string, fallback: string): string {
  return elementAt(element, properties, 'm:chr')?.attributes.get('m:val') ?? fallback;
}
