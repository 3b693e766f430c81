/** The video that a page shows: JSON-LD, then OpenGraph, then the element itself. A module for parse threads. */
import type { CheerioAPI } from 'cheerio/slim';
import { decodeText } from '../../parsing/charset.ts';
import { webUrl } from '../../parsing/html-references.ts';
import { parseHtml } from '../../parsing/html-tree.ts';
import { secondsOf } from '../../transcripts/time-code.ts';
import { hasType, isObject, readJsonLd, textIn, type JsonLdNode } from '../../webpage/json-ld.ts';
import { dateOf, labelOf, languageOf, textOf } from '../film/film-values.ts';
import type { PageCaptions, PageVideo } from './page-video.ts';

export interface VideoPageInput {
  readonly bytes: Uint8Array;
  readonly declaredCharset: string | null;
  readonly url: string;
}

export interface VideoPage {
  /** Null when the page shows none whose file or text could be had. */
  readonly video: PageVideo | null;
  readonly isPeertube: boolean;
}

const VIDEO_OBJECT: ReadonlySet<string> = new Set(['videoobject']);
const MOST_TRACKS = 50;
const DURATION = /^P(?:(\d{1,3})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,7}(?:\.\d{1,9})?)S)?)?$/;
/** Lists of pieces for players. */
const PLAYLIST = /\.(?:m3u8|mpd)$/i;

export function readVideoPage({ bytes, declaredCharset, url }: VideoPageInput): VideoPage {
  const $ = parseHtml(decodeText(bytes, { declared: declaredCharset, kind: 'html' }).text);
  const page = { $, url };
  const found = fromJsonLd(page) ?? fromOpenGraph(page) ?? fromElement(page);
  return { video: found, isPeertube: metaOf($, 'og:platform')?.toLowerCase() === 'peertube' };
}

interface Page {
  readonly $: CheerioAPI;
  readonly url: string;
}

function fromJsonLd({ $, url }: Page): PageVideo | null {
  const nodes = readJsonLd($).filter((node) => hasType(node, VIDEO_OBJECT));
  for (const node of nodes) {
    const mediaUrl = fileAddress(textIn(node['contentUrl']), url);
    const transcript = textOf(textIn(node['transcript']));
    if (mediaUrl === null && transcript === null) continue;
    return { ...pageFacts({ $, url }), source: 'jsonld', ...nodeFacts(node, url), mediaUrl, transcript };
  }
  return null;
}

/** What the node does not say is left to the page. */
function nodeFacts(node: JsonLdNode, url: string): Partial<PageVideo> {
  const facts = {
    title: labelOf(textIn(node['name'])),
    author: labelOf(textIn(node['author']) ?? textIn(node['creator'])),
    description: textOf(textIn(node['description'])),
    publishedAt: dateOf(textIn(node['uploadDate']) ?? textIn(node['datePublished'])),
    durationSeconds: durationOf(textIn(node['duration'])),
    language: languageOf(textIn(node['inLanguage'])),
    thumbnailUrl: webUrl(textIn(node['thumbnailUrl']) ?? '', url),
  };
  const known = Object.entries(facts).filter(([, value]) => value !== null);
  const captions = captionsOf(node['caption'], url);
  return { ...Object.fromEntries(known), ...(captions.length === 0 ? {} : { captions }) };
}

function captionsOf(value: unknown, url: string): readonly PageCaptions[] {
  const values: readonly unknown[] = Array.isArray(value) ? value.slice(0, MOST_TRACKS) : [value];
  return values.flatMap((one): readonly PageCaptions[] => {
    if (!isObject(one)) return [];
    const address = webUrl(textIn(one['contentUrl']) ?? textIn(one['url']) ?? '', url);
    return address === null ? [] : [{ url: address, language: languageOf(textIn(one['inLanguage'])) }];
  });
}

function fromOpenGraph({ $, url }: Page): PageVideo | null {
  const named = metaOf($, 'og:video:secure_url') ?? metaOf($, 'og:video:url') ?? metaOf($, 'og:video');
  const isFile =
    metaOf($, 'og:video:type')?.startsWith('video/') ?? /\.(?:mp4|webm|mov|mkv|m4v)$/i.test(pathOf(named));
  const mediaUrl = isFile ? fileAddress(named, url) : null;
  return mediaUrl === null ? null : { ...pageFacts({ $, url }), source: 'og', mediaUrl };
}

function fromElement({ $, url }: Page): PageVideo | null {
  const element = $('video').first();
  const named = element.attr('src') ?? element.find('source[src]').first().attr('src') ?? null;
  const mediaUrl = fileAddress(named, url);
  return mediaUrl === null ? null : { ...pageFacts({ $, url }), source: 'html', mediaUrl };
}

function pageFacts({ $, url }: Page): PageVideo {
  const duration = metaOf($, 'og:video:duration') ?? metaOf($, 'video:duration');
  return {
    source: 'html',
    url: webUrl($('link[rel="canonical"]').first().attr('href') ?? '', url) ?? url,
    mediaUrl: null,
    title: labelOf(metaOf($, 'og:title')) ?? labelOf($('head title').first().text()),
    author: labelOf(metaOf($, 'author')),
    siteName: labelOf(metaOf($, 'og:site_name')),
    description: textOf(metaOf($, 'og:description') ?? metaOf($, 'description')),
    publishedAt: dateOf(metaOf($, 'video:release_date')),
    durationSeconds: duration === null ? null : secondsOf(duration),
    language: languageOf($('html').attr('lang')),
    thumbnailUrl: webUrl(metaOf($, 'og:image') ?? '', url),
    transcript: null,
    captions: tracksOf($, url),
  };
}

function tracksOf($: CheerioAPI, url: string): readonly PageCaptions[] {
  const tracks = $('video track[src]').toArray().slice(0, MOST_TRACKS);
  return tracks.flatMap((track): readonly PageCaptions[] => {
    const { src = '', kind = 'subtitles', srclang } = track.attribs;
    const address = webUrl(src, url);
    const isText = kind === 'subtitles' || kind === 'captions';
    return address === null || !isText ? [] : [{ url: address, language: languageOf(srclang) }];
  });
}

function metaOf($: CheerioAPI, name: string): string | null {
  const content = $(`meta[property="${name}"], meta[name="${name}"]`).first().attr('content')?.trim();
  return content === undefined || content === '' ? null : content;
}

function fileAddress(text: string | null, base: string): string | null {
  const address = text === null ? null : webUrl(text, base);
  return address === null || PLAYLIST.test(pathOf(address)) ? null : address;
}

function pathOf(address: string | null): string {
  return URL.parse(address ?? '')?.pathname ?? address ?? '';
}

/** Seconds of an ISO 8601 duration such as `PT1H2M3S`; null for what is none. */
export function durationOf(text: string | null): number | null {
  const parts = DURATION.exec(text ?? '');
  if (parts === null) return null;
  const [, days = '0', hours = '0', minutes = '0', seconds = '0'] = parts;
  const wholeHours = Number(days) * 24 + Number(hours);
  return secondsOf((wholeHours * 60 + Number(minutes)) * 60 + Number(seconds));
}
