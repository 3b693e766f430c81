/** Names of authors, cleaned of what pages write around them. Pure. */
import { hasType, isObject, textIn, unescaped, type JsonLdNode } from './json-ld.ts';

const BY =
  /^(?:(?:written|posted|published|reported|story|words|text|article)\s+)?(?:by|von|par|por|di|door|przez|af|av|autor|author|autorin|auteur|autore|text|foto)\s*:?\s+/i;
const TAIL = /\s*(?:\||–|—|•|·|\bon\s+\w+ \d|\bam\s+\d|\d{1,2}[./]\d|[([<]).*$/u;
/** "Article by", "Interview:" and the like. */
const INTRODUCED = /^(?:[\p{L}]+ (?:by|von|par|por|di|door)\b:?\s+|\p{L}{3,12}:\s+)/iu;
const WEEKDAY = /[\s,]+(?:mon?|tue?|wed?|thu?|fri?|sat?|sun?|mo|di|mi|do|fr|sa|so)[.,]?$/i;
const NOT_A_NAME =
  /[@\d<>{}=]|https?:|www\.|\.(?:com|org|net|de)\b|^(?:admin|administrator|wordpressadmin|anonymous|guest|unknown|author|autor|user|webmaster|follow|by|posted|null|undefined|facebook|twitter|n\/a)$/i;
const MOST_AUTHORS = 50;
const LONGEST_NAME = 80;

/** The names within texts such as "By Ann Lee and Bo Chen"; nothing for addresses, links and site names. */
export function authorNames(texts: readonly string[], siteName: string | null): string[] {
  const names: string[] = [];
  for (const text of texts.slice(0, MOST_AUTHORS)) {
    for (const part of partsOf(text.slice(0, 500))) {
      const name = cleanName(part);
      const isSite = siteName !== null && name.toLowerCase() === siteName.toLowerCase();
      if (name === '' || isSite || NOT_A_NAME.test(name) || name.length > LONGEST_NAME) continue;
      if (!names.some((known) => known.toLowerCase() === name.toLowerCase())) names.push(name);
    }
  }
  return names.slice(0, MOST_AUTHORS);
}

/** Names of an article's `author`, in whichever of the many forms; ids are looked up among the other nodes. */
export function jsonLdAuthors(node: JsonLdNode, all: readonly JsonLdNode[]): string[] {
  const value = node['author'] ?? node['creator'];
  const entries = Array.isArray(value) ? (value as unknown[]).slice(0, MOST_AUTHORS) : [value];
  return entries.flatMap((entry) => authorTexts(entry, all)).map(unescaped);
}

function authorTexts(entry: unknown, all: readonly JsonLdNode[]): string[] {
  if (typeof entry === 'string') return [entry];
  if (!isObject(entry)) return [];
  const name = entry['name'];
  if (Array.isArray(name)) return name.filter((part): part is string => typeof part === 'string');
  if (typeof name === 'string') return [name];
  const given = [entry['givenName'], entry['familyName']]
    .filter((part) => typeof part === 'string')
    .join(' ');
  if (given !== '') return [given];
  const id = entry['@id'];
  if (typeof id !== 'string') return [];
  const named = all.find(
    (node) => node['@id'] === id && node['name'] !== undefined && !hasType(node, SITE_TYPES),
  );
  const found = named === undefined ? null : textIn(named['name']);
  return found === null ? [] : [found];
}

const SITE_TYPES: ReadonlySet<string> = new Set(['website', 'webpage']);

function partsOf(text: string): string[] {
  return text
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replace(BY, '')
    .split(/\s*[;|\n]\s*|,\s+|\s+(?:and|und|et|y|e|&|i)\s+/u);
}

function cleanName(part: string): string {
  const bare = part
    .trim()
    .replace(BY, '')
    .replace(INTRODUCED, '')
    .replace(TAIL, '')
    .replace(WEEKDAY, '')
    .replaceAll(/^[\s,.:;©-]+|[\s,:;-]+$/g, '');
  const name = halved(bare);
  const isShouted = name.length > 4 && name === name.toUpperCase() && /\p{Lu}/u.test(name);
  return isShouted
    ? name.toLowerCase().replaceAll(/(?<!\p{L})\p{L}/gu, (first) => first.toUpperCase())
    : name;
}

/** A picture's label and the name beside it read as the name twice. */
function halved(name: string): string {
  const half = (name.length - 1) / 2;
  return Number.isInteger(half) && half > 1 && name.slice(0, half) === name.slice(half + 1)
    ? name.slice(0, half)
    : name;
}
