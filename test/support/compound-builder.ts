/** Compound files (OLE) for tests, built from a tree of storages and streams; an object is a storage. */
export interface CompoundTree {
  readonly [name: string]: Uint8Array | CompoundTree;
}

const SECTOR = 512;
const MINI = 64;
const MINI_LIMIT = 4096;
const END = 0xfffffffe;
const NONE = 0xffffffff;

interface Entry {
  readonly name: string;
  readonly kind: number;
  right: number;
  child: number;
  start: number;
  size: number;
}

export function compoundFile(tree: CompoundTree): Buffer {
  const writer = new CompoundWriter();
  return writer.file(tree);
}

class CompoundWriter {
  readonly #entries: Entry[] = [];
  readonly #sectors: Buffer[] = [];
  readonly #table: number[] = [];
  readonly #mini: Buffer[] = [];
  readonly #miniTable: number[] = [];

  file(tree: CompoundTree): Buffer {
    const root: Entry = { name: 'Root Entry', kind: 5, right: NONE, child: NONE, start: END, size: 0 };
    this.#entries.push(root);
    root.child = this.#members(tree);
    const mini = Buffer.concat(this.#mini);
    root.start = this.#chain(mini);
    root.size = mini.length;
    const miniStart = this.#chain(numbers(this.#miniTable));
    const directory = this.#chain(Buffer.concat(this.#entries.map(entryBytes)));
    return this.#assembled(directory, miniStart);
  }

  /** The first of them; each names the next as its right neighbour. */
  #members(tree: CompoundTree): number {
    let first = NONE;
    let before: Entry | null = null;
    for (const [name, content] of Object.entries(tree)) {
      const isStream = content instanceof Uint8Array;
      const entry: Entry = { name, kind: isStream ? 2 : 1, right: NONE, child: NONE, start: END, size: 0 };
      const id = this.#entries.push(entry) - 1;
      if (before === null) first = id;
      else before.right = id;
      before = entry;
      if (content instanceof Uint8Array) this.#stream(entry, Buffer.from(content));
      else entry.child = this.#members(content);
    }
    return first;
  }

  #stream(entry: Entry, content: Buffer): void {
    entry.size = content.length;
    if (content.length >= MINI_LIMIT) {
      entry.start = this.#chain(content);
      return;
    }
    const count = Math.ceil(content.length / MINI);
    if (count === 0) return;
    entry.start = this.#miniTable.length;
    for (let at = 0; at < count; at += 1) {
      this.#mini.push(padded(content.subarray(at * MINI, (at + 1) * MINI), MINI));
      this.#miniTable.push(at === count - 1 ? END : this.#miniTable.length + 1);
    }
  }

  #chain(content: Buffer): number {
    const count = Math.ceil(content.length / SECTOR);
    if (count === 0) return END;
    const start = this.#sectors.length;
    for (let at = 0; at < count; at += 1) {
      this.#sectors.push(padded(content.subarray(at * SECTOR, (at + 1) * SECTOR), SECTOR));
      this.#table.push(at === count - 1 ? END : this.#table.length + 1);
    }
    return start;
  }

  #assembled(directory: number, miniStart: number): Buffer {
    const tableStart = this.#sectors.length;
    const tableSectors = Math.ceil((tableStart + 110) / (SECTOR / 4));
    const table = [...this.#table, ...Array<number>(tableSectors).fill(0xfffffffd)];
    const header = Buffer.alloc(SECTOR, 0xff);
    header.fill(0, 0, 76);
    Buffer.from('d0cf11e0a1b11ae1', 'hex').copy(header);
    header.writeUInt16LE(3, 26);
    header.writeUInt16LE(0xfffe, 28);
    header.writeUInt16LE(9, 30);
    header.writeUInt16LE(6, 32);
    header.writeUInt32LE(tableSectors, 44);
    header.writeUInt32LE(directory, 48);
    header.writeUInt32LE(MINI_LIMIT, 56);
    header.writeUInt32LE(miniStart, 60);
    header.writeUInt32LE(END, 68);
    for (let at = 0; at < tableSectors; at += 1) header.writeUInt32LE(tableStart + at, 76 + at * 4);
    const tableBytes = Buffer.alloc(tableSectors * SECTOR, 0xff);
    numbers(table).copy(tableBytes);
    return Buffer.concat([header, ...this.#sectors, tableBytes]);
  }
}

function entryBytes({ name, kind, right, child, start, size }: Entry): Buffer {
  const entry = Buffer.alloc(128);
  const length = entry.write(name, 'utf16le');
  entry.writeUInt16LE(length + 2, 64);
  entry.writeUInt8(kind, 66);
  entry.writeUInt32LE(NONE, 68);
  entry.writeUInt32LE(right, 72);
  entry.writeUInt32LE(child, 76);
  entry.writeUInt32LE(start, 116);
  entry.writeUInt32LE(size, 120);
  return entry;
}

function padded(part: Buffer, size: number): Buffer {
  return Buffer.concat([part, Buffer.alloc(size - part.length)]);
}

function numbers(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [at, value] of values.entries()) bytes.writeUInt32LE(value, at * 4);
  return bytes;
}
