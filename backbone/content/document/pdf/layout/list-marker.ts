/** Marks in front of list items. */

export interface ListMarker {
  /** Set for `3.`, the one form of number that a list in Markdown can give back. */
  readonly ordinal: number | null;
  /** Bullets and plain numbers are typography; labels such as `(iii)` or `2)` are cited and stay text. */
  readonly kind: 'bullet' | 'number' | 'label';
  /** Length of the mark and the space after it. */
  readonly length: number;
}

const BULLET =
  /^[\u2022\u2023\u25aa\u25ab\u25cf\u25cb\u25a0\u25a1\u2043\u25b6\u25ba\u27a2\u2713\u2714\uf0b7\uf0a7](?:\s+|$)|^[-\u2013\u2014*]\s+(?=[\p{L}\d("'\u201c\u201e])/u;
/** Signs that are operators as well: only before a word are they bullets. */
const OPERATOR_BULLET = /^[\u00b7\u25e6\u2219]\s+(?=\p{L}{2})/u;
const NUMBER = /^([1-9]\d{0,2})\.\s+(?=\S*\p{L})/u;
const LABEL = /^(?:\(?\d{1,3}\)|\(?[a-z]\)|\((?:[a-z]|[ivx]{1,5})\)|[ivx]{1,5}\)|[a-z]\.)(?:\s+|$)/;

/** The mark at the beginning of a line; null when there is none. */
export function listMarker(text: string): ListMarker | null {
  const start = text.slice(0, 16);
  const bullet = BULLET.exec(start) ?? OPERATOR_BULLET.exec(start);
  if (bullet !== null) return { kind: 'bullet', ordinal: null, length: bullet[0].length };
  const number = NUMBER.exec(start);
  if (number !== null) return { kind: 'number', ordinal: Number(number[1]), length: number[0].length };
  const label = LABEL.exec(start);
  return label === null ? null : { kind: 'label', ordinal: null, length: label[0].length };
}
