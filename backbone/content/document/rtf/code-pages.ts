/** Code pages of RTF by number. */

/** Of fonts by `\fcharset`, as Windows numbers its character sets. Absent: the document's own (1) or none known. */
const OF_FONT_CHARSET: Readonly<Record<number, number>> = {
  0: 1252,
  2: 42,
  77: 10000,
  78: 932,
  79: 949,
  80: 936,
  81: 950,
  128: 932,
  129: 949,
  134: 936,
  136: 950,
  161: 1253,
  162: 1254,
  163: 1258,
  177: 1255,
  178: 1256,
  186: 1257,
  204: 1251,
  222: 874,
  238: 1250,
  254: 437,
  255: 850,
};

/** What the Encoding Standard calls the pages that it numbers otherwise or not at all. */
const LABELS: Readonly<Record<number, string>> = {
  866: 'ibm866',
  874: 'windows-874',
  932: 'shift_jis',
  936: 'gbk',
  949: 'euc-kr',
  950: 'big5',
  10000: 'macintosh',
  10007: 'x-mac-cyrillic',
  20866: 'koi8-r',
  21866: 'koi8-u',
  51932: 'euc-jp',
  51949: 'euc-kr',
  54936: 'gb18030',
  65001: 'utf-8',
};

/** Bytes 0x80 to 0xff of the pages of DOS, which no browser knows; from the Unicode consortium's tables. */
const DOS_PAGES: Readonly<Record<number, string>> = {
  437: 'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0',
  850: 'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0',
};

const FALLBACK = 1252;
/** The page of ISO 8859-1 is one more. There is no part 12. */
const ISO_PAGES = 28590;
/** Fonts of signs: what they show is known for bullets only. */
const SYMBOLS = 42;
const SYMBOL_BULLETS = new Set([0xa7, 0xa8, 0xb7, 0xd8, 0xfc]);

/** By label: making one takes longer than decoding a word. */
const decoders = new Map<string, InstanceType<typeof TextDecoder>>();

/** Null where the font leaves it to the document. */
export function codePageOfFont(charset: number): number | null {
  return OF_FONT_CHARSET[charset] ?? null;
}

/** Bytes that mean nothing in the page become U+FFFD. Pages that are not known are read as Windows-1252. O(bytes). */
export function decodeCodePage(bytes: Uint8Array, codePage: number): string {
  const upper = DOS_PAGES[codePage];
  if (upper !== undefined) return Array.from(bytes, (byte) => dosCharacter(byte, upper)).join('');
  if (codePage === SYMBOLS) return Array.from(bytes, symbolOf).join('');
  return decoderOf(codePage).decode(bytes);
}

/**
 * The character of a `\u` word: negative ones are the upper half of 16 bits, and some programs write more. In the
 * private use area (from `U+F000`) it is what fonts of signs show there.
 */
export function characterOf(parameter: number): string {
  if (parameter > 0xffff && parameter <= 0x10ffff) return String.fromCodePoint(parameter);
  const code = parameter & 0xffff;
  return code >= 0xf020 && code <= 0xf0ff ? symbolOf(code - 0xf000) : String.fromCharCode(code);
}

function dosCharacter(byte: number, upper: string): string {
  return byte < 0x80 ? String.fromCharCode(byte) : upper.charAt(byte - 0x80);
}

function symbolOf(byte: number): string {
  return SYMBOL_BULLETS.has(byte) ? '•' : decoderOf(FALLBACK).decode(Uint8Array.of(byte));
}

function decoderOf(codePage: number): InstanceType<typeof TextDecoder> {
  const label = labelOf(codePage);
  const decoder = decoders.get(label) ?? new TextDecoder(label);
  decoders.set(label, decoder);
  return decoder;
}

function labelOf(codePage: number): string {
  const label = LABELS[codePage];
  if (label !== undefined) return label;
  const part = codePage - ISO_PAGES;
  if (part >= 1 && part <= 16 && part !== 12) return `iso-8859-${part}`;
  return codePage >= 1250 && codePage <= 1258 ? `windows-${codePage}` : `windows-${FALLBACK}`;
}
