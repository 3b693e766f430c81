import { zipArchive, type ZipMember } from './zip-archive.ts';

const OFFICE = 'http://schemas.openxmlformats.org';
const TYPES = `${OFFICE}/officeDocument/2006/relationships`;
const NAMESPACES = [
  `xmlns:p="${OFFICE}/presentationml/2006/main"`,
  `xmlns:a="${OFFICE}/drawingml/2006/main"`,
  `xmlns:r="${TYPES}"`,
  `xmlns:m="${OFFICE}/officeDocument/2006/math"`,
  `xmlns:mc="${OFFICE}/markup-compatibility/2006"`,
  'xmlns:a14="http://schemas.microsoft.com/office/drawing/2010/main"',
].join(' ');

/** Shapes as XML, and what the slide refers to. */
export interface Slide {
  readonly shapes: string;
  readonly notes?: string;
  readonly attributes?: string;
  /** Addresses by relationship id. */
  readonly links?: Readonly<Record<string, string>>;
}

export interface SlidesFile {
  readonly slides: readonly Slide[];
  /** Names of the slides' parts in the order of the show; as given when absent. */
  readonly show?: readonly string[];
  readonly layout?: string;
  readonly master?: string;
  readonly core?: string;
}

/** A .pptx as far as the parts given go; its slides are `slide1` and so on. */
export function slidesFile({ slides, show, layout = '', master = '', core }: SlidesFile): Buffer {
  const shown = show ?? slides.map((_, index) => `slide${index + 1}`);
  const list = shown.map((_, index) => `<p:sldId id="${256 + index}" r:id="s${index}"/>`).join('');
  const members: ZipMember[] = [
    part('_rels/.rels', [
      relationship('main', 'officeDocument', 'ppt/presentation.xml'),
      relationship('core', 'metadata/core-properties', 'docProps/core.xml'),
    ]),
    part('ppt/presentation.xml', element('p:presentation', `<p:sldIdLst>${list}</p:sldIdLst>`)),
    part(
      'ppt/_rels/presentation.xml.rels',
      shown.map((name, index) => relationship(`s${index}`, 'slide', `slides/${name}.xml`)),
    ),
    part('ppt/slideLayouts/layout.xml', tree('p:sldLayout', layout)),
    part('ppt/slideLayouts/_rels/layout.xml.rels', [
      relationship('master', 'slideMaster', '../slideMasters/master.xml'),
    ]),
    part('ppt/slideMasters/master.xml', tree('p:sldMaster', master)),
    ...slides.flatMap((slide, index) => slideMembers(slide, index + 1)),
  ];
  if (core !== undefined) members.push(part('docProps/core.xml', coreXml(core)));
  return zipArchive(members);
}

export interface Place {
  /** Attributes of `p:ph`; the shape is no placeholder when absent. */
  readonly placeholder?: string;
  /** EMU from the left and from above. */
  readonly at?: readonly [x: number, y: number];
  readonly hidden?: boolean;
}

/** A shape with text; `paragraphs` is the inside of its `p:txBody`. */
export function shape(paragraphs: string, { placeholder, at, hidden = false }: Place = {}): string {
  const ph = placeholder === undefined ? '' : `<p:ph ${placeholder}/>`;
  return `<p:sp><p:nvSpPr><p:cNvPr id="2" name="n"${hidden ? ' hidden="1"' : ''}/><p:nvPr>${ph}</p:nvPr></p:nvSpPr>
    <p:spPr>${at === undefined ? '' : offset(at)}</p:spPr><p:txBody><a:bodyPr/>${paragraphs}</p:txBody></p:sp>`;
}

/** A paragraph of one run; `properties` is its `a:pPr`. */
export function line(text: string, properties = ''): string {
  return `<a:p>${properties}<a:r><a:rPr lang="en"/><a:t>${text}</a:t></a:r></a:p>`;
}

export function offset([x, y]: readonly [x: number, y: number]): string {
  return `<a:xfrm><a:off x="${x}" y="${y}"/><a:ext cx="100" cy="100"/></a:xfrm>`;
}

function slideMembers({ shapes, notes, attributes = '', links = {} }: Slide, number: number): ZipMember[] {
  const related = [
    relationship('layout', 'slideLayout', '../slideLayouts/layout.xml'),
    ...(notes === undefined ? [] : [relationship('notes', 'notesSlide', `../notes/notes${number}.xml`)]),
    ...Object.entries(links).map(([id, url]) => relationship(id, 'hyperlink', url, ' TargetMode="External"')),
  ];
  return [
    part(`ppt/slides/slide${number}.xml`, tree('p:sld', shapes, attributes)),
    part(`ppt/slides/_rels/slide${number}.xml.rels`, related),
    ...(notes === undefined ? [] : [part(`ppt/notes/notes${number}.xml`, tree('p:notes', notes))]),
  ];
}

function tree(name: string, shapes: string, attributes = ''): string {
  return element(name, `<p:cSld><p:spTree>${shapes}</p:spTree></p:cSld>`, attributes);
}

function element(name: string, content: string, attributes = ''): string {
  return `<${name} ${NAMESPACES} ${attributes}>${content}</${name}>`;
}

function part(name: string, content: string | readonly string[]): ZipMember {
  const xml =
    typeof content === 'string'
      ? content
      : `<Relationships xmlns="${OFFICE}/package/2006/relationships">${content.join('')}</Relationships>`;
  return { name, content: `<?xml version="1.0" encoding="UTF-8"?>\n${xml}` };
}

function relationship(id: string, type: string, target: string, more = ''): string {
  return `<Relationship Id="${id}" Type="${TYPES}/${type}" Target="${target}"${more}/>`;
}

function coreXml(content: string): string {
  const names = `xmlns:cp="${OFFICE}/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"`;
  return `<cp:coreProperties ${names}>${content}</cp:coreProperties>`;
}
