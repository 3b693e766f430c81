/** Lists of addresses (RFC 5322), as people write them too. Pure; O(text). */
import { decodeWords } from './encoded-words.ts';

export interface Mailbox {
  /** Null when only the address is known. */
  readonly name: string | null;
  /** Empty when only a name is known. */
  readonly address: string;
}

const MOST_MAILBOXES = 1000;
const LONGEST_PART = 500;

/** At most 1,000 mailboxes; the names of groups are left out. */
export function parseAddresses(field: string): readonly Mailbox[] {
  return entriesOf(field)
    .map(mailboxOf)
    .filter(({ name, address }) => name !== null || address !== '');
}

/** `Ada Lovelace <ada@example.org>`. */
export function mailboxText({ name, address }: Mailbox): string {
  if (name === null) return address;
  return address === '' ? name : `${name} <${address}>`;
}

/** Parted at commas outside of quotes, comments and angle brackets. */
function entriesOf(field: string): readonly string[] {
  const entries: string[] = [];
  let start = 0;
  let closing = '';
  for (let at = 0; at < field.length && entries.length < MOST_MAILBOXES; at += 1) {
    const character = field.charAt(at);
    if (character === '\\') at += 1;
    else if (closing === '' && field.startsWith('=?', at)) at += wordLength(field, at) - 1;
    else if (closing !== '') {
      if (character === closing) closing = '';
    } else if (CLOSINGS[character] !== undefined) closing = CLOSINGS[character];
    else if (character === ':') start = at + 1;
    else if (character === ',' || character === ';') {
      entries.push(field.slice(start, at));
      start = at + 1;
    }
  }
  if (entries.length < MOST_MAILBOXES) entries.push(field.slice(start));
  return entries;
}

/** Some programs leave commas as they are within encoded words. At least 1. */
function wordLength(field: string, at: number): number {
  const word = /=\?[^?\s]{1,60}\?[bq]\?[^?\s]{0,4000}\?=/iy;
  word.lastIndex = at;
  return word.exec(field)?.[0].length ?? 1;
}

const CLOSINGS: Readonly<Record<string, string>> = { '"': '"', '<': '>', '(': ')' };

function mailboxOf(entry: string): Mailbox {
  const angle = entry.lastIndexOf('<');
  if (angle >= 0) {
    const address = entry.slice(angle + 1).split('>', 1)[0] ?? '';
    return { name: plainName(entry.slice(0, angle)), address: cut(address) };
  }
  const comment = entry.indexOf('(');
  const bare = comment < 0 ? entry : entry.slice(0, comment);
  const name = comment < 0 ? null : plainName(entry.slice(comment + 1).split(')', 1)[0] ?? '');
  // A name without an address, such as "undisclosed recipients".
  return bare.includes('@') ? { name, address: cut(bare) } : { name: plainName(bare) ?? name, address: '' };
}

function plainName(text: string): string | null {
  const name = cut(decodeWords(text.replaceAll(/\\(.)|"/g, '$1')));
  return name === '' ? null : name;
}

function cut(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim().slice(0, LONGEST_PART).toWellFormed();
}
