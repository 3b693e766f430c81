/** Fields of the form `value; name=value` (RFC 2045), with the long and foreign values of RFC 2231. Pure. */
import { decodeText } from '../../parsing/charset.ts';
import { decodeWords } from './encoded-words.ts';

export interface ParameterField {
  /** In lower case; empty when there is none. */
  readonly value: string;
  /** By name in lower case, decoded. */
  readonly parameters: ReadonlyMap<string, string>;
}

interface Section {
  readonly index: number;
  readonly encoded: boolean;
  readonly value: string;
}

const MOST_PARAMETERS = 200;
const PARAMETER = /;\s*([^=;\s]{1,100})\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|([^;]*))/g;
const SECTION_NAME = /^(.{1,90}?)(?:\*(\d{1,3}))?(\*)?$/;

/** O(text). */
export function parseParameterField(text: string): ParameterField {
  const value = (/^\s*([^;\s(]*)/.exec(text)?.[1] ?? '').toLowerCase();
  const found = new Map<string, Section[]>();
  let count = 0;
  for (const [, name = '', quoted, bare = ''] of text.matchAll(PARAMETER)) {
    count += 1;
    if (count > MOST_PARAMETERS) break;
    const [, base = name, index = '0', star] = SECTION_NAME.exec(name.toLowerCase()) ?? [];
    const section = {
      index: Number(index),
      encoded: star !== undefined,
      value: quoted === undefined ? bare.trim() : quoted.replaceAll(/\\(.)/g, '$1'),
    };
    found.set(base, [...(found.get(base) ?? []), section]);
  }
  return { value, parameters: new Map([...found].map(([name, sections]) => [name, joined(sections)])) };
}

/** An extended value wins over the plain one that old programs get beside it. */
function joined(sections: readonly Section[]): string {
  const extended = sections.some(({ encoded }) => encoded);
  const ordered = sections
    .filter((section) => section.encoded || !extended || section.index > 0)
    .sort((a, b) => a.index - b.index);
  if (!extended) return decodeWords(ordered.map(({ value }) => value).join(''));
  const charset = /^([\w.:+-]{0,40})'[^']{0,40}'/.exec(ordered[0]?.value ?? '');
  const bytes = ordered.map(({ value, encoded }, at) => {
    const text = at === 0 && charset !== null ? value.slice(charset[0].length) : value;
    return encoded ? percentDecoded(text) : Buffer.from(text, 'utf8');
  });
  return decodeText(Buffer.concat(bytes), { declared: charset?.[1] ?? null, kind: 'text' }).text;
}

function percentDecoded(text: string): Buffer {
  const latin1 = text.replaceAll(/%([\da-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(latin1, 'latin1');
}
