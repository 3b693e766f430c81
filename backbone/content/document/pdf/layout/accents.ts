import type { TextItem } from './page-text.ts';

/** Spacing accents, which old TeX fonts draw as letters of their own, and the marks that combine. */
const COMBINING: ReadonlyMap<string, string> = new Map([
  ['`', '\u0300'],
  ['\u00b4', '\u0301'],
  ['\u02c6', '\u0302'],
  ['\u02dc', '\u0303'],
  ['\u00af', '\u0304'],
  ['\u02d8', '\u0306'],
  ['\u02d9', '\u0307'],
  ['\u00a8', '\u0308'],
  ['\u02da', '\u030a'],
  ['\u02dd', '\u030b'],
  ['\u02c7', '\u030c'],
  ['\u00b8', '\u0327'],
  ['\u02db', '\u0328'],
]);

/** Usual width of an accent. */
const ACCENT_EM = 0.5;
const LIGATURES = /[\ufb00-\ufb06]/g;
const STRANDED_ACCENT = /([\u00b4\u02c6\u02dc\u02d8\u00a8\u02da\u02dd\u02c7]) ?(\p{L})/gu;

/** Puts each accent that is drawn over the item after it onto that item's first letter. O(items). */
export function withAccentsPlaced(items: readonly TextItem[]): readonly TextItem[] {
  const result: TextItem[] = [];
  for (const item of items.flatMap(withAccentApart)) {
    const accent = result.at(-1);
    const mark = accent === undefined ? null : combiningMark(accent.text);
    if (accent === undefined || mark === null || !standsOver(accent, item)) {
      result.push(item);
      continue;
    }
    const drawn = accent.spaceBefore === 'drawn' || item.spaceBefore === 'drawn';
    result[result.length - 1] = {
      ...item,
      text: placeMark(item.text, mark),
      spaceBefore: drawn ? 'drawn' : item.spaceBefore,
    };
  }
  return result;
}

/** Takes typographic ligatures (U+FB00 to U+FB06) apart; all other compatibility letters stay. */
export function splitLigatures(text: string): string {
  return text.replaceAll(LIGATURES, (ligature) => ligature.normalize('NFKC'));
}

/**
 * Puts spacing accents inside a run onto the letter that follows, where the pair has a composed form
 * ("f\u00a8ur" is "f\u00fcr"). Accents that stand for themselves stay.
 */
export function joinStrandedAccents(text: string): string {
  return text.replaceAll(STRANDED_ACCENT, (whole, accent: string, letter: string) => {
    const composed = placeMark(letter, combiningMark(accent) ?? '');
    return composed.length === String.fromCodePoint(composed.codePointAt(0) ?? 0).length ? composed : whole;
  });
}

/** The text with a combining mark on its first letter, composed where Unicode has such a letter. */
export function placeMark(text: string, mark: string): string {
  const first = String.fromCodePoint(text.codePointAt(0) ?? 0x20);
  const base = first === '\u0131' ? 'i' : first === '\u0237' ? 'j' : first;
  return (base + mark).normalize('NFC') + text.slice(first.length);
}

/** The mark that combines, if the text is one spacing accent alone. */
function combiningMark(text: string): string | null {
  return COMBINING.get(text) ?? null;
}

/** "= \u02dc" drawn in one go: the accent at the end belongs to the letter that comes next. */
function withAccentApart(item: TextItem): readonly TextItem[] {
  const accent = item.text.slice(-1);
  if (item.text.length < 2 || combiningMark(accent) === null) return [item];
  const before = item.text.slice(0, -1);
  const width = Math.min(ACCENT_EM * item.size, item.width / 2);
  return [
    { ...item, text: before.trimEnd(), width: item.width - width },
    {
      ...item,
      text: accent,
      x: item.x + item.width - width,
      width,
      spaceBefore: /\s$/.test(before) ? 'drawn' : 'none',
    },
  ];
}

function standsOver(accent: TextItem, letter: TextItem): boolean {
  const centre = accent.x + accent.width / 2;
  const reach = Math.min(letter.width, letter.size);
  const beside = 0.1 * letter.size;
  return (
    Math.abs(accent.y - letter.y) <= 0.6 * letter.size &&
    centre >= letter.x - beside &&
    centre <= letter.x + reach + beside
  );
}
