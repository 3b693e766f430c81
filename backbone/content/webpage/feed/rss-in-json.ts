/** RSS written as JSON (`{"rss": {"channel": ...}}`): the same names, so it is written back as RSS. Pure. */
import { escapeXml } from '../../parsing/xml-escape.ts';
import { isObject } from '../json-ld.ts';
import { MOST_READ_ENTRIES } from './feed-model.ts';

const CHANNEL = ['title', 'link', 'description', 'language', 'pubDate', 'lastBuildDate', 'managingEditor'];
const ITEM = ['title', 'link', 'description', 'pubDate', 'author', 'guid', 'content:encoded', 'dc:creator'];

/** The RSS, or null when the value is no such feed. */
export function rssOfJson(value: unknown): string | null {
  const rss = isObject(value) ? value['rss'] : undefined;
  const channel = isObject(rss) ? rss['channel'] : undefined;
  if (!isObject(channel)) return null;
  const items: readonly unknown[] = Array.isArray(channel['item']) ? channel['item'] : [channel['item']];
  const entries = items.slice(0, MOST_READ_ENTRIES + 1).filter((item) => isObject(item));
  const written = entries.map((item) => `<item>${elementsOf(item, ITEM)}${enclosureOf(item)}</item>`);
  return `<rss version="2.0"><channel>${elementsOf(channel, CHANNEL)}${written.join('')}</channel></rss>`;
}

function elementsOf(of: Readonly<Record<string, unknown>>, names: readonly string[]): string {
  return names
    .map((name) => {
      const value = of[name];
      const text = isObject(value) ? value['#value'] : value;
      const attributes = isObject(value) ? attributesOf(value, ['isPermaLink']) : '';
      return typeof text === 'string' ? `<${name}${attributes}>${escapeXml(text)}</${name}>` : '';
    })
    .join('');
}

function enclosureOf(item: Readonly<Record<string, unknown>>): string {
  const enclosure = item['enclosure'];
  return isObject(enclosure) ? `<enclosure${attributesOf(enclosure, ['url', 'type', 'length'])}/>` : '';
}

function attributesOf(of: Readonly<Record<string, unknown>>, names: readonly string[]): string {
  return names
    .flatMap((name) => {
      const value = of[name];
      return typeof value === 'string' ? [` ${name}="${escapeXml(value)}"`] : [];
    })
    .join('');
}
