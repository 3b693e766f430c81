/** The description of a video as a section of its own. Pure. */
import type { Block, ContentLink, Locator } from '../model.ts';

const HEADING = 'Description';
const LEVEL = 2;
/** As a chapter of its own, so that no passage holds both description and speech: it would have no time. */
const PLACE: Locator = { chapter: HEADING };
const BELOW: Locator = { chapter: HEADING, headingPath: [HEADING] };
const LINK = /https?:\/\/[^\s<>"]{1,2000}/g;
const SENTENCE_MARKS = /[.,;:!?)\]]+$/;
const MOST_LINKS = 500;

/** @param text lines; empty lines part paragraphs */
export function descriptionSection(text: string): {
  readonly blocks: readonly Block[];
  readonly links: readonly ContentLink[];
} {
  const paragraphs = text
    .split(/\n[\t ]*\n/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '');
  if (paragraphs.length === 0) return { blocks: [], links: [] };
  const blocks = paragraphs.map(
    (paragraph): Block => ({ kind: 'paragraph', text: paragraph, locator: BELOW }),
  );
  return {
    blocks: [{ kind: 'heading', level: LEVEL, text: HEADING, locator: PLACE }, ...blocks],
    links: linksIn(text),
  };
}

function linksIn(text: string): readonly ContentLink[] {
  return [...text.matchAll(LINK)].slice(0, MOST_LINKS).flatMap(([found]) => {
    const url = found.slice(-20).replace(SENTENCE_MARKS, '');
    const address = `${found.slice(0, -20)}${url}`;
    return URL.canParse(address) ? [{ url: address, text: address }] : [];
  });
}
