import type { JsonObject } from '../../backbone/content/model.ts';
import type { ParseRequest } from '../../backbone/content/parsing/parse-protocol.ts';

/** A request to one of the parsers beside this file. */
export const parseRequest = (parser: string, options: JsonObject = {}): ParseRequest => ({
  moduleUrl: new URL(`./parsers/${parser}.ts`, import.meta.url).href,
  exportName: 'parse',
  input: {
    bytes: Buffer.from('text'),
    mediaType: 'text/plain',
    declaredCharset: null,
    baseUrl: null,
    fileName: null,
    options,
  },
});
