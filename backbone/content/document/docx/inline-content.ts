/** What stands in a line of a Word document. */
import { elementAt, elementsOf, textOf, type XmlElement } from '../../parsing/xml.ts';
import { escapeXml } from '../../parsing/xml-escape.ts';
import { linearFormula } from '../ooxml/formula.ts';
import { isOn } from './styles.ts';

/** What a line refers to and what is told only behind its paragraph. */
export interface InlineSink {
  /** Returns the sign that stands in the line, such as `[1]`. */
  note(kind: 'footnote' | 'endnote' | 'comment', id: string): string;
  textBox(content: XmlElement): void;
  picture(description: string): void;
  /** Returns the id of the link in the file written; null when it leads nowhere. */
  link(relationshipId: string): string | null;
}

/** Kept as if they were not there: their content is the line's. */
const TRANSPARENT = new Set([
  'w:ins',
  'w:moveTo',
  'w:smartTag',
  'w:customXml',
  'w:fldSimple',
  'w:bdo',
  'w:dir',
  'w:sdt',
  'w:sdtContent',
  'w:ruby',
  'w:rubyBase',
]);

/** The runs of a paragraph, as XML for the plain document. Deleted and hidden text is left out. */
export function inlineContent(parent: XmlElement, sink: InlineSink): string {
  return elementsOf(parent)
    .map((element) => inlineElement(element, sink))
    .join('');
}

function inlineElement(element: XmlElement, sink: InlineSink): string {
  switch (element.name) {
    case 'w:r':
      return isHiddenRun(element) ? '' : runContent(element, sink);
    case 'w:hyperlink':
      return hyperlink(element, sink);
    case 'm:oMath':
    case 'm:oMathPara':
      return run(` ${linearFormula(element)} `);
    case 'mc:AlternateContent':
      return inlineContent(branchOf(element), sink);
    default:
      return TRANSPARENT.has(element.name) ? inlineContent(element, sink) : '';
  }
}

function hyperlink(element: XmlElement, sink: InlineSink): string {
  const content = inlineContent(element, sink);
  const link = sink.link(element.attributes.get('r:id') ?? '');
  return link === null ? content : `<w:hyperlink r:id="${link}">${content}</w:hyperlink>`;
}

function runContent(parent: XmlElement, sink: InlineSink): string {
  return elementsOf(parent)
    .map((element) => runElement(element, sink))
    .join('');
}

function runElement(element: XmlElement, sink: InlineSink): string {
  const id = element.attributes.get('w:id') ?? '';
  switch (element.name) {
    case 'w:t':
      return run(textOf(element));
    case 'w:tab':
    case 'w:ptab':
      return '<w:r><w:tab/></w:r>';
    case 'w:br':
    case 'w:cr':
      return isPageBreak(element) ? '' : '<w:r><w:br/></w:r>';
    case 'w:noBreakHyphen':
      return run('\u2011');
    case 'w:sym':
      return run(symbolOf(element));
    case 'w:footnoteReference':
      return run(sink.note('footnote', id));
    case 'w:endnoteReference':
      return run(sink.note('endnote', id));
    case 'w:commentReference':
      return run(sink.note('comment', id));
    case 'w:drawing':
    case 'w:pict':
    case 'w:object':
      collectGraphics(element, sink);
      return '';
    case 'mc:AlternateContent':
      return runContent(branchOf(element), sink);
    case 'w:ruby':
      return inlineContent(element, sink);
    default:
      return '';
  }
}

function run(text: string): string {
  return text === '' ? '' : `<w:r><w:t xml:space="preserve">${escapeXml(text)}</w:t></w:r>`;
}

function isHiddenRun(element: XmlElement): boolean {
  const vanish = elementAt(element, 'w:rPr', 'w:vanish');
  return vanish !== null && (!vanish.attributes.has('w:val') || isOn(vanish.attributes.get('w:val')));
}

function isPageBreak(element: XmlElement): boolean {
  const type = element.attributes.get('w:type');
  return type === 'page' || type === 'column';
}

/** Symbol fonts put their signs into a private area, where no reader can tell what they were. */
function symbolOf(element: XmlElement): string {
  const code = Number.parseInt(element.attributes.get('w:char') ?? '', 16);
  const known = code > 0x1f && code < 0x10000 && !(code >= 0xd800 && code <= 0xf8ff);
  return known ? String.fromCharCode(code) : '';
}

/** Text boxes and descriptions in a drawing. A description beside a text box would tell it twice. */
function collectGraphics(drawing: XmlElement, sink: InlineSink): void {
  const boxes: XmlElement[] = [];
  const descriptions: string[] = [];
  walkGraphics(drawing, boxes, descriptions);
  for (const box of boxes) sink.textBox(box);
  if (boxes.length === 0) for (const description of descriptions) sink.picture(description);
}

function walkGraphics(element: XmlElement, boxes: XmlElement[], descriptions: string[]): void {
  if (element.name === 'w:txbxContent') {
    boxes.push(element);
    return;
  }
  const description = element.attributes.get(element.name.startsWith('v:') ? 'alt' : 'descr')?.trim() ?? '';
  const describes = element.name === 'wp:docPr' || element.name === 'v:shape';
  if (describes && description !== '') descriptions.push(description);
  const content = element.name === 'mc:AlternateContent' ? branchOf(element) : element;
  for (const child of elementsOf(content)) walkGraphics(child, boxes, descriptions);
}

/**
 * The one branch to read: a file offers the same content in a new form and in one for older programs. The
 * new one, unless only the old one has words.
 */
export function branchOf(alternatives: XmlElement): XmlElement {
  const branches = elementsOf(alternatives).filter(
    ({ name }) => name === 'mc:Choice' || name === 'mc:Fallback',
  );
  return branches.find(hasWords) ?? branches[0] ?? alternatives;
}

function hasWords(element: XmlElement): boolean {
  return element.name === 'w:t' || elementsOf(element).some(hasWords);
}
