const NOT_XML = /[^\t\n\r\u0020-\ufffd\u{10000}-\u{10ffff}]/gu;

/** Text as the content of an element or attribute; what XML cannot hold is dropped. */
export function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(NOT_XML, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** Characters of the C0 range by number, which XML cannot hold either. */
const CONTROL_REFERENCE = /&#(?:x0{0,8}(?:[0-8bcef]|1[0-9a-f])|0{0,8}(?:[0-8]|1[124-9]|2\d|3[01]));/gi;

/** XML without the characters that it cannot hold, also where they are written as references. O(length). */
export function withoutControls(xml: string): string {
  return xml.replaceAll(NOT_XML, '').replaceAll(CONTROL_REFERENCE, '');
}
