/** Cuts a list of references into its items. Pure; O(text). */
import type { Block } from '../../model.ts';

export interface ReferenceItem {
  /** The number or label in front: `12`, `Knu84`; null in lists by author. */
  readonly label: string | null;
  readonly text: string;
}

/** A review has some hundreds; a book's worth is beyond what anybody reads. */
const MAX_ITEMS = 2000;
/** In UTF-16 units; a reference with a hundred authors has some 2,000. */
const MAX_ITEM_LENGTH = 4000;
/** Lines of one reference, where the layout took each for a paragraph. */
const MAX_PARTS = 50;
const YEAR_IN_BRACKETS =
  /\((?:(?:1[6-9]|20)\d{2}[a-z]?\b[^()]{0,40}|n\.\s?d\.[^()]{0,20}|in press|forthcoming)\)/;
/** A line that goes on from the one before. */
const GOES_ON = /^(?:[\p{Ll}(/,;:&]|https?:|doi\b|\d{1,4}[,(–-]|10\.\d{4})/u;
const NUMBERED = /^(?:\[(\d{1,4})\]|\((\d{1,4})\)|(\d{1,4})\.)\s{0,4}(?=\S)/;
const LABELLED = /^\[([\p{L}+&-]{1,12}\d{2,4}[a-z]?)\]\s{0,4}/u;

export function referenceItems(blocks: readonly Block[]): readonly ReferenceItem[] {
  const texts = blocks
    .filter(({ kind, text }) => kind !== 'caption' && kind !== 'image' && text.trim() !== '')
    .map(withMarker)
    .flatMap(splitNumbered)
    .flatMap(splitAfterAddress)
    .reduce(withLateYear, []);
  const starts = startRule(texts);
  const items: { label: string | null; parts: string[] }[] = [];
  for (const text of texts) {
    const last = items.at(-1);
    if (last !== undefined && !starts(text, last.parts.join(' '))) addPart(last.parts, text);
    else if (items.length < MAX_ITEMS) {
      const { label, rest } = labelOf(text);
      items.push({ label, parts: [rest] });
    }
  }
  return items.map(({ label, parts }) => ({ label, text: joined(parts) }));
}

/** What would be cut off is not kept, so that joining the parts stays cheap however many there are. */
function addPart(parts: string[], text: string): void {
  if (parts.length < MAX_PARTS && parts.reduce((sum, part) => sum + part.length, 0) < MAX_ITEM_LENGTH)
    parts.push(text);
}

/** The layout pass takes numbers from list items. */
function withMarker({ kind, ordinal, text }: Block): string {
  return kind === 'list_item' && ordinal !== undefined ? `[${ordinal}] ${text}` : text;
}

/** Where the layout saw one paragraph, `[2]` after `[1]` and `[3]` after that still part it. */
function splitNumbered(text: string): readonly string[] {
  const first = /^\[(\d{1,4})\]/.exec(text)?.[1];
  if (first === undefined) return [text];
  const cuts = [0];
  let wanted = Number(first) + 1;
  for (const match of text.matchAll(/(?<=\s)\[(\d{1,4})\](?=\s)/g)) {
    if (Number(match[1]) !== wanted) continue;
    cuts.push(match.index);
    wanted += 1;
  }
  return cuts.map((cut, index) => text.slice(cut, cuts[index + 1]).trim());
}

/** In a list by author an address ends the item: what begins with a surname and initials is the next one. */
function splitAfterAddress(text: string): readonly string[] {
  if (!YEAR_IN_BRACKETS.test(text)) return [text];
  // White space is looked for first: it is rarer than what stands before it.
  return text.split(/\s(?=\p{Lu}[\p{L}’'-]{1,40},\s\p{Lu}\.)(?<=\/\/\S{8,255}\s)/u);
}

/** A line of many authors may end before the year that belongs to them. */
function withLateYear(texts: string[], text: string): string[] {
  const last = texts.at(-1);
  if (last === undefined || !text.startsWith('(') || YEAR_IN_BRACKETS.exec(text)?.index !== 0)
    texts.push(text);
  else texts[texts.length - 1] = `${last} ${text}`;
  return texts;
}

type StartRule = (text: string, before: string) => boolean;

/** What most of the texts have in front decides for all. */
function startRule(texts: readonly string[]): StartRule {
  const share = (test: (text: string) => boolean): number =>
    texts.filter(test).length / Math.max(texts.length, 1);
  if (share((text) => NUMBERED.test(text)) > 0.4) return (text) => NUMBERED.test(text);
  if (share((text) => LABELLED.test(text)) > 0.4) return (text) => LABELLED.test(text);
  if (share((text) => YEAR_IN_BRACKETS.test(text)) > 0.4)
    return (text, before) =>
      !GOES_ON.test(text) && YEAR_IN_BRACKETS.test(text) && YEAR_IN_BRACKETS.test(before);
  return (text) => !GOES_ON.test(text);
}

function labelOf(text: string): { readonly label: string | null; readonly rest: string } {
  const number = NUMBERED.exec(text);
  const label = number ?? LABELLED.exec(text);
  if (label === null) return { label: null, rest: text };
  const [whole, ...groups] = label;
  return { label: groups.find(Boolean) ?? null, rest: text.slice(whole.length) };
}

/** An address that was torn after its slashes goes together again. */
function joined(parts: readonly string[]): string {
  const text = parts.join(' ').replaceAll(/\s+/g, ' ').trim();
  return text
    .replaceAll(/\bhttps?: (?=\/\/)/g, (scheme) => scheme.trimEnd())
    .slice(0, MAX_ITEM_LENGTH)
    .toWellFormed();
}
