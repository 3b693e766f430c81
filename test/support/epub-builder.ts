import { zipArchive, type ZipMember } from './zip-archive.ts';

/** A file of the spine. */
export interface EpubChapter {
  /** File name beside the package document, as the archive has it. */
  readonly name: string;
  /** What stands in the body. */
  readonly body: string;
  readonly bodyAttributes?: string;
  /** The whole file, instead of one made around `body`. */
  readonly raw?: string;
  readonly linear?: 'yes' | 'no';
  readonly properties?: string;
  /** As the manifest writes it; the name unless told. */
  readonly href?: string;
  readonly mediaType?: string;
}

export interface EpubSpec {
  readonly version?: '2.0' | '3.0';
  /** What stands in the package document's `metadata`. */
  readonly metadata?: string;
  readonly chapters: readonly EpubChapter[];
  /** List items of the navigation document, which is not in the spine. */
  readonly nav?: string;
  readonly landmarks?: string;
  /** `navPoint`s of the NCX. */
  readonly ncx?: string;
  readonly guide?: string;
  /** Further items of the manifest. */
  readonly items?: string;
  readonly spineAttributes?: string;
  /** Further files by their path in the archive. */
  readonly files?: Readonly<Record<string, string>>;
  /** Paths of files to leave out. */
  readonly without?: readonly string[];
  readonly mimetype?: string;
}

const XHTML = 'application/xhtml+xml';
const DEFAULT_METADATA =
  '<dc:title>A book</dc:title><dc:creator>Ann Author</dc:creator><dc:language>en</dc:language>';

/** An EPUB with its package document at `OPS/book.opf`. */
export function buildEpub(spec: EpubSpec): Buffer {
  const { chapters, nav, ncx, files = {}, without = [] } = spec;
  const members: ZipMember[] = [
    { name: 'mimetype', content: spec.mimetype ?? 'application/epub+zip', stored: true },
    { name: 'META-INF/container.xml', content: CONTAINER },
    { name: 'OPS/book.opf', content: packageDocument(spec) },
    ...chapters.map((chapter) => ({ name: `OPS/${chapter.name}`, content: contentDocument(chapter) })),
    ...(nav === undefined ? [] : [{ name: 'OPS/nav.xhtml', content: navDocument(nav, spec.landmarks) }]),
    ...(ncx === undefined
      ? []
      : [{ name: 'OPS/toc.ncx', content: `${NCX_HEAD}<navMap>${ncx}</navMap></ncx>` }]),
    ...Object.entries(files).map(([name, content]) => ({ name, content })),
  ];
  return zipArchive(members.filter(({ name }) => !without.includes(name)));
}

/** An item of the navigation document's list. */
export function navItem(label: string, href: string, inner = ''): string {
  return `<li><a href="${href}">${label}</a>${inner === '' ? '' : `<ol>${inner}</ol>`}</li>`;
}

export function navPoint(label: string, source: string, inner = ''): string {
  return `<navPoint><navLabel><text>${label}</text></navLabel><content src="${source}"/>${inner}</navPoint>`;
}

const CONTAINER = `<?xml version="1.0"?><container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="OPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>`;
const NCX_HEAD = `<?xml version="1.0"?>
<!DOCTYPE ncx PUBLIC "-//NISO//DTD ncx 2005-1//EN" "http://www.daisy.org/z3986/2005/ncx-2005-1.dtd">
<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/" version="2005-1">`;

function packageDocument(spec: EpubSpec): string {
  const { version = '3.0', metadata = DEFAULT_METADATA, chapters, guide } = spec;
  const items = chapters.map(
    ({ name, href = name, mediaType = XHTML, properties = '' }, index) =>
      `<item id="c${index}" href="${href}" media-type="${mediaType}" properties="${properties}"/>`,
  );
  const refs = chapters.map(
    ({ linear }, index) => `<itemref idref="c${index}"${linear === undefined ? '' : ` linear="${linear}"`}/>`,
  );
  const nav =
    spec.nav === undefined ? '' : `<item id="nav" href="nav.xhtml" media-type="${XHTML}" properties="nav"/>`;
  const ncx =
    spec.ncx === undefined ? '' : '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>';
  return `<?xml version="1.0" encoding="UTF-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="${version}" unique-identifier="pub">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:opf="http://www.idpf.org/2007/opf">${metadata}</metadata>
<manifest>${items.join('')}${nav}${ncx}${spec.items ?? ''}</manifest>
<spine ${spec.spineAttributes ?? ''}>${refs.join('')}</spine>
${guide === undefined ? '' : `<guide>${guide}</guide>`}</package>`;
}

function contentDocument({ raw, body, bodyAttributes = '' }: EpubChapter): string {
  return raw ?? page(`<body ${bodyAttributes}>${body}</body>`);
}

function navDocument(items: string, landmarks: string | undefined): string {
  const marks = landmarks === undefined ? '' : `<nav epub:type="landmarks"><ol>${landmarks}</ol></nav>`;
  return page(`<body><nav epub:type="toc"><h1>Contents</h1><ol>${items}</ol></nav>${marks}</body>`);
}

function page(body: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "http://www.w3.org/TR/xhtml11/DTD/xhtml11.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><head><title/></head>${body}</html>`;
}
