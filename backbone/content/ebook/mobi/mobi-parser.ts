/** Kindle and Mobipocket books (MOBI, AZW, AZW3) without copy protection, as an extraction. */
import { AppError } from '../../../errors.ts';
import type { Block, ContentLink } from '../../model.ts';
import { withFileTitle } from '../../parsing/file-title.ts';
import { htmlBlocks } from '../../parsing/html-blocks.ts';
import type { Parser } from '../../parsing/parser.ts';
import { textLimitOf } from '../../parsing/text-limit.ts';
import { placesOf, readChapter } from '../chapter-document.ts';
import { chapterStarts, underChapter } from '../chapters.ts';
import type { TocEntry } from '../table-of-contents.ts';
import { readBookText } from './book-text.ts';
import { chaptersOf } from './contents-index.ts';
import { readIndex, type BookIndex } from './index-records.ts';
import { kf8Parts } from './kf8-parts.ts';
import { readMobiHeader, type MobiHeader } from './mobi-header.ts';
import { mobiMetadata } from './mobi-metadata.ts';
import { contentsPageAt, linkedChapters, mobi6Parts } from './mobi6-parts.ts';
import { openPalmDatabase, type PalmDatabase } from './palm-database.ts';
import { markChapters, type BookPart, type ChapterPlace } from './parts.ts';

const MOST_LISTED = 2000;
const MOST_LINKS = 5000;
const XML_DECLARATION = /^\s{0,99}<\?xml[^<>]{0,500}\?>/;

/**
 * Option `maxTextBytes` (setting MAX_TEXT_MB), for the text unpacked. Progress counts records of text. Errors:
 * `encrypted_drm`, `file_damaged`, `file_unsafe`, `source_empty`, `source_too_large`, `no_text`.
 */
export const parseMobi: Parser = (input, events) =>
  new Promise((resolve) => {
    if (input.bytes.length === 0) throw new AppError('source_empty');
    const database = openPalmDatabase(input.bytes);
    const header = readMobiHeader(database);
    const text = readBookText(database, header, {
      maxTextBytes: textLimitOf(input),
      progress: (done, total) => events.progress(done, total),
    });
    const { parts, chapters } =
      header.skeletonsRecord === null ? oldBook(database, header, text) : kf8Book(database, header, text);
    const { blocks, links } = readParts(parts, chapters, header);
    if (blocks.length === 0) throw new AppError('no_text');
    const { metadata, details } = mobiMetadata(header);
    const listed = chapters
      .slice(0, MOST_LISTED)
      .map(({ label, above }) => ({ title: label, depth: above.length + 1 }));
    const extraction = {
      blocks,
      metadata,
      typeMetadata: { ...details, chapters: listed },
      links,
      pageCount: null,
      warnings: [],
    };
    resolve(withFileTitle(extraction, input.fileName));
  });

interface OpenBook {
  readonly parts: readonly BookPart[];
  readonly chapters: readonly ChapterPlace[];
}

function indexAt(database: PalmDatabase, header: MobiHeader, record: number): BookIndex {
  return readIndex((index) => database.record(header.firstRecord + index), record, header.encoding);
}

function kf8Book(database: PalmDatabase, header: MobiHeader, text: Buffer): OpenBook {
  const { skeletonsRecord, fragmentsRecord, contentsRecord } = header;
  const none: BookIndex = { rows: [], text: () => null };
  const open = (record: number | null): BookIndex =>
    record === null ? none : indexAt(database, header, record);
  const fragments = open(fragmentsRecord);
  return {
    parts: kf8Parts(text, open(skeletonsRecord), fragments),
    chapters: chaptersOf(open(contentsRecord), fragments),
  };
}

/** The page of contents is read for its links when there is no index, and is no text. */
function oldBook(database: PalmDatabase, header: MobiHeader, text: Buffer): OpenBook {
  const parts = mobi6Parts(text);
  const at = contentsPageAt(text);
  const page = at === null ? undefined : parts.findLast(({ start }) => start <= at);
  const decoder = new TextDecoder(header.encoding);
  const indexed =
    header.contentsRecord === null ? [] : chaptersOf(indexAt(database, header, header.contentsRecord), null);
  const chapters =
    indexed.length > 0 || page === undefined
      ? indexed
      : linkedChapters(page.markup, (bytes) => decoder.decode(bytes));
  return { parts: parts.length > 1 ? parts.filter((part) => part !== page) : parts, chapters };
}

function readParts(
  parts: readonly BookPart[],
  chapters: readonly ChapterPlace[],
  { encoding }: MobiHeader,
): { readonly blocks: readonly Block[]; readonly links: readonly ContentLink[] } {
  const decoder = new TextDecoder(encoding);
  const blocks: Block[] = [];
  const links: ContentLink[] = [];
  let chapter: TocEntry | null = null;
  for (const { markup, entries } of markChapters(parts, chapters)) {
    const tree = readChapter(Buffer.from(decoder.decode(markup).replace(XML_DECLARATION, '')));
    const places = placesOf(tree);
    const read = htmlBlocks([tree.body], {
      baseUrl: null,
      markOf: (element, outer) => places.byElement.get(element) ?? outer,
    });
    const starts = chapterStarts(entries, places);
    let next = 0;
    for (const { block, mark } of read.blocks) {
      for (let start = starts[next]; start !== undefined && start.at <= mark; start = starts[next]) {
        chapter = start.entry;
        next += 1;
      }
      if (block.text.trim() !== '') blocks.push(underChapter(block, chapter));
    }
    // Chapters that begin behind the last text of this part run on in the next.
    chapter = starts.at(-1)?.entry ?? chapter;
    links.push(
      ...read.links.slice(0, Math.max(0, MOST_LINKS - links.length)).map(({ url, text }) => ({ url, text })),
    );
  }
  return { blocks, links };
}
