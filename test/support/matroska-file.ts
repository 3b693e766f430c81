/** Small Matroska files: an index with whatever tracks a test wants, and the texts in them. */
import type { TimedLine } from './mp4-file.ts';

export interface MatroskaText {
  readonly codec?: string;
  readonly language?: string;
  readonly isForced?: boolean;
  readonly isDefault?: boolean;
  /** Further elements of the track. */
  readonly extra?: readonly Buffer[];
  readonly lines: readonly TimedLine[];
  /** What stands in a block for a text; without it the text itself. */
  readonly packed?: (text: string) => Buffer;
  /** Blocks without a duration. */
  readonly isSimple?: boolean;
}

export interface MatroskaFile {
  readonly docType?: 'matroska' | 'webm';
  readonly title?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly seconds?: number;
  readonly texts?: readonly MatroskaText[];
  readonly chapters?: readonly (readonly [startSeconds: number, title: string, isHidden?: boolean])[];
  /** As live streams are: nobody knows how long segment and clusters are. */
  readonly isLive?: boolean;
}

const CLUSTER_MS = 30_000;
const UNKNOWN_SIZE = Buffer.from([0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);

export function buildMatroska(file: MatroskaFile): Buffer {
  const { texts = [], isLive = false } = file;
  const parts = [info(file), tracksOf(texts), chaptersOf(file.chapters ?? []), tagsOf(file.tags ?? {})];
  const clusters = clustersOf(texts, isLive);
  const head = element('1a45dfa3', text('4282', file.docType ?? 'matroska'));
  const body = [...parts, ...clusters];
  return Buffer.concat([head, isLive ? endless('18538067', ...body) : element('18538067', ...body)]);
}

/** @param id in hexadecimal, with its marker */
export function element(id: string, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(body.length + 0x1000_0000);
  return Buffer.concat([Buffer.from(id, 'hex'), size, body]);
}

export function unsigned(id: string, value: number): Buffer {
  const bytes = Buffer.alloc(6);
  bytes.writeUIntBE(value, 0, 6);
  return element(id, bytes);
}

export function text(id: string, value: string): Buffer {
  return element(id, Buffer.from(value, 'utf8'));
}

function endless(id: string, ...parts: readonly Buffer[]): Buffer {
  return Buffer.concat([Buffer.from(id, 'hex'), UNKNOWN_SIZE, ...parts]);
}

function info({ title, seconds = 60 }: MatroskaFile): Buffer {
  const duration = Buffer.alloc(8);
  duration.writeDoubleBE(seconds * 1000);
  const named = title === undefined ? [] : [text('7ba9', title)];
  return element('1549a966', unsigned('2ad7b1', 1_000_000), element('4489', duration), ...named);
}

function tracksOf(texts: readonly MatroskaText[]): Buffer {
  const picture = element('e0', unsigned('b0', 320), unsigned('ba', 180));
  return element(
    '1654ae6b',
    element('ae', unsigned('d7', 1), unsigned('83', 1), text('86', 'V_VP9'), text('22b59c', 'und'), picture),
    element('ae', unsigned('d7', 2), unsigned('83', 2), text('86', 'A_OPUS'), text('22b59c', 'und')),
    ...texts.map(({ codec = 'S_TEXT/UTF8', language, isForced, isDefault, extra = [] }, at) =>
      element(
        'ae',
        unsigned('d7', 3 + at),
        unsigned('83', 17),
        text('86', codec),
        ...(language === undefined ? [] : [text('22b59c', language)]),
        ...(isForced === undefined ? [] : [unsigned('55aa', isForced ? 1 : 0)]),
        ...(isDefault === undefined ? [] : [unsigned('88', isDefault ? 1 : 0)]),
        ...extra,
      ),
    ),
  );
}

function chaptersOf(chapters: NonNullable<MatroskaFile['chapters']>): Buffer {
  const atoms = chapters.map(([startSeconds, title, isHidden = false]) =>
    element(
      'b6',
      unsigned('91', startSeconds * 1e9),
      ...(isHidden ? [unsigned('98', 1)] : []),
      element('80', text('85', title)),
    ),
  );
  return element('1043a770', element('45b9', ...atoms));
}

/** Beside those of the file, one that belongs to a track. */
function tagsOf(tags: Readonly<Record<string, string>>): Buffer {
  const simple = Object.entries(tags).map(([name, value]) =>
    element('67c8', text('45a3', name), text('4487', value)),
  );
  const ofTrack = element('67c8', text('45a3', 'TITLE'), text('4487', 'of a track'));
  return element(
    '1254c367',
    element('7373', element('63c0', unsigned('63c5', 7)), ofTrack),
    element('7373', element('63c0'), ...simple),
  );
}

function clustersOf(texts: readonly MatroskaText[], isLive: boolean): readonly Buffer[] {
  const blocks = texts.flatMap((track, at) => track.lines.map((line) => ({ track, number: 3 + at, line })));
  const clusters = new Map<number, Buffer[]>();
  for (const { track, number, line } of blocks.toSorted((one, other) => one.line[0] - other.line[0])) {
    const cluster = Math.floor(line[0] / CLUSTER_MS);
    const before = clusters.get(cluster) ?? [unsigned('e7', cluster * CLUSTER_MS), picture()];
    clusters.set(cluster, [...before, blockOf(track, number, line, cluster * CLUSTER_MS)]);
  }
  return [...clusters.values()].map((parts) =>
    isLive ? endless('1f43b675', ...parts) : element('1f43b675', ...parts),
  );
}

function picture(): Buffer {
  return element('a3', Buffer.from([0x81, 0, 0, 0x80]), Buffer.alloc(100));
}

function blockOf(
  { packed = (line) => Buffer.from(line), isSimple = false }: MatroskaText,
  number: number,
  [start, duration, line]: TimedLine,
  clusterMs: number,
): Buffer {
  const head = Buffer.from([0x80 + number, 0, 0, 0]);
  head.writeInt16BE(start - clusterMs, 1);
  if (isSimple) return element('a3', head, packed(line));
  return element('a0', element('a1', head, packed(line)), unsigned('9b', duration));
}
