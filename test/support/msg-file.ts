import { compoundFile, type CompoundTree } from './compound-builder.ts';

/** By property id, as in `0x0037`; text is written in Unicode. */
export type Properties = Readonly<Record<number, string | number | Date | Uint8Array | CompoundTree>>;

export interface MsgContent {
  readonly properties: Properties;
  readonly recipients?: readonly Properties[];
  readonly attachments?: readonly Properties[];
}

const EPOCH_MS = 11_644_473_600_000n;

/** An Outlook message. */
export function msgFile(content: MsgContent): Buffer {
  return compoundFile(messageTree(content, 32));
}

/** A message to be attached to another: the value of property `0x3701`. */
export function embeddedMsg(content: MsgContent): CompoundTree {
  return messageTree(content, 24);
}

function messageTree(
  { properties, recipients = [], attachments = [] }: MsgContent,
  header: number,
): CompoundTree {
  const numbered = (kind: string, parts: readonly Properties[]): CompoundTree =>
    Object.fromEntries(
      parts.map((part, at) => [
        `__${kind}_version1.0_#${at.toString(16).toUpperCase().padStart(8, '0')}`,
        propertyTree(part, 8),
      ]),
    );
  return {
    ...propertyTree(properties, header),
    ...numbered('recip', recipients),
    ...numbered('attach', attachments),
  };
}

function propertyTree(properties: Properties, header: number): CompoundTree {
  const fixed: Buffer[] = [Buffer.alloc(header)];
  const tree: Record<string, Uint8Array | CompoundTree> = {};
  for (const [key, value] of Object.entries(properties)) {
    const id = Number(key);
    const name = (type: string): string =>
      `__substg1.0_${id.toString(16).toUpperCase().padStart(4, '0')}${type}`;
    if (typeof value === 'string') tree[name('001F')] = Buffer.from(value, 'utf16le');
    else if (typeof value === 'number') fixed.push(fixedProperty(id, 0x0003, BigInt(value)));
    else if (value instanceof Date)
      fixed.push(fixedProperty(id, 0x0040, (BigInt(value.getTime()) + EPOCH_MS) * 10_000n));
    else tree[name(value instanceof Uint8Array ? '0102' : '000D')] = value;
  }
  return { '__properties_version1.0': Buffer.concat(fixed), ...tree };
}

function fixedProperty(id: number, type: number, value: bigint): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt16LE(type, 0);
  bytes.writeUInt16LE(id, 2);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, value), 8);
  return bytes;
}
