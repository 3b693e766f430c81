import { zipArchive, type ZipMember } from './zip-archive.ts';

const OASIS = 'urn:oasis:names:tc:opendocument:xmlns';
const NAMESPACES = [
  `xmlns:office="${OASIS}:office:1.0"`,
  `xmlns:text="${OASIS}:text:1.0"`,
  `xmlns:table="${OASIS}:table:1.0"`,
  `xmlns:draw="${OASIS}:drawing:1.0"`,
  `xmlns:svg="${OASIS}:svg-compatible:1.0"`,
  `xmlns:style="${OASIS}:style:1.0"`,
  `xmlns:meta="${OASIS}:meta:1.0"`,
  `xmlns:manifest="${OASIS}:manifest:1.0"`,
  'xmlns:dc="http://purl.org/dc/elements/1.1/"',
  'xmlns:xlink="http://www.w3.org/1999/xlink"',
].join(' ');

/** The inside of each part. */
export interface OdtFile {
  readonly text: string;
  /** Automatic styles. */
  readonly styles?: string;
  /** Styles of the part of that name. */
  readonly namedStyles?: string;
  readonly meta?: string;
  readonly manifest?: string;
}

/** An .odt as far as the parts given go. */
export function odtFile({ text, styles = '', namedStyles, meta, manifest }: OdtFile): Buffer {
  const members: ZipMember[] = [
    { name: 'mimetype', content: 'application/vnd.oasis.opendocument.text', stored: true },
    {
      name: 'content.xml',
      content: root(
        'office:document-content',
        `<office:automatic-styles>${styles}</office:automatic-styles><office:body><office:text>${text}</office:text></office:body>`,
      ),
    },
  ];
  if (namedStyles !== undefined) {
    const inside = `<office:styles>${namedStyles}</office:styles>`;
    members.push({ name: 'styles.xml', content: root('office:document-styles', inside) });
  }
  if (meta !== undefined) members.push({ name: 'meta.xml', content: root('office:document-meta', meta) });
  if (manifest !== undefined)
    members.push({ name: 'META-INF/manifest.xml', content: root('manifest:manifest', manifest) });
  return zipArchive(members);
}

function root(name: string, content: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${name} ${NAMESPACES}>${content}</${name}>`;
}
