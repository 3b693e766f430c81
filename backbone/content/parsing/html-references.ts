/** What elements refer to: links, images, formulas. Only web addresses leave this file. */
import type { ContentLink } from '../model.ts';
import { attributeOf, isElement, labelOf, type HtmlElement } from './html-tree.ts';

const LONGEST_URL = 2048;
const LONGEST_ALT = 2000;
const LONGEST_FORMULA = 10_000;
/** Where scripts that load images late keep the address, best first. */
const LAZY_SOURCES = ['data-src', 'data-original', 'data-lazy-src', 'data-hi-res-src', 'data-url'];

/** The absolute http(s) address, or null when it is another kind, relative to nothing, or too long. */
export function webUrl(reference: string, baseUrl: string | null): string | null {
  if (reference === '' || reference.length > LONGEST_URL) return null;
  const url = URL.parse(reference, baseUrl ?? undefined);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return null;
  if (url.username !== '' || url.password !== '') return null;
  return url.href.length > LONGEST_URL ? null : url.href;
}

/** Null for places within the page and for everything but web addresses. */
export function linkOf(anchor: HtmlElement, baseUrl: string | null): ContentLink | null {
  const href = attributeOf(anchor, 'href');
  if (href.startsWith('#')) return null;
  const url = webUrl(href, baseUrl);
  return url === null ? null : { url, text: labelOf(anchor) };
}

export interface HtmlImage {
  readonly text: string;
  readonly source: string | null;
  /** The picture of a formula, whose alternative text is TeX. */
  readonly isMath: boolean;
}

/** Null for decoration: images without alternative text. */
export function imageOf(image: HtmlElement, baseUrl: string | null): HtmlImage | null {
  const alt = attributeOf(image, 'alt').replaceAll(/\s+/g, ' ').slice(0, LONGEST_ALT).toWellFormed();
  if (alt === '') return null;
  const isMath = /(?:^|[\s_-])(?:math|tex|latex)/i.test(attributeOf(image, 'class').slice(0, 200));
  return { text: alt, source: imageSource(image, baseUrl), isMath };
}

/** The address of the picture that a browser would show in the end; null for pictures within the page. */
export function imageSource(image: HtmlElement, baseUrl: string | null): string | null {
  const srcset = attributeOf(image, 'data-srcset') || attributeOf(image, 'srcset');
  const references = [
    ...LAZY_SOURCES.map((name) => attributeOf(image, name)),
    attributeOf(image, 'src'),
    srcset.slice(0, LONGEST_URL).split(/[\s,]/, 1)[0] ?? '',
  ];
  for (const reference of references) {
    if (reference.startsWith('data:')) continue;
    const url = webUrl(reference, baseUrl);
    if (url !== null) return url;
  }
  return null;
}

/** TeX of a formula, when its markup carries any; null for everything that is no formula. */
export function mathOf(element: HtmlElement): string | null {
  if (element.name === 'script') {
    if (!attributeOf(element, 'type').toLowerCase().startsWith('math/tex')) return null;
    const tex = element.children[0];
    return tex !== undefined && 'data' in tex ? formula(tex.data) : null;
  }
  if (element.name !== 'math') return null;
  const alternative = attributeOf(element, 'alttext');
  return formula(alternative === '' ? (annotationOf(element) ?? '') : alternative);
}

function annotationOf(math: HtmlElement): string | null {
  for (const child of math.children) {
    if (!isElement(child)) continue;
    for (const node of [child, ...child.children]) {
      if (isElement(node) && node.name === 'annotation' && /tex/i.test(attributeOf(node, 'encoding'))) {
        return labelOf(node, { maxNodes: 100, maxLength: LONGEST_FORMULA });
      }
    }
  }
  return null;
}

function formula(tex: string): string | null {
  const text = tex.replaceAll(/\s+/g, ' ').trim().slice(0, LONGEST_FORMULA).toWellFormed();
  return text === '' ? null : text;
}
