/** An episode in the structured data of a page. Pure. */
import { canonicalUrl } from '../../fetch/canonical-url.ts';
import { secondsOf } from '../transcripts/time-code.ts';
import { addressOf } from '../webpage/feed/feed-text.ts';
import { hasType, isObject, textIn, type JsonLdNode } from '../webpage/json-ld.ts';
import type { PageFacts } from '../webpage/page-facts.ts';
import type { EpisodeFile } from './episode.ts';

const EPISODES = new Set(['podcastepisode', 'radioepisode']);
const RECORDINGS = new Set(['audioobject']);
const ISO_DURATION = /^P(?:(\d{1,3})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:(\d{1,6}(?:\.\d{1,6})?)S)?)?$/i;

/**
 * The episode that the page is about: the one with its address, else the only one. A page that lists several is about
 * none of them. Without any, a lone recording speaks for itself.
 */
export function episodeNodeOf({ jsonLd, pageUrl, baseUrl }: PageFacts): JsonLdNode | null {
  const episodes = jsonLd.filter((node) => hasType(node, EPISODES));
  const own = episodes.find((node) => isAddress(addressOf(textIn(node['url']), baseUrl), pageUrl));
  if (own !== undefined) return own;
  const recordings = jsonLd.filter((node) => hasType(node, RECORDINGS));
  const [only, ...others] = episodes.length > 0 ? episodes : recordings;
  return only !== undefined && others.length === 0 ? only : null;
}

/** The recording of an episode, or the one that the node is itself; the address may be relative. */
export function recordingIn(node: JsonLdNode | null): EpisodeFile | null {
  for (const file of filesOf(node)) {
    const url = textIn(file['contentUrl']);
    if (url !== null) return { url, type: textIn(file['encodingFormat']) };
  }
  return null;
}

/** In seconds, from `PT1H2M3S`, `1:02:03` or a number; null where nobody tells. */
export function durationOf(node: JsonLdNode | null): number | null {
  const told = [node, ...filesOf(node)].flatMap((file) => [file?.['duration'], file?.['timeRequired']]);
  return told.map((value) => secondsOfIso(textIn(value) ?? '')).find((seconds) => seconds !== null) ?? null;
}

function filesOf(node: JsonLdNode | null): readonly JsonLdNode[] {
  if (node === null) return [];
  const named = ['associatedMedia', 'audio', 'encoding'].flatMap((name) => node[name]);
  return [...named.slice(0, 20), node].filter((file) => isObject(file));
}

function secondsOfIso(text: string): number | null {
  const parts = ISO_DURATION.exec(text);
  if (parts === null) return secondsOf(text);
  const [, days = '0', hours = '0', minutes = '0', seconds = '0'] = parts;
  const total = Number(days) * 86_400 + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return total === 0 ? null : secondsOf(total);
}

function isAddress(one: string | null, other: string | null): boolean {
  return one !== null && other !== null && canonicalUrl(one) === canonicalUrl(other);
}
