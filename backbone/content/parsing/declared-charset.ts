/** What a document says about its own charset, read from its first bytes without parsing it. */

/** HTML asks authors to declare within 1,024 bytes; real pages are later. */
const PRESCAN_BYTES = 4096;

const XML_DECLARATION = /^\s{0,64}<\?xml\s[^>]{0,256}?encoding\s{0,16}=\s{0,16}["']([\w.:-]{1,40})["']/i;
const META_CHARSET = /<meta\s[^>]{0,512}?charset\s{0,16}=\s{0,16}["']?\s{0,16}([\w.:-]{1,40})/i;

/**
 * The label in `<meta charset>`, `<meta http-equiv>` or the XML declaration, as written; null when there
 * is none. Only called for bytes that hold ASCII markup, so a claim to be UTF-16 or UTF-32 cannot be
 * true and is passed over, as HTML demands.
 */
export function charsetDeclaredInDocument(bytes: Uint8Array, kind: 'html' | 'xml' | 'text'): string | null {
  if (kind === 'text') return null;
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, PRESCAN_BYTES))
    .toString('latin1')
    .replace(/^\u00ef\u00bb\u00bf/, '');
  const fromXml = XML_DECLARATION.exec(head)?.[1];
  const label = fromXml ?? (kind === 'html' ? META_CHARSET.exec(withoutComments(head))?.[1] : undefined);
  if (label === undefined || /^utf-?(?:16|32)/i.test(label)) return null;
  return label;
}

/** A charset named inside a comment counts for nothing. An open comment hides the rest. */
function withoutComments(head: string): string {
  const parts: string[] = [];
  let at = 0;
  for (;;) {
    const start = head.indexOf('<!--', at);
    if (start < 0) return parts.join('') + head.slice(at);
    parts.push(head.slice(at, start));
    const end = head.indexOf('-->', start + 4);
    if (end < 0) return parts.join('');
    at = end + 3;
  }
}
