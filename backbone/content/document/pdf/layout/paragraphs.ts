import { startsCaption } from './captions.ts';
import { listMarker } from './list-marker.ts';
import type { Line } from './page-text.ts';
import type { TextProfile } from './text-profile.ts';

/** The extent of the lines of a column or band. */
export interface Extent {
  readonly x0: number;
  readonly x1: number;
}

const GAP = 1.4;
/** Code has blank lines. */
const CODE_GAP = 2.6;
const INDENT_EM = 0.8;
const MAX_INDENT_EM = 5;
const SHORT_SHARE = 0.15;
const SIZE_STEP = 0.07;
const SENTENCE_END = /[.!?:;\u2026\u3002\u061f][)\]"'\u00bb\u201c\u201d\u2019]*$/u;
/** The box that ends a proof stands alone at the right margin. */
const PROOF_END = /^[\u25a0\u25a1\u220e]$/;
const DISPLAY = 1.12;
const WORD = /\p{L}{3}/u;

/** Whether a line begins a new paragraph after the lines in `draft` (the same column, in order). */
export function startsParagraph(
  draft: readonly Line[],
  line: Line,
  extent: Extent,
  profile: TextProfile,
): boolean {
  const previous = draft.at(-1);
  const [first] = draft;
  if (previous === undefined || first === undefined) return true;
  const gap = previous.y - line.y;
  const leading = Math.max(profile.leading(line.size), profile.leading(previous.size));
  if (PROOF_END.test(line.text) && gap < 3 * leading) return false;
  if (line.style.monospace && previous.style.monospace) return gap > CODE_GAP * leading;
  if (gap > GAP * leading) return true;
  if (changesStyle(previous, line) || PROOF_END.test(previous.text)) return true;
  if (isDisplay(previous, profile) && isDisplay(line, profile)) return false;
  if (startsCaption(line.text) && isShort(previous, extent)) return true;
  if (gap > 0.6 * line.size && startsItem(draft, line, extent)) return true;
  return gap > 0.6 * line.size && (isIndented(draft, line, extent) || endsShort(previous, line, extent));
}

/** Whether the text goes on with `line` after a change of column or page. */
export function goesOnAcross(draft: readonly Line[], line: Line, extent: Extent): boolean {
  const previous = draft.at(-1);
  const [first] = draft;
  if (previous === undefined || first === undefined) return false;
  if (changesStyle(previous, line) || listMarker(line.text) !== null || startsCaption(line.text))
    return false;
  if (startsCaption(first.text) || !WORD.test(previous.text)) return false;
  if (/\p{L}[-\u2010\u00ad]$/u.test(previous.text.slice(-2)) && /^\p{L}/u.test(line.text)) return true;
  if (SENTENCE_END.test(previous.text.slice(-6))) return false;
  return /^\p{Ll}/u.test(line.text) || (!isShort(previous, extent) && draft.length > 1);
}

/** Type so large that its lines are one heading, however they are set. */
function isDisplay(line: Line, profile: TextProfile): boolean {
  return line.size >= DISPLAY * profile.bodySize;
}

function changesStyle(previous: Line, line: Line): boolean {
  if (!WORD.test(previous.text) || !WORD.test(line.text)) return false;
  return (
    Math.abs(previous.size - line.size) > SIZE_STEP * Math.max(previous.size, line.size) ||
    previous.style.bold !== line.style.bold ||
    previous.style.monospace !== line.style.monospace
  );
}

function isShort(line: Line, extent: Extent): boolean {
  return line.x1 < extent.x1 - SHORT_SHARE * (extent.x1 - extent.x0);
}

function startsItem(draft: readonly Line[], line: Line, extent: Extent): boolean {
  const marker = listMarker(line.text);
  const [first] = draft;
  const previous = draft.at(-1);
  if (first === undefined || previous === undefined) return false;
  const inList = listMarker(first.text) !== null;
  if (marker === null)
    return (
      inList && line.x0 < first.x0 + INDENT_EM * line.size && (draft.length > 1 || isShort(previous, extent))
    );
  if (marker.kind === 'bullet' && !/^[-\u2013\u2014*]/.test(line.text)) return true;
  return inList || SENTENCE_END.test(previous.text.slice(-6)) || isShort(previous, extent);
}

function isIndented(draft: readonly Line[], line: Line, extent: Extent): boolean {
  const [first, ...rest] = draft.slice(0, 8);
  const previous = draft.at(-1);
  if (first === undefined || previous === undefined || listMarker(first.text) !== null) return false;
  const left = rest.length === 0 ? first.x0 : Math.min(...rest.map((one) => one.x0));
  const indent = (line.x0 - left) / line.size;
  if (indent <= INDENT_EM || indent >= MAX_INDENT_EM || !WORD.test(line.text)) return false;
  return SENTENCE_END.test(previous.text.slice(-6)) || isShort(previous, extent);
}

function endsShort(previous: Line, line: Line, extent: Extent): boolean {
  if (!isShort(previous, extent) || !SENTENCE_END.test(previous.text.slice(-6))) return false;
  return /^[^\p{Ll}]/u.test(line.text);
}
