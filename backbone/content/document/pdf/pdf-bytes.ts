/** What can be told from the bytes of a PDF without reading its structure. */

const HEADER_WITHIN = 1024;
const TRAILER_WITHIN = 2048;
const MAX_SCAN_BYTES = 64 * 1024 * 1024;
/** A page tree node and its page count, in either order, without nested dictionaries in between. */
const PAGE_TREE =
  /\/Type\s{0,8}\/Pages\b[^>]{0,2000}?\/Count\s{1,8}(\d{1,9})|\/Count\s{1,8}(\d{1,9})[^>]{0,2000}?\/Type\s{0,8}\/Pages\b/g;

/** How far from its type the parent of a node is looked for. */
const PARENT_WITHIN = 200;
const CATALOGUE = /\b(\d{1,9}) (\d{1,5}) obj\s{0,16}<<[^>]{0,2000}?\/Type\s{0,8}\/Catalog\b/;

/** The header may stand behind up to a kilobyte of other bytes, as readers allow. */
export function isPdf(bytes: Uint8Array): boolean {
  return latin1(bytes.subarray(0, HEADER_WITHIN)).includes('%PDF-');
}

/** The file ends as a PDF must; one that was cut off does not. */
export function isWhole(bytes: Uint8Array): boolean {
  return latin1(bytes.subarray(Math.max(bytes.length - TRAILER_WITHIN, 0))).includes('startxref');
}

/**
 * Pages that the root of the page tree says there are, the last such root in the file, since changes are
 * appended. pdf.js quietly corrects the number when pages are missing. Null where the tree cannot be seen,
 * as in files that pack their objects.
 */
export function declaredPages(bytes: Uint8Array): number | null {
  const text = latin1(bytes.subarray(0, MAX_SCAN_BYTES));
  let last: number | null = null;
  for (const match of text.matchAll(PAGE_TREE)) {
    const before =
      text
        .slice(Math.max(match.index - PARENT_WITHIN, 0), match.index)
        .split('<<')
        .at(-1) ?? '';
    const end = match.index + match[0].length;
    const after = text.slice(end, end + PARENT_WITHIN).split('>>', 1)[0] ?? '';
    if (!`${before}${match[0]}${after}`.includes('/Parent')) last = Number(match[1] ?? match[2]);
  }
  return last;
}

/**
 * A file that was cut off, with a new trailer that names the catalogue found in it; null when there is none.
 * pdf.js rebuilds a table of objects, but gives up on a file without any trailer.
 */
export function withTrailer(bytes: Uint8Array): Uint8Array | null {
  const match = CATALOGUE.exec(latin1(bytes.subarray(0, MAX_SCAN_BYTES)));
  if (match === null) return null;
  const trailer = `\nendobj\ntrailer\n<< /Root ${match[1] ?? ''} ${match[2] ?? ''} R >>\nstartxref\n0\n%%EOF\n`;
  return new Uint8Array(Buffer.concat([bytes, Buffer.from(trailer)]));
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
