import { NO_METADATA, type Block } from '../../../backbone/content/model.ts';
import { AppError } from '../../../backbone/errors.ts';
import type { Parser } from '../../../backbone/content/parsing/parser.ts';

/** A format of its own: `# ` begins a heading, `@author NAME` names an author, every other line is a paragraph. */
export const parse: Parser = (input, events) => {
  const lines = Buffer.from(input.bytes).toString('utf8').split('\n');
  if (lines[0]?.startsWith('broken') === true) throw new AppError('file_damaged');
  const authors = lines.flatMap((line) => (line.startsWith('@author ') ? [line.slice(8)] : []));
  const blocks = lines.flatMap((line, index): readonly Block[] => {
    events.progress(index + 1, lines.length);
    if (line.trim() === '' || line.startsWith('@')) return [];
    const locator = { line: index + 1 };
    return line.startsWith('# ')
      ? [{ kind: 'heading', level: 1, text: line.slice(2), locator }]
      : [{ kind: 'paragraph', text: line, locator }];
  });
  const title = blocks.find((block) => block.kind === 'heading')?.text;
  return Promise.resolve({
    blocks,
    metadata: {
      ...NO_METADATA,
      title: title === undefined ? null : { value: title, source: 'heading' },
      authors: authors.length === 0 ? null : { value: authors, source: 'author line' },
    },
    typeMetadata: { lines: lines.length },
    links: [],
    pageCount: null,
    warnings: [],
  });
};
