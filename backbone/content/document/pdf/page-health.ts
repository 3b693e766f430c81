import type { ContentWarning } from '../../model.ts';
import { pageRanges } from './page-ranges.ts';

/** What is remembered of each page to judge whether its text can be trusted. */
export interface PageHealth {
  readonly page: number;
  readonly letters: number;
  readonly undecodable: number;
  readonly hasPictures: boolean;
  readonly cut: boolean;
}

/** Fewer letters than this beside pictures are a stamp or a page number, not the text of the page. */
const HARDLY_ANY_LETTERS = 4;
const UNDECODABLE_SHARE = 0.1;
/** Letters without a meaning: control codes, the replacement character, and private use areas ... */
const UNDECODABLE = /[\u0000-\u0008\u000e-\u001f\ufffd\ue000-\uf8ff\u{f0000}-\u{10ffff}]/gu;
/** ... but not those that Symbol and TeX fonts use for bullets and the pieces of tall brackets. */
const KNOWN_PRIVATE = /[\uf0a7\uf0b7\uf8e5-\uf8fe]/g;

export function pageHealth(
  page: { readonly page: number; readonly hasPictures: boolean; readonly cut: boolean },
  texts: readonly string[],
): PageHealth {
  let letters = 0;
  let undecodable = 0;
  for (const text of texts) {
    const unknown = text.replaceAll(KNOWN_PRIVATE, '').match(UNDECODABLE)?.length ?? 0;
    letters += text.replaceAll(/\s/g, '').length - unknown;
    undecodable += unknown;
  }
  return { page: page.page, letters, undecodable, hasPictures: page.hasPictures, cut: page.cut };
}

export function isPictureOnly(page: PageHealth): boolean {
  return page.hasPictures && page.letters < HARDLY_ANY_LETTERS;
}

/** Whether text recognition could tell more than the page's own text does. */
export function lacksText(page: PageHealth): boolean {
  return isPictureOnly(page) || isUndecodable(page);
}

function isUndecodable({ letters, undecodable }: PageHealth): boolean {
  return undecodable > UNDECODABLE_SHARE * (letters + undecodable);
}

/** Warnings about pages that could be read only in part. `lost`: pages that could not be read at all. */
export function healthWarnings(
  pages: readonly PageHealth[],
  lost: readonly number[],
): readonly ContentWarning[] {
  const named = (matches: (page: PageHealth) => boolean): readonly number[] =>
    pages.filter(matches).map(({ page }) => page);
  return [
    ...warning('pages_lost', lost, (them) => `${them} could not be read and are missing from the text.`),
    ...warning(
      'pages_without_text',
      named(isPictureOnly),
      (them) =>
        `${them} are pictures without text. Allow text recognition (option ocr, setting OCR) to read them.`,
    ),
    ...warning(
      'undecodable_glyphs',
      named(isUndecodable),
      (them) =>
        `Letters on ${lowered(them)} cannot be decoded, since the file does not say what they stand for.`,
    ),
    ...warning(
      'page_text_cut',
      named((page) => page.cut),
      (them) => `${them} hold more text than the limit for a page; the rest was left out.`,
    ),
  ];
}

function warning(
  code: string,
  pages: readonly number[],
  sentence: (pages: string) => string,
): readonly ContentWarning[] {
  if (pages.length === 0) return [];
  return [{ code, message: agree(sentence(`Pages ${pageRanges(pages)}`), pages.length) }];
}

/** "Pages 3 are" is "Page 3 is". */
function agree(sentence: string, count: number): string {
  if (count !== 1) return sentence;
  return sentence
    .replace(/\bPages\b/, 'Page')
    .replace(/\bpages\b/, 'page')
    .replace(' and are missing', ' and is missing')
    .replace(' are pictures', ' is a picture')
    .replace(' to read them', ' to read it')
    .replace(' hold more', ' holds more');
}

function lowered(pages: string): string {
  return pages.charAt(0).toLowerCase() + pages.slice(1);
}
