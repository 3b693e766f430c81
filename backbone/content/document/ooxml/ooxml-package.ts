/** The parts of an Office Open XML file and how they refer to each other. */
import { posix } from 'node:path';
import { AppError } from '../../../errors.ts';
import { elementsOf, readXml, type XmlElement } from '../../parsing/xml.ts';
import { openZip, type ZipArchive } from '../../parsing/zip.ts';

const OFFICE_2006 = 'http://schemas.openxmlformats.org';
const OFFICE_STRICT = 'http://purl.oclc.org/ooxml';

/** Our prefixes. Files of the strict kind have other namespace names for the same elements. */
const NAMESPACES: Readonly<Record<string, string>> = {
  [`${OFFICE_2006}/wordprocessingml/2006/main`]: 'w',
  [`${OFFICE_STRICT}/wordprocessingml/main`]: 'w',
  [`${OFFICE_2006}/officeDocument/2006/math`]: 'm',
  [`${OFFICE_STRICT}/officeDocument/math`]: 'm',
  [`${OFFICE_2006}/officeDocument/2006/relationships`]: 'r',
  [`${OFFICE_STRICT}/officeDocument/relationships`]: 'r',
  [`${OFFICE_2006}/drawingml/2006/wordprocessingDrawing`]: 'wp',
  [`${OFFICE_STRICT}/drawingml/wordprocessingDrawing`]: 'wp',
  [`${OFFICE_2006}/drawingml/2006/main`]: 'a',
  [`${OFFICE_STRICT}/drawingml/main`]: 'a',
  [`${OFFICE_2006}/presentationml/2006/main`]: 'p',
  [`${OFFICE_STRICT}/presentationml/main`]: 'p',
  [`${OFFICE_2006}/spreadsheetml/2006/main`]: 's',
  [`${OFFICE_STRICT}/spreadsheetml/main`]: 's',
  'http://schemas.microsoft.com/office/drawing/2010/main': 'a14',
  [`${OFFICE_2006}/markup-compatibility/2006`]: 'mc',
  [`${OFFICE_2006}/package/2006/metadata/core-properties`]: 'cp',
  [`${OFFICE_2006}/package/2006/relationships`]: 'rel',
  [`${OFFICE_2006}/officeDocument/2006/extended-properties`]: 'ep',
  [`${OFFICE_STRICT}/officeDocument/extendedProperties`]: 'ep',
  'http://purl.org/dc/elements/1.1/': 'dc',
  'http://purl.org/dc/terms/': 'dcterms',
  'urn:schemas-microsoft-com:vml': 'v',
};

export interface Relationship {
  readonly id: string;
  /** Last part of the type's URI: `styles`, `footnotes`, `hyperlink`. */
  readonly type: string;
  /** Name of a part, or an address when `external`. */
  readonly target: string;
  readonly external: boolean;
}

export interface OoxmlPackage {
  /** Null when there is no such part. Errors: as `openZip` and `readXml`. */
  part(name: string): Promise<XmlElement | null>;
  /** The unpacked bytes, for parts too large for a tree. Null and errors as for `part`. */
  bytes(name: string): Promise<Uint8Array | null>;
  relationshipsOf(name: string): Promise<readonly Relationship[]>;
  /** The part that the package names as its main document. */
  readonly mainPart: string;
}

/** Errors: as `openZip`; `file_damaged` when the archive holds no main document. */
export async function openOoxmlPackage(bytes: Uint8Array, fallbackPart: string): Promise<OoxmlPackage> {
  const zip = await openZip(bytes);
  const main = (await relationships(zip, '')).find(({ type }) => type === 'officeDocument');
  const mainPart = main !== undefined && zip.has(main.target) ? main.target : fallbackPart;
  if (!zip.has(mainPart)) throw new AppError('file_damaged', { cause: new Error('no main document part') });
  return {
    mainPart,
    part: (name) => readPart(zip, name),
    bytes: async (name) => (zip.has(name) ? zip.read(name) : null),
    relationshipsOf: (name) => relationships(zip, name),
  };
}

async function readPart(zip: ZipArchive, name: string): Promise<XmlElement | null> {
  return zip.has(name) ? readXml(await zip.read(name), { namespaces: NAMESPACES }) : null;
}

async function relationships(zip: ZipArchive, source: string): Promise<readonly Relationship[]> {
  const folder = posix.dirname(source);
  const root = await readPart(zip, posix.join(folder, '_rels', `${posix.basename(source)}.rels`));
  if (root === null) return [];
  return elementsOf(root, 'rel:Relationship').map(({ attributes }) => {
    const external = attributes.get('TargetMode') === 'External';
    const target = attributes.get('Target') ?? '';
    return {
      id: attributes.get('Id') ?? '',
      type: (attributes.get('Type') ?? '').split('/').at(-1) ?? '',
      target: external ? target : posix.resolve('/', folder, target).slice(1),
      external,
    };
  });
}
