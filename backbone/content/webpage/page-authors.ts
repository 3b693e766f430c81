/** Who wrote a page, from all its sources in order of trust. */
import type { Sourced } from '../model.ts';
import type { ReadBlock } from '../parsing/html-blocks.ts';
import { authorNames, jsonLdAuthors } from './authors.ts';
import { microdataAuthors, visibleAuthors, writtenByLines } from './byline.ts';
import { firstOf } from './first-source.ts';
import { hasType, textIn } from './json-ld.ts';
import type { PageFacts } from './page-facts.ts';

/** Null when no source names a person or body that is not the site itself. */
export function authorsOf(
  { $, mainNode, jsonLd, meta }: PageFacts,
  blocks: readonly ReadBlock[],
  siteName: string | null,
): Sourced<readonly string[]> | null {
  const some = (texts: readonly string[]): readonly string[] | null => {
    const names = authorNames(texts, siteName);
    return names.length === 0 ? null : names;
  };
  return firstOf<readonly string[]>([
    ['jsonld', () => (mainNode === null ? null : some(jsonLdAuthors(mainNode, jsonLd)))],
    ['meta', () => some(meta.all('citation_author'))],
    ['og', () => some([...meta.all('article:author'), ...meta.all('og:article:author')])],
    [
      'meta',
      () => {
        const names = [
          'author',
          'dc.creator',
          'dcterms.creator',
          'dc.creator.personalname',
          'parsely-author',
          'sailthru.author',
          'byl',
          'twitter:data1-author',
        ];
        return some(names.flatMap((name) => (meta.all(name).length > 0 ? meta.all(name) : [])).slice(0, 3));
      },
    ],
    ['microdata', () => some(microdataAuthors($))],
    ['meta', () => some(labelledAuthors(meta))],
    [
      'byline',
      () =>
        visibleAuthors($)
          .map((text) => some([text]))
          .find((names) => names !== null) ?? null,
    ],
    ['byline', () => some(writtenByLines(blocks).slice(0, 1))],
    ['jsonld', () => some(onlyPerson(jsonLd))],
  ]);
}

/** Twitter cards pair a label such as "Written by" with a value. */
function labelledAuthors(meta: PageFacts['meta']): string[] {
  return ['1', '2', '3'].flatMap((number) => {
    const label = meta.first(`twitter:label${number}`)?.value ?? '';
    const value = meta.first(`twitter:data${number}`)?.value;
    const isAuthor =
      /^(?:written by|author|by|verfasst von|geschrieben von|écrit par|escrito por|scritto da|napisane przez|geschreven door)/i;
    return value !== undefined && isAuthor.test(label) ? [value] : [];
  });
}

/** A page that describes one person alone describes its author. */
function onlyPerson(nodes: PageFacts['jsonLd']): string[] {
  const people = nodes.filter((node) => hasType(node, new Set(['person'])));
  const names = new Set(people.flatMap((node) => textIn(node['name']) ?? []));
  return names.size === 1 ? [...names] : [];
}
