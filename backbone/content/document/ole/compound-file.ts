/**
 * Compound files (MS-CFB): a file system in a file, as old Office programs and Outlook write it. Pure; opening is O(file).
 * Chains that turn in circles, lead out of the file or share sectors cost no more than a file without such faults.
 */
import { AppError } from '../../../errors.ts';
import { chainOf, readAllocation, type Allocation } from './sector-chains.ts';

export interface Storage {
  /** Names of the storages in it, sorted. */
  readonly storageNames: readonly string[];
  has(streamName: string): boolean;
  /** Null when there is none. Errors: `file_unsafe` when more is read than the file can hold. */
  stream(name: string): Buffer | null;
  storage(name: string): Storage | null;
}

interface Entry {
  readonly name: string;
  readonly kind: number;
  readonly left: number;
  readonly right: number;
  readonly child: number;
  readonly start: number;
  readonly size: number;
}

const STORAGE = 1;
const STREAM = 2;
const ENTRY_BYTES = 128;
const MOST_ENTRIES = 100_000;
/** All streams together are no larger than their file; some are read twice. */
const READ_PER_BYTE = 2;

/** The root of the file. Errors: `file_damaged`. */
export function openCompoundFile(bytes: Uint8Array): Storage {
  return new CompoundFile(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)).root();
}

class CompoundFile {
  readonly #allocation: Allocation;
  readonly #entries: readonly Entry[];
  /** Where the small streams stand. */
  readonly #mini: Buffer;
  readonly #visited = new Set<number>();
  #left: number;

  constructor(bytes: Buffer) {
    this.#allocation = readAllocation(bytes);
    this.#left = bytes.length * READ_PER_BYTE;
    const { sectors, table, directoryStart } = this.#allocation;
    this.#entries = entriesIn(chainOf(sectors, table, { start: directoryStart, size: Infinity }));
    const [root] = this.#entries;
    if (root === undefined) throw new AppError('file_damaged');
    this.#mini = chainOf(sectors, table, root);
  }

  root(): Storage {
    return this.#storageOf(this.#entries[0]?.child ?? -1);
  }

  #storageOf(child: number): Storage {
    const members = this.#membersFrom(child);
    return {
      storageNames: [...members.values()]
        .filter(({ kind }) => kind === STORAGE)
        .map(({ name }) => name)
        .sort(),
      has: (name) => members.get(name)?.kind === STREAM,
      stream: (name) => {
        const entry = members.get(name);
        return entry?.kind === STREAM ? this.#read(entry) : null;
      },
      storage: (name) => {
        const entry = members.get(name);
        return entry?.kind === STORAGE ? this.#storageOf(entry.child) : null;
      },
    };
  }

  /** An entry belongs to the storage that is opened first; so storages that hold themselves come to an end. */
  #membersFrom(child: number): ReadonlyMap<string, Entry> {
    const members = new Map<string, Entry>();
    const open = [child];
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      const entry = this.#entries[id];
      if (entry === undefined || this.#visited.has(id)) continue;
      this.#visited.add(id);
      if (!members.has(entry.name)) members.set(entry.name, entry);
      open.push(entry.left, entry.right);
    }
    return members;
  }

  #read(entry: Entry): Buffer {
    const { sectors, table, miniSectorBytes, miniTable, miniLimit } = this.#allocation;
    const content =
      entry.size < miniLimit
        ? chainOf({ bytes: this.#mini, size: miniSectorBytes, offset: 0 }, miniTable, entry)
        : chainOf(sectors, table, entry);
    this.#left -= content.length;
    if (this.#left < 0) throw new AppError('file_unsafe');
    return content;
  }
}

function entriesIn(directory: Buffer): readonly Entry[] {
  const count = Math.min(Math.floor(directory.length / ENTRY_BYTES), MOST_ENTRIES);
  return Array.from({ length: count }, (_, at) => entryIn(directory, at * ENTRY_BYTES));
}

function entryIn(directory: Buffer, at: number): Entry {
  const nameBytes = Math.min(directory.readUInt16LE(at + 64), 64);
  return {
    name: directory.toString('utf16le', at, at + Math.max(0, nameBytes - 2)),
    kind: directory.readUInt8(at + 66),
    left: directory.readUInt32LE(at + 68),
    right: directory.readUInt32LE(at + 72),
    child: directory.readUInt32LE(at + 76),
    start: directory.readUInt32LE(at + 116),
    size: directory.readUInt32LE(at + 120),
  };
}
