/** LaTeX sources: the text with its sections, lists, tables, notes and code; formulas stay as they are written. */
import { AppError } from '../../errors.ts';
import { NO_METADATA, type ContentMetadata, type ContentWarning, type Extraction } from '../model.ts';
import { inOneGo, type ParserInput } from '../parsing/parser.ts';
import { textLimitOf } from '../parsing/text-limit.ts';
import { withTitle } from './heading-title.ts';
import { LatexReader, type LatexFacts } from './latex/latex-reader.ts';
import { LatexSource } from './latex/latex-source.ts';
import { LatexStory } from './latex/latex-story.ts';
import { shortValue, sourced } from './property-values.ts';
import { readTextInput } from './text/text-input.ts';

const SOURCE = 'latex';
const MOST_NAMED_FILES = 5;
const MACROS_CUT: ContentWarning = {
  code: 'partial_text',
  message: 'Some macros call each other too often and were left out.',
};

/** Errors: `source_too_large`, `no_text`. */
export const parse = inOneGo(extract);

function extract(input: ParserInput): Extraction {
  const { text, charset, warnings } = readTextInput(input);
  const [source, story] = [new LatexSource(text), new LatexStory(textLimitOf(input))];
  const reader = new LatexReader(source, story, text.includes('\\begin{document}'));
  reader.read();
  const { blocks, links } = story;
  if (blocks.length === 0) throw new AppError('no_text');
  const { facts } = reader;
  const missing = facts.included.length === 0 ? [] : [includedWarning(facts.included)];
  return {
    blocks,
    metadata: withTitle(metadataOf(facts), blocks),
    typeMetadata: { charset },
    links,
    pageCount: null,
    warnings: [...warnings, ...missing, ...(source.isCut ? [MACROS_CUT] : [])],
  };
}

function metadataOf({ title, authors, date }: LatexFacts): ContentMetadata {
  const names = authors
    .split(';')
    .flatMap((author) => shortValue(author.trim().split('\n', 1)[0] ?? '') ?? []);
  const day = /^\s{0,20}(\d{4}-\d\d-\d\d)\s{0,20}$/.exec(date)?.[1] ?? null;
  return {
    ...NO_METADATA,
    title: sourced(SOURCE, shortValue(title)),
    authors: sourced(SOURCE, names.length === 0 ? null : names),
    publishedAt: sourced(SOURCE, day !== null && !Number.isNaN(Date.parse(day)) ? day : null),
  };
}

function includedWarning(files: readonly string[]): ContentWarning {
  const named = files.slice(0, MOST_NAMED_FILES).map((name) => name.trim().slice(0, 100));
  const more = files.length > named.length ? ` and ${files.length - named.length} more` : '';
  const message = `Parts of the text stand in files of their own and are not in it: ${named.join(', ')}${more}.`;
  return { code: 'partial_text', message };
}
