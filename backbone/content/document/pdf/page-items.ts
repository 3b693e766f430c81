import type { FontStyle, PageItems, TextItem } from './layout/page-text.ts';

/** A text item as pdf.js gives it. */
export interface RawItem {
  readonly str: string;
  /** [a, b, c, d, x, y]: turn and scale, then the place of the baseline's start. */
  readonly transform: readonly number[];
  readonly width: number;
  readonly height: number;
  readonly fontName: string;
  readonly dir: string;
}

/** What the name of a font tells about the letters set in it. */
export interface FontFacts {
  readonly style: FontStyle;
  /** Characters of a TeX symbol font that has no Unicode table, by their code; null for other fonts. */
  readonly symbols: ReadonlyMap<string, string> | null;
  /** A font for the variables of formulas, which has no space to draw. */
  readonly mathLetters?: boolean;
}

export interface RawPage {
  readonly page: number;
  /** [x0, y0, x1, y1], before the page is turned. */
  readonly view: readonly number[];
  /** Clockwise turn of the page in degrees. */
  readonly rotate: number;
  readonly items: readonly RawItem[];
}

const PLAIN: FontFacts = { style: { bold: false, italic: false, monospace: false }, symbols: null };
/** Codes 3 to 7 of the AMS symbol font msam (square, black square, dot, lozenges), which ends most proofs. */
const MSAM: ReadonlyMap<string, string> = new Map([
  ['\u0003', '\u25a1'],
  ['\u0004', '\u25a0'],
  ['\u0005', '\u00b7'],
  ['\u0006', '\u25ca'],
  ['\u0007', '\u29eb'],
]);
/** Marks for line ends and other format controls that carry no text. */
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufeff\ufffe\uffff]/g;
const SAME_ANGLE_DEGREES = 3;

/** Turns the page so that most of its text is upright, and sets the rest apart by direction. O(items). */
export function pageItems(raw: RawPage, fonts: ReadonlyMap<string, FontFacts>): PageItems {
  const angles = new Map<number, { items: TextItem[]; letters: number }>();
  let space: TextItem['spaceBefore'] = 'none';
  for (const item of raw.items) {
    const font = fonts.get(item.fontName) ?? PLAIN;
    const text = withoutKerns(readable(item.str, font.symbols), font);
    if (text.trim() === '') {
      if (text !== '' && space !== 'drawn') space = item.height > 0 ? 'drawn' : 'guessed';
      continue;
    }
    const angle = angleOf(item.transform);
    const group = angles.get(angle) ?? { items: [], letters: 0 };
    group.items.push(...split(item, text, angle, space, font.style));
    group.letters += text.length;
    angles.set(angle, group);
    space = /\s$/.test(text) ? 'drawn' : 'none';
  }
  const upright = mainAngle(angles, raw.rotate);
  const origin = corner(raw.view, upright);
  const others = [...angles].filter(([angle]) => angle !== upright);
  return {
    page: raw.page,
    width: origin.width,
    height: origin.height,
    items: (angles.get(upright)?.items ?? []).map((item) => moved(item, origin.x, origin.y)),
    rotated: others.map(([, group]) => group.items),
  };
}

/** Style from the name of a font, as type foundries and TeX write it. `family` is pdf.js's guess. */
export function fontFacts(fontName: string, family: string): FontFacts {
  const name = fontName.replace(/^[A-Z]{6}\+/, '');
  return {
    style: {
      bold: /bold|black|heavy|demi|semibd|(?:^|[-,])bd\b|^(?:cm|sf|ec|lm)(?:bx|sx|ssbx|bi|mib|b\d)/i.test(
        name,
      ),
      italic: /italic|oblique|slanted|(?:^|[-,])it\b|^(?:cm|sf|ec)(?:ti|sl|bi|it)/i.test(name),
      monospace:
        family === 'monospace' ||
        /mono|courier|consol|typewriter|menlo|^(?:cm|sf|ec|lm)tt|[a-z]code/i.test(name),
    },
    symbols: /^msam\d/i.test(name) ? MSAM : null,
    ...(/^(?:cmmi|cmmib|lmmathitalic|lmmi)\d/i.test(name) ? { mathLetters: true } : {}),
  };
}

/** Between variables the reader takes the room that slanted letters need for a space. */
function withoutKerns(text: string, font: FontFacts): string {
  return font.mathLetters === true ? text.replaceAll(/(?<=\p{L}) (?=\p{L})/gu, '') : text;
}

function readable(text: string, symbols: ReadonlyMap<string, string> | null): string {
  return text.replaceAll(CONTROLS, (control) => symbols?.get(control) ?? '');
}

function split(
  item: RawItem,
  text: string,
  angle: number,
  space: TextItem['spaceBefore'],
  style: FontStyle,
): readonly TextItem[] {
  const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = item.transform;
  const size = Math.hypot(c, d) || Math.hypot(a, b);
  const [x, y] = turned(e, f, angle);
  if (![x, y, size, item.width].every((value) => Number.isFinite(value))) return [];
  return [
    {
      text: text.trimEnd().trimStart(),
      x,
      y,
      width: Math.max(item.width, 0),
      size: Math.max(size, 0.1),
      style,
      rightToLeft: item.dir === 'rtl',
      spaceBefore: /^\s/.test(text) ? 'drawn' : space,
    },
  ];
}

function angleOf(transform: readonly number[]): number {
  const [a = 1, b = 0] = transform;
  const degrees = (Math.atan2(b, a) * 180) / Math.PI;
  const right = Math.round(degrees / 90) * 90;
  const rounded = Math.abs(degrees - right) <= SAME_ANGLE_DEGREES ? right : Math.round(degrees / 5) * 5;
  return ((rounded % 360) + 360) % 360;
}

function mainAngle(angles: ReadonlyMap<number, { readonly letters: number }>, rotate: number): number {
  let best = ((rotate % 360) + 360) % 360;
  let most = angles.get(best)?.letters ?? 0;
  for (const [angle, group] of angles)
    if (group.letters > most) {
      best = angle;
      most = group.letters;
    }
  return best;
}

function turned(x: number, y: number, angle: number): readonly [number, number] {
  if (angle === 0) return [x, y];
  const radians = (-angle * Math.PI) / 180;
  const [cos, sin] = [Math.cos(radians), Math.sin(radians)];
  return [x * cos - y * sin, x * sin + y * cos];
}

interface Origin {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function corner(view: readonly number[], angle: number): Origin {
  const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = view;
  const corners = [
    turned(x0, y0, angle),
    turned(x1, y0, angle),
    turned(x0, y1, angle),
    turned(x1, y1, angle),
  ];
  const xs = corners.map(([x]) => x);
  const ys = corners.map(([, y]) => y);
  const [left, bottom] = [Math.min(...xs), Math.min(...ys)];
  return { x: left, y: bottom, width: Math.max(...xs) - left, height: Math.max(...ys) - bottom };
}

function moved(item: TextItem, x: number, y: number): TextItem {
  return { ...item, x: item.x - x, y: item.y - y };
}
