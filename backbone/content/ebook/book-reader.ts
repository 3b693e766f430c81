/** Reads a book from its archive: sections in reading order, each block with its chapter and its place. */
import type { Block, ContentLink, ContentWarning, Locator } from '../model.ts';
import { htmlBlocks, type ReadBlock } from '../parsing/html-blocks.ts';
import { textTooLarge } from '../parsing/text-limit.ts';
import { openBookFiles, type BookFiles } from './book-files.ts';
import { isPageBreak, placesOf, readChapter, stepsAt, type Places } from './chapter-document.ts';
import { chapterStarts, underChapter } from './chapters.ts';
import { readPackage, type PackageDocument, type RoleReference, type SpineItem } from './package-document.ts';
import { refuseProtected } from './protection.ts';
import { roleOf, type SectionRole } from './section-role.ts';
import { readTableOfContents, type TocEntry } from './table-of-contents.ts';

export interface Section {
  readonly path: string;
  readonly isLinear: boolean;
  /** Null for text. */
  readonly role: SectionRole | null;
  readonly blocks: readonly Block[];
}

export interface Book {
  readonly package: PackageDocument;
  readonly entries: readonly TocEntry[];
  /** In reading order: what is beside the reading order comes last. */
  readonly sections: readonly Section[];
  readonly links: readonly ContentLink[];
  readonly warnings: readonly ContentWarning[];
}

export interface BookOptions {
  /** Of all sections together, unpacked. */
  readonly maxTextBytes: number;
  readonly progress: (done: number, total: number) => void;
}

const MOST_LINKS = 5000;
const MOST_WARNINGS = 20;

/** Errors: `encrypted_drm`, `file_damaged`, `file_encrypted`, `file_unsafe`, `source_too_large`. */
export async function readBook(bytes: Uint8Array, options: BookOptions): Promise<Book> {
  const files = await openBookFiles(bytes);
  await refuseProtected(files);
  const book = await readPackage(files);
  const { entries, landmarks } = await readTableOfContents(files, book);
  const reader = new SectionReader(files, book, entries, [...landmarks, ...book.guide]);
  const order = [
    ...book.spine.filter((item) => item.isLinear),
    ...book.spine.filter((item) => !item.isLinear),
  ];
  const sections: Section[] = [];
  for (const [index, item] of order.entries()) {
    const section = await reader.read(item, options.maxTextBytes);
    if (section !== null) sections.push(section);
    options.progress(index + 1, order.length);
  }
  return { package: book, entries, sections, links: reader.links, warnings: reader.warnings };
}

class SectionReader {
  readonly links: ContentLink[] = [];
  readonly warnings: ContentWarning[] = [];
  readonly #files: BookFiles;
  readonly #book: PackageDocument;
  readonly #entries: ReadonlyMap<string, readonly TocEntry[]>;
  readonly #roles: ReadonlyMap<string, readonly RoleReference[]>;
  /** Runs on into the next file, unless the contents name that one. */
  #chapter: TocEntry | null = null;
  #bytes = 0;

  constructor(
    files: BookFiles,
    book: PackageDocument,
    entries: readonly TocEntry[],
    roles: readonly RoleReference[],
  ) {
    const nameOf = ({ path }: { readonly path: string }): string => files.find(path) ?? path;
    this.#files = files;
    this.#book = book;
    this.#entries = Map.groupBy(entries, nameOf);
    this.#roles = Map.groupBy(roles, nameOf);
  }

  /** Null, with a warning, when the file is missing or damaged. */
  async read(item: SpineItem, maxTextBytes: number): Promise<Section | null> {
    const name = this.#files.find(item.path) ?? item.path;
    const bytes = await this.#files.read(item.path);
    if (bytes === null) {
      this.#warn(`The book names a part that is missing or damaged: ${name.slice(0, 200)}.`);
      return null;
    }
    this.#bytes += bytes.length;
    if (this.#bytes > maxTextBytes) throw textTooLarge(maxTextBytes);
    return this.#section(item, name, bytes);
  }

  #section(item: SpineItem, name: string, bytes: Uint8Array): Section {
    const tree = readChapter(bytes);
    const places = placesOf(tree);
    const read = htmlBlocks([tree.body], {
      baseUrl: null,
      isDropped: (element) => isPageBreak(element) || element.name === 'epub:case',
      markOf: (element, outer) => places.byElement.get(element) ?? outer,
    });
    const role = roleOf({
      body: tree.body,
      isNavigation: item.path === this.#book.navPath,
      references: this.#roles.get(name) ?? [],
      blocks: read.blocks,
    });
    const room = Math.max(0, MOST_LINKS - this.links.length);
    if (role === null) this.links.push(...read.links.slice(0, room).map(({ url, text }) => ({ url, text })));
    const blocks = this.#inChapters(read.blocks, places, { item, name });
    return { path: name, isLinear: item.isLinear, role, blocks };
  }

  #inChapters(
    read: readonly ReadBlock[],
    places: Places,
    { item, name }: { readonly item: SpineItem; readonly name: string },
  ): readonly Block[] {
    const starts = chapterStarts(this.#entries.get(name) ?? [], places);
    let next = 0;
    if (!item.isLinear) this.#chapter = null;
    const blocks = read.map(({ block, mark }) => {
      for (let start = starts[next]; start !== undefined && start.at <= mark; start = starts[next]) {
        this.#chapter = start.entry;
        next += 1;
      }
      return underChapter(placed(block, places, mark, { item, name }), this.#chapter);
    });
    // Chapters that begin behind the last text of this file run on in the next.
    this.#chapter = starts.at(-1)?.entry ?? this.#chapter;
    return blocks;
  }

  #warn(message: string): void {
    if (this.warnings.length < MOST_WARNINGS) this.warnings.push({ code: 'part_missing', message });
  }
}

function placed(
  block: Block,
  places: Places,
  mark: number,
  { item, name }: { readonly item: SpineItem; readonly name: string },
): Block {
  const place = places.all[mark];
  const steps = stepsAt(places, mark);
  const pageLabel = place?.pageLabel ?? null;
  const locator: Locator = {
    ...block.locator,
    href: name,
    ...(steps === null ? {} : { cfi: `epubcfi(${item.cfi}!${steps})` }),
    ...(pageLabel === null ? {} : { pageLabel }),
  };
  const isNote = place?.isNote === true && (block.kind === 'paragraph' || block.kind === 'list_item');
  return { ...block, locator, ...(isNote ? { kind: 'footnote' } : {}) };
}
