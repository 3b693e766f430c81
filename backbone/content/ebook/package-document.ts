/** The package document of a book (OPF): its files, their reading order and where its metadata stand. */
import { AppError } from '../../errors.ts';
import type { XmlElement } from '../parsing/xml.ts';
import { resolveReference, type BookFiles, type Reference } from './book-files.ts';
import { allChildren, attribute, childOf, childrenOf, localName, rootOf, tokensOf } from './xml-names.ts';

export interface ManifestItem extends Reference {
  readonly id: string;
  readonly mediaType: string;
  readonly properties: ReadonlySet<string>;
}

export interface SpineItem {
  readonly path: string;
  /** False for what is beside the reading order, such as notes that open in a window of their own. */
  readonly isLinear: boolean;
  /** Steps of a canonical fragment identifier (EPUB CFI) from the package document to this item. */
  readonly cfi: string;
}

/** A part of the book by its role, as the guide or the landmarks name it: `cover`, `toc` ... */
export interface RoleReference extends Reference {
  readonly role: string;
}

export interface PackageDocument {
  readonly version: string;
  readonly uniqueId: string;
  readonly metadata: XmlElement | null;
  readonly items: readonly ManifestItem[];
  /** In the order of the spine; each file once. */
  readonly spine: readonly SpineItem[];
  readonly guide: readonly RoleReference[];
  /** Null when the book has none. */
  readonly navPath: string | null;
  readonly ncxPath: string | null;
}

/** Errors: `file_damaged` when there is no package document or no spine; `file_unsafe`. */
export async function readPackage(files: BookFiles): Promise<PackageDocument> {
  const path = await packagePath(files);
  const root = path === null ? null : rootOf(await files.read(path));
  if (path === null || root === null || localName(root.name) !== 'package')
    throw damaged('no package document');
  const items = childrenOf(childOf(root, 'manifest'), 'item').flatMap((item) => manifestItem(path, item));
  const spine = spineOf(root, items);
  if (spine.length === 0) throw damaged('nothing in the spine');
  return {
    version: attribute(root, 'version'),
    uniqueId: attribute(root, 'unique-identifier'),
    metadata: childOf(root, 'metadata'),
    items,
    spine,
    guide: childrenOf(childOf(root, 'guide'), 'reference').flatMap((element) => guideEntry(path, element)),
    navPath: items.find(({ properties }) => properties.has('nav'))?.path ?? null,
    ncxPath: ncxOf(childOf(root, 'spine'), items),
  };
}

/** As the container says; without one that helps, the first package document in the archive. */
async function packagePath(files: BookFiles): Promise<string | null> {
  const container = rootOf(await files.read('META-INF/container.xml'));
  const named = childrenOf(childOf(container, 'rootfiles'), 'rootfile')
    .map((element) => resolveReference('', attribute(element, 'full-path')))
    .find((reference) => reference !== null && files.find(reference.path) !== null);
  return named?.path ?? files.names.find((name) => /\.opf$/i.test(name)) ?? null;
}

function manifestItem(base: string, item: XmlElement): ManifestItem[] {
  const reference = resolveReference(base, attribute(item, 'href'));
  if (reference === null) return [];
  return [
    {
      ...reference,
      id: attribute(item, 'id'),
      mediaType: attribute(item, 'media-type').toLowerCase(),
      properties: tokensOf(attribute(item, 'properties')),
    },
  ];
}

function spineOf(root: XmlElement, items: readonly ManifestItem[]): SpineItem[] {
  const byId = new Map(items.map((item) => [item.id, item]));
  const spineStep = stepOf(allChildren(root).findIndex(({ name }) => localName(name) === 'spine'));
  const spine = new Map<string, SpineItem>();
  for (const [index, element] of allChildren(childOf(root, 'spine')).entries()) {
    const item = byId.get(attribute(element, 'idref'));
    if (item === undefined || spine.has(item.path) || !isReadable(item)) continue;
    const isLinear = attribute(element, 'linear').toLowerCase() !== 'no';
    spine.set(item.path, { path: item.path, isLinear, cfi: `${spineStep}${stepOf(index)}` });
  }
  return [...spine.values()];
}

/** Elements have the even numbers in a CFI. */
function stepOf(index: number): string {
  return `/${2 * (index + 1)}`;
}

/** Pictures may stand in the spine as well. The media types of old books are often wrong, their names seldom. */
function isReadable({ path, mediaType }: ManifestItem): boolean {
  return /html|dtbook|oeb1-document/.test(mediaType) || /\.x?html?$/i.test(path);
}

function guideEntry(base: string, element: XmlElement): RoleReference[] {
  const reference = resolveReference(base, attribute(element, 'href'));
  return reference === null ? [] : [{ ...reference, role: attribute(element, 'type').toLowerCase() }];
}

function ncxOf(spine: XmlElement | null, items: readonly ManifestItem[]): string | null {
  const named = items.find(({ id }) => id !== '' && id === attribute(spine, 'toc'));
  return (named ?? items.find(({ mediaType }) => mediaType === 'application/x-dtbncx+xml'))?.path ?? null;
}

function damaged(reason: string): AppError {
  return new AppError('file_damaged', { cause: new Error(reason) });
}
