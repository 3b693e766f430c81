import type { Block, Extraction } from '../../../backbone/content/model.ts';
import type { Parser, ParserInput } from '../../../backbone/content/parsing/parser.ts';

/** Runs a parser on a file held in memory. */
export function parsed(
  parse: Parser,
  content: string | Uint8Array,
  given: Partial<ParserInput> = {},
  onProgress: (done: number, total: number) => void = () => undefined,
): Promise<Extraction> {
  const input: ParserInput = {
    bytes: Buffer.from(content),
    mediaType: 'text/plain',
    declaredCharset: null,
    baseUrl: null,
    fileName: null,
    options: {},
    ...given,
  };
  return parse(input, { progress: onProgress });
}

/** `kind: text`, for comparing whole documents at a glance; levels and ordinals behind the kind. */
export function outline(blocks: readonly Block[]): readonly string[] {
  return blocks.map(({ kind, level, ordinal, text }) => {
    const number = ordinal === undefined ? '' : `#${ordinal}`;
    return `${kind}${level ?? ''}${number}: ${text}`;
  });
}
