import { load, type CheerioAPI } from 'cheerio';
import { openZip } from '../../backbone/content/parsing/zip.ts';

/** The text of the element that an EPUB CFI leads to, found step by step as a reading system does. */
export async function textAtCfi(book: Uint8Array, cfi: string): Promise<string> {
  const zip = await openZip(book);
  const treeOf = async (name: string): Promise<CheerioAPI> =>
    load(Buffer.from(await zip.read(name)).toString('utf8'), { xml: true });
  const [, toItem = '', inItem = ''] = /^epubcfi\(([^!]+)!([^)]+)\)$/.exec(cfi) ?? [];
  const packageTree = await treeOf('OPS/book.opf');
  const idref = packageTree(follow(packageTree, toItem)).attr('idref') ?? '';
  const href = packageTree(`manifest > item[id="${idref}"]`).attr('href') ?? '';
  const chapter = await treeOf(`OPS/${decodeURIComponent(href)}`);
  return chapter(follow(chapter, inItem)).text().replaceAll(/\s+/g, ' ').trim();
}

function follow(tree: CheerioAPI, steps: string): ReturnType<CheerioAPI> {
  let at = tree(tree.root().children().get(0) ?? '');
  for (const [, number = '', id] of steps.matchAll(/\/(\d+)(?:\[([^\]]*)\])?/g)) {
    at = tree(at.children().get(Number(number) / 2 - 1) ?? '');
    if (id !== undefined && at.attr('id') !== id) throw new Error(`${steps} does not lead to ${id}`);
  }
  return at;
}
