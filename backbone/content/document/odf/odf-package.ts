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
  [`${OASIS}:presentation:1.0`]: 'presentation',
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

/** The parts as far as they are asked for. Errors: as `openZip` and `readXml`. */
export interface OdfPackage {
  /** What `content.xml` holds. Errors: also `file_damaged` when there is none. */
  contentBytes(): Promise<Uint8Array>;
  /** The inside of `office:meta`; null when the file has none. */
  meta(): Promise<XmlElement | null>;
  styles(): Promise<XmlElement | null>;
}

/** Errors: as `openZip` and `readXml`; `file_encrypted`. */
export async function openOdfPackage(bytes: Uint8Array): Promise<OdfPackage> {
  const zip = await openZip(bytes);
  const manifest = await partOf(zip, 'META-INF/manifest.xml');
  if (manifest !== null && isEncrypted(manifest)) throw new AppError('file_encrypted');
  return {
    contentBytes: async () => {
      if (zip.has('content.xml')) return zip.read('content.xml');
      throw new AppError('file_damaged', { cause: new Error('no content.xml') });
    },
    meta: async () => {
      const meta = await partOf(zip, 'meta.xml');
      return meta === null ? null : elementAt(meta, 'office:meta');
    },
    styles: () => partOf(zip, 'styles.xml'),
  };
}

/** The parts as trees. Errors: as `openOdfPackage`; `file_damaged` when there is no content. */
export async function readOdfParts(bytes: Uint8Array): Promise<OdfParts> {
  const file = await openOdfPackage(bytes);
  const content = readXml(await file.contentBytes(), { namespaces: NAMESPACES });
  return { content, meta: await file.meta(), styles: await file.styles() };
}

async function partOf(zip: ZipArchive, name: string): Promise<XmlElement | null> {
  return zip.has(name) ? readXml(await zip.read(name), { namespaces: NAMESPACES }) : null;
}

function isEncrypted(manifest: XmlElement): boolean {
  return elementsOf(manifest, 'manifest:file-entry').some(
    (entry) => elementAt(entry, 'manifest:encryption-data') !== null,
  );
}
