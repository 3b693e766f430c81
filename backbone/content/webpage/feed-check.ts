/** Recognises feeds, which are served under any media type. Pure. */
import { isJsonFeed } from '../parsing/text-media-type.ts';

const HEAD = 4096;
const PROLOGUE = /^(?:\s+|<\?[^>]{0,500}>|<!--(?:(?!-->)[\s\S]){0,2000}-->|<!doctype[^>]{0,500}>)/i;
const ROOT = /^<(?:rss[\s>]|feed[\s>]|(?:atom|a):feed[\s>]|rdf:rdf[\s>])/i;
const RDF_FEED = /purl\.org\/rss\/|netscape\.com\/rdf/i;

/** Whether a text is RSS, RDF, Atom or JSON Feed. Looks at the beginning. */
export function isFeed(text: string): boolean {
  if (/^\s{0,100}\{/.test(text)) return isJsonFeed(text);
  let head = text.slice(0, HEAD).replace(/^\ufeff/, '');
  for (let at = 0; at < 50 && PROLOGUE.test(head); at += 1) head = head.replace(PROLOGUE, '');
  if (!ROOT.test(head)) return false;
  return /^<rdf/i.test(head) ? RDF_FEED.test(head) : true;
}
