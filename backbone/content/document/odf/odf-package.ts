/** The parts of an OpenDocument file. */
import { AppError } from '../../../errors.ts';
import { elementAt, elementsOf, readXml, type XmlElement } from '../../parsing/xml.ts';
import { openZip, type ZipArchive } from '../../parsing/zip.ts';

const OASIS = 'urn:oasis:names:tc:opendocument:xmlns';

/** Our prefixes. */
const NAMESPACES: Readonly<Record<string, string>> = {
  [`${OASIS}:office:1.0`]: 'office',
  [`${OASIS}:text:1.0`]: 'text',
  [`${OASIS}:table:1.0`]: 'table',
  [`${OASIS}:drawing:1.0`]: 'draw',
  [`${OASIS}:svg-compatible:1.0`]: 'svg',
  [`${OASIS}:style:1.0`]: 'style',
  [`${OASIS}:meta:1.0`]: 'meta',
  [`${OASIS}:manifest:1.0`]: 'manifest',
  'http://purl.org/dc/elements/1.1/': 'dc',
  'http://www.w3.org/1999/xlink': 'xlink',
};

export interface OdfParts {
  readonly content: XmlElement;
  /** The inside of `office:meta`. */
  readonly meta: XmlElement | null;
  readonly styles: XmlElement | null;
}

/** Errors: as `openZip` and `readXml`; `file_encrypted`; `file_damaged` when there is no content. */
export async function readOdfParts(bytes: Uint8Array): Promise<OdfParts> {
  const zip = await openZip(bytes);
  const manifest = await partOf(zip, 'META-INF/manifest.xml');
  if (manifest !== null && isEncrypted(manifest)) throw new AppError('file_encrypted');
  const content = await partOf(zip, 'content.xml');
  if (content === null) throw new AppError('file_damaged', { cause: new Error('no content.xml') });
  const meta = await partOf(zip, 'meta.xml');
  return {
    content,
    meta: meta === null ? null : elementAt(meta, 'office:meta'),
    styles: await partOf(zip, 'styles.xml'),
  };
}

async function partOf(zip: ZipArchive, name: string): Promise<XmlElement | null> {
  return zip.has(name) ? readXml(await zip.read(name), { namespaces: NAMESPACES }) : null;
}

function isEncrypted(manifest: XmlElement): boolean {
  return elementsOf(manifest, 'manifest:file-entry').some(
    (entry) => elementAt(entry, 'manifest:encryption-data') !== null,
  );
}
