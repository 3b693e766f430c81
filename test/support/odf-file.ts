import { zipArchive, type ZipMember } from './zip-archive.ts';

const OASIS = 'urn:oasis:names:tc:opendocument:xmlns';
const NAMESPACES = [
  `xmlns:office="${OASIS}:office:1.0"`,
  `xmlns:text="${OASIS}:text:1.0"`,
  `xmlns:table="${OASIS}:table:1.0"`,
  `xmlns:draw="${OASIS}:drawing:1.0"`,
  `xmlns:presentation="${OASIS}:presentation:1.0"`,
  `xmlns:svg="${OASIS}:svg-compatible:1.0"`,
  `xmlns:style="${OASIS}:style:1.0"`,
  `xmlns:meta="${OASIS}:meta:1.0"`,
  `xmlns:manifest="${OASIS}:manifest:1.0"`,
  'xmlns:dc="http://purl.org/dc/elements/1.1/"',
  'xmlns:xlink="http://www.w3.org/1999/xlink"',
].join(' ');

/** The inside of each part. */
export interface OdfFile {
  /** Automatic styles. */
  readonly styles?: string;
  /** Styles of the part of that name. */
  readonly namedStyles?: string;
  readonly meta?: string;
  readonly manifest?: string;
}

export interface OdtFile extends OdfFile {
  readonly text: string;
}

export interface OdsFile extends OdfFile {
  readonly sheets: string;
}

export interface OdpFile extends OdfFile {
  readonly pages: string;
}

/** An .odt as far as the parts given go. */
export function odtFile({ text, ...file }: OdtFile): Buffer {
  return odfFile('text', text, file);
}

/** An .ods as far as the parts given go. */
export function odsFile({ sheets, ...file }: OdsFile): Buffer {
  return odfFile('spreadsheet', sheets, file);
}

/** An .odp as far as the parts given go. */
export function odpFile({ pages, ...file }: OdpFile): Buffer {
  return odfFile('presentation', pages, file);
}

/** `kind` names both the media type and the element of the body. */
function odfFile(kind: string, inside: string, file: OdfFile): Buffer {
  const { styles = '', namedStyles, meta, manifest } = file;
  const body = `<office:body><office:${kind}>${inside}</office:${kind}></office:body>`;
  const members: ZipMember[] = [
    { name: 'mimetype', content: `application/vnd.oasis.opendocument.${kind}`, stored: true },
    {
      name: 'content.xml',
      content: root(
        'office:document-content',
        `<office:automatic-styles>${styles}</office:automatic-styles>${body}`,
      ),
    },
  ];
  if (namedStyles !== undefined) {
    const named = `<office:styles>${namedStyles}</office:styles>`;
    members.push({ name: 'styles.xml', content: root('office:document-styles', named) });
  }
  if (meta !== undefined) members.push({ name: 'meta.xml', content: root('office:document-meta', meta) });
  if (manifest !== undefined)
    members.push({ name: 'META-INF/manifest.xml', content: root('manifest:manifest', manifest) });
  return zipArchive(members);
}

function root(name: string, content: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${name} ${NAMESPACES}>${content}</${name}>`;
}
