import { zipArchive, type ZipMember } from './zip-archive.ts';

const OFFICE = 'http://schemas.openxmlformats.org';
const NAMESPACES = [
  `xmlns:w="${OFFICE}/wordprocessingml/2006/main"`,
  `xmlns:r="${OFFICE}/officeDocument/2006/relationships"`,
  `xmlns:m="${OFFICE}/officeDocument/2006/math"`,
  `xmlns:wp="${OFFICE}/drawingml/2006/wordprocessingDrawing"`,
  `xmlns:mc="${OFFICE}/markup-compatibility/2006"`,
  'xmlns:v="urn:schemas-microsoft-com:vml"',
].join(' ');
const TYPES = `${OFFICE}/officeDocument/2006/relationships`;

/** Parts of a Word file as XML. Each but the body may be left out. */
export interface WordFile {
  readonly body: string;
  readonly styles?: string;
  readonly numbering?: string;
  readonly footnotes?: string;
  readonly endnotes?: string;
  readonly comments?: string;
  /** Content by part name, `header1` and the like; `rId` of each is its name. */
  readonly margins?: Readonly<Record<string, string>>;
  /** Addresses by relationship id. */
  readonly links?: Readonly<Record<string, string>>;
  readonly core?: string;
  readonly app?: string;
}

/** A .docx as Word would write it, as far as the parts given go. */
export function wordFile(file: WordFile): Buffer {
  const { body, margins = {}, links = {}, core, app } = file;
  const stories = ['styles', 'numbering', 'footnotes', 'endnotes', 'comments'] as const;
  const given = stories.flatMap((name) => {
    const content = file[name];
    return content === undefined ? [] : [{ name, content }];
  });
  const related = [
    ...given.map(({ name }) => relationship(name, name, `${name}.xml`)),
    ...Object.keys(margins).map((name) => relationship(name, name.replace(/\d+$/, ''), `${name}.xml`)),
    ...Object.entries(links).map(([id, url]) => relationship(id, 'hyperlink', url, ' TargetMode="External"')),
  ];
  const members: ZipMember[] = [
    part(
      '_rels/.rels',
      relationships([
        relationship('main', 'officeDocument', 'word/document.xml'),
        relationship('core', 'metadata/core-properties', 'docProps/core.xml'),
        relationship('app', 'extended-properties', '/docProps/app.xml'),
      ]),
    ),
    part('word/document.xml', `<w:document ${NAMESPACES}><w:body>${body}</w:body></w:document>`),
    part('word/_rels/document.xml.rels', relationships(related)),
    ...given.map(({ name, content }) =>
      part(`word/${name}.xml`, `<w:${name} ${NAMESPACES}>${content}</w:${name}>`),
    ),
    ...Object.entries(margins).map(([name, content]) =>
      part(`word/${name}.xml`, `<w:hdr ${NAMESPACES}>${content}</w:hdr>`),
    ),
  ];
  if (core !== undefined) members.push(part('docProps/core.xml', coreXml(core)));
  if (app !== undefined) {
    members.push(
      part(
        'docProps/app.xml',
        `<Properties xmlns="${OFFICE}/officeDocument/2006/extended-properties">${app}</Properties>`,
      ),
    );
  }
  return zipArchive(members);
}

/** A paragraph of one run; `properties` is the inside of `w:pPr`. */
export function p(text: string, properties = ''): string {
  return `<w:p><w:pPr>${properties}</w:pPr>${r(text)}</w:p>`;
}

export function r(text: string): string {
  return `<w:r><w:t xml:space="preserve">${text}</w:t></w:r>`;
}

/** A paragraph in a named style. */
export function styled(style: string, text: string): string {
  return p(text, `<w:pStyle w:val="${style}"/>`);
}

function part(name: string, content: string): ZipMember {
  return { name, content: `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n${content}` };
}

function relationship(id: string, type: string, target: string, more = ''): string {
  return `<Relationship Id="${id}" Type="${TYPES}/${type}" Target="${target}"${more}/>`;
}

function relationships(all: readonly string[]): string {
  return `<Relationships xmlns="${OFFICE}/package/2006/relationships">${all.join('')}</Relationships>`;
}

function coreXml(content: string): string {
  const names = `xmlns:cp="${OFFICE}/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"`;
  return `<cp:coreProperties ${names}>${content}</cp:coreProperties>`;
}
