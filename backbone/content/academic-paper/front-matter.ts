/** Names, addresses and ids in what stands before the text of a paper. Pure. */
import type { Block } from '../model.ts';
import { findArxivIds } from './arxiv-id.ts';
import { findDois } from './doi.ts';
import { idOfDoi, type ScholarlyId } from './scholarly-ids.ts';

const MAX_AUTHORS = 200;
const MAX_AFFILIATIONS = 100;
const MAX_LENGTH = 20_000;
/** `1`, `1,2*`, `∗†` behind a name, in superscript or not. */
const MARKS = /[\s,]{0,2}[\d*†‡§¶∗#⋆✉]{1,3}(?:\s?[,¶]\s?[\d*†‡§∗]{1,3}){0,6}(?=[\s,;.]|$)/gu;
const PARTICLE = '(?:van|von|de|der|den|del|da|di|la|le|el|al|bin|ter|ten|zu|dos)';
const NAME = new RegExp(
  String.raw`^(?:\p{Lu}[\p{L}’'.-]{0,30}|${PARTICLE})(?:\s(?:\p{Lu}[\p{L}’'.-]{0,30}|${PARTICLE})){1,5}$`,
  'u',
);
const PLACE =
  /universit|institut|department|college|school of|laborator|centre|center|hospital|academy|faculty|gmbh|\binc\b|research|google|microsoft|deepmind|openai|meta ai|fakultät|hochschule|école/i;

/** Names in the first paragraph of names after the title; empty when what stands there may be anything else. */
export function bylineAuthors(front: readonly Block[]): readonly string[] {
  for (const { kind, text } of front) {
    const names = kind === 'heading' ? [] : namesIn(text);
    if (names.length > 0) return names;
  }
  return [];
}

/** Paragraphs that name an institution, cut at the numbers that authors are marked with. */
export function affiliationsOf(front: readonly Block[]): readonly string[] {
  const found = front
    .filter(({ kind, text }) => kind !== 'heading' && PLACE.test(text.slice(0, MAX_LENGTH)))
    .flatMap(({ text }) => text.slice(0, MAX_LENGTH).split(/(?:^|\s)(?:\d{1,2}|[*†‡§¶∗])\s?(?=\p{Lu})/u))
    .map((part) => part.replaceAll(/\s+/g, ' ').trim())
    .filter((part) => part.length <= 400 && PLACE.test(part));
  return [...new Set(found)].slice(0, MAX_AFFILIATIONS);
}

/** The paper's own id: what stands on page 1 outside the text, arXiv's stamp in the margin included. */
export function ownId(front: readonly Block[], firstPage: readonly Block[]): ScholarlyId | null {
  for (const { text } of front) {
    const doi = findDois(text.slice(0, MAX_LENGTH))[0];
    if (doi !== undefined) return idOfDoi(doi);
  }
  const stamp = firstPage.find(({ text }) => /^arXiv:\S{9,20}\s{0,2}\[/.test(text));
  const arxiv = stamp === undefined ? undefined : findArxivIds(stamp.text)[0];
  return arxiv === undefined ? null : { kind: 'arxiv', id: arxiv };
}

function namesIn(text: string): readonly string[] {
  if (text.length > MAX_LENGTH || PLACE.test(text)) return [];
  const names = text
    .replaceAll(MARKS, ' ')
    .split(/\s?[,;·•]\s?(?:and\s|&\s)?|\s(?:and|und|&)\s|\n/)
    .map((name) => name.replaceAll(/\s+/g, ' ').trim())
    .filter((name) => name !== '');
  const isByline = names.length > 0 && names.length <= MAX_AUTHORS && names.every((name) => NAME.test(name));
  return isByline ? names : [];
}
