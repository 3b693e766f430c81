/** Sectors of a compound file, and the tables that say which one follows which. Pure; O(file). */
import { AppError } from '../../../errors.ts';

export interface Sectors {
  readonly bytes: Buffer;
  readonly size: number;
  /** Where sector 0 begins. */
  readonly offset: number;
}

export interface Allocation {
  readonly sectors: Sectors;
  /** The next sector of each; numbers beyond the table end a chain. */
  readonly table: Uint32Array;
  readonly miniTable: Uint32Array;
  readonly miniSectorBytes: number;
  /** Streams below this many bytes stand in small sectors. */
  readonly miniLimit: number;
  readonly directoryStart: number;
}

const MAGIC = 'd0cf11e0a1b11ae1';
const HEADER_BYTES = 512;
const HEADER_TABLE_SECTORS = 109;
const MINI_LIMIT = 4096;

/** Errors: `file_damaged`. */
export function readAllocation(bytes: Buffer): Allocation {
  if (bytes.length < HEADER_BYTES || bytes.toString('hex', 0, 8) !== MAGIC)
    throw new AppError('file_damaged');
  const size = 2 ** bytes.readUInt16LE(30);
  const miniSectorBytes = 2 ** bytes.readUInt16LE(32);
  if ((size !== 512 && size !== 4096) || miniSectorBytes !== 64) throw new AppError('file_damaged');
  const sectors: Sectors = { bytes, size, offset: size };
  const table = numbersIn(tableSectors(sectors).map((sector) => sectorAt(sectors, sector)));
  const miniStart = bytes.readUInt32LE(60);
  const miniTable = numbersIn([chainOf(sectors, table, { start: miniStart, size: Infinity })]);
  const directoryStart = bytes.readUInt32LE(48);
  return { sectors, table, miniTable, miniSectorBytes, miniLimit: MINI_LIMIT, directoryStart };
}

/**
 * The bytes of a chain, at most `size`. Ends early where the chain leaves the file, and where it has more sectors than
 * there are. O(result).
 */
export function chainOf(
  sectors: Sectors,
  table: Uint32Array,
  { start, size }: { readonly start: number; readonly size: number },
): Buffer {
  const most = Math.min(countOf(sectors), Math.ceil(size / sectors.size));
  const parts: Buffer[] = [];
  for (let sector = start; parts.length < most; sector = table[sector] ?? Infinity) {
    const part = sectorAt(sectors, sector);
    if (part.length === 0) break;
    parts.push(part);
  }
  const content = Buffer.concat(parts);
  return content.length > size ? content.subarray(0, size) : content;
}

/** The sectors that hold the table: 109 in the header, further ones in a chain of their own, each once. */
function tableSectors(sectors: Sectors): readonly number[] {
  const { bytes, size } = sectors;
  const found = new Set<number>();
  const add = (from: Buffer, count: number, at: number): void => {
    for (let index = 0; index < count && at + index * 4 + 4 <= from.length; index += 1) {
      const sector = from.readUInt32LE(at + index * 4);
      if (sector < countOf(sectors)) found.add(sector);
    }
  };
  add(bytes, HEADER_TABLE_SECTORS, 76);
  const perSector = size / 4 - 1;
  const seen = new Set<number>();
  for (let sector = bytes.readUInt32LE(68); sector < countOf(sectors) && !seen.has(sector); ) {
    seen.add(sector);
    const part = sectorAt(sectors, sector);
    add(part, perSector, 0);
    sector = part.length === size ? part.readUInt32LE(perSector * 4) : Infinity;
  }
  return [...found];
}

function countOf({ bytes, size, offset }: Sectors): number {
  return Math.max(0, Math.ceil((bytes.length - offset) / size));
}

/** Empty beyond the end. The last one may be cut off. */
function sectorAt({ bytes, size, offset }: Sectors, sector: number): Buffer {
  const at = offset + sector * size;
  return at < bytes.length ? bytes.subarray(at, Math.min(at + size, bytes.length)) : Buffer.alloc(0);
}

function numbersIn(parts: readonly Buffer[]): Uint32Array {
  const joined = Buffer.concat(parts);
  return Uint32Array.from({ length: Math.floor(joined.length / 4) }, (_, at) => joined.readUInt32LE(at * 4));
}
