/** Source code and files of settings and data that are read as code is. */
import { NO_METADATA, type ContentMetadata, type Extraction } from '../model.ts';
import { JSON_FILE_TYPE, languageOfName, languageOfScript, XML_FILE_TYPE } from '../parsing/code-names.ts';
import { inOneGo, type ParserInput } from '../parsing/parser.ts';
import { withoutDoctype } from '../parsing/xml-doctype.ts';
import { codeBlocks } from './code/code-units.ts';
import { readTextInput } from './text/text-input.ts';

/** Errors: `source_too_large`, `no_text`, `file_unsafe` (XML that declares entities). */
export const parse = inOneGo(extract);

function extract(input: ParserInput): Extraction {
  const { text, charset, warnings } = readTextInput(input);
  // Nothing here resolves entities, but whoever reads the text on might.
  if (input.mediaType === XML_FILE_TYPE) withoutDoctype(text);
  const language = languageOf(input, text);
  return {
    blocks: codeBlocks(text, language),
    metadata: metadataOf(input.fileName),
    typeMetadata: { programmingLanguage: language, lines: text.split('\n').length, charset },
    links: [],
    pageCount: null,
    warnings,
  };
}

/** The name of a file of code says more with its ending. */
function metadataOf(fileName: string | null): ContentMetadata {
  const value = (fileName ?? '').split(/[/\\]/).at(-1)?.trim() ?? '';
  return value === '' ? NO_METADATA : { ...NO_METADATA, title: { value, source: 'file-name' } };
}

function languageOf({ fileName, mediaType }: ParserInput, text: string): string | null {
  if (mediaType === JSON_FILE_TYPE) return 'json';
  return languageOfName(fileName) ?? (mediaType === XML_FILE_TYPE ? 'xml' : languageOfScript(text));
}
