/** What people wrote beside the cells of a sheet. */
import type { Block } from '../../model.ts';
import { elementAt, elementsOf, textOf, type XmlElement } from '../../parsing/xml.ts';
import type { OoxmlPackage } from '../ooxml/ooxml-package.ts';
import { commentBlock } from '../sheet-blocks.ts';
import { MAX_COMMENTS } from '../sheet-limits.ts';

/** In the file's order. Errors: as `OoxmlPackage.part`. */
export async function sheetComments(
  file: OoxmlPackage,
  sheet: { readonly name: string; readonly part: string },
): Promise<readonly Block[]> {
  const relationships = await file.relationshipsOf(sheet.part);
  const root = await file.part(relationships.find(({ type }) => type === 'comments')?.target ?? '');
  const list = root === null ? null : elementAt(root, 's:commentList');
  if (root === null || list === null) return [];
  const authors = authorsOf(root);
  return elementsOf(list, 's:comment')
    .slice(0, MAX_COMMENTS)
    .flatMap((comment): readonly Block[] => {
      const text = wordsOf(comment);
      const author = authors[Number(comment.attributes.get('authorId'))] ?? '';
      const cell = comment.attributes.get('ref') ?? '';
      return text === '' ? [] : [commentBlock({ sheet: sheet.name, cell, author, text })];
    });
}

/** A discussion has an identifier in place of an author. */
function authorsOf(root: XmlElement): readonly string[] {
  const authors = elementAt(root, 's:authors');
  return (authors === null ? [] : elementsOf(authors, 's:author')).map((author) => {
    const name = textOf(author).replaceAll(/\s+/g, ' ').trim().toWellFormed();
    return /^tc=\{/.test(name) ? '' : name;
  });
}

/** A discussion begins with a note to users of older programs. */
function wordsOf(comment: XmlElement): string {
  const text = elementsOf(comment, 's:text')
    .flatMap((body) => [...elementsOf(body, 's:t'), ...elementsOf(body, 's:r')])
    .map((run) => (run.name === 's:t' ? textOf(run) : elementsOf(run, 's:t').map(textOf).join('')))
    .join('');
  const said = text.startsWith('[Threaded comment]') ? text.slice(text.indexOf('Comment:') + 8) : text;
  return said.replaceAll(/\s+/g, ' ').trim().toWellFormed();
}
