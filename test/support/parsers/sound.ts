import { NO_METADATA } from '../../../backbone/content/model.ts';
import type { Parser } from '../../../backbone/content/parsing/parser.ts';

/** Returns the bytes as one paragraph, after as many reports of progress as `options.reports` says. */
export const parse: Parser = async (input, events) => {
  const reports = Number(input.options['reports'] ?? 1);
  for (let done = 1; done <= reports; done += 1) events.progress(done, reports);
  return {
    blocks: [{ kind: 'paragraph', text: Buffer.from(input.bytes).toString(), locator: { page: 1 } }],
    metadata: NO_METADATA,
    typeMetadata: { byteLength: input.bytes.byteLength, bufferLength: input.bytes.buffer.byteLength },
    links: [],
    pageCount: 1,
    warnings: [],
  };
};
