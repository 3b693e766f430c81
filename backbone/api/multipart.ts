import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Busboy, type BusboyHeaders, type BusboyInstance } from '@fastify/busboy';
import type { FieldError } from '../errors.ts';
import { textFault } from './json-body.ts';
import { invalidRequest } from './problem.ts';

export interface FormFile {
  readonly stream: Readable;
  readonly fileName: string | null;
  readonly mediaType: string | null;
}

export interface Form<T> {
  readonly fields: ReadonlyMap<string, string>;
  /** What `onFile` made of the file. */
  readonly file: T;
}

export const FORM_LIMITS = {
  fieldNameSize: 100,
  fieldSize: 256 * 1024,
  fields: 20,
  files: 2,
  parts: 24,
  headerPairs: 50,
  headerSize: 8192,
} as const;

/**
 * Reads a multipart form with exactly one part named `file`, which `onFile` takes as a stream while it
 * arrives; fields may stand before it or after it. Never holds more of the file than the streams' buffers.
 * @throws AppError invalid_request, and whatever `onFile` throws
 */
export async function readForm<T>(
  request: IncomingMessage,
  onFile: (file: FormFile) => Promise<T>,
): Promise<Form<T>> {
  const reading = startForm<T>(request, onFile);
  try {
    await pipeline(request, reading.parser);
  } catch {
    // The failure of whoever takes the file says more than the cut that it made.
    throw (
      reading.failure() ?? invalidRequest([{ field: 'body', message: 'is not a complete multipart form' }])
    );
  }
  // The file is stored although a field is wrong; awaiting it keeps its failure from going unseen.
  const file = await reading.file();
  if (reading.errors.length > 0) throw invalidRequest(reading.errors);
  if (file === null) throw invalidRequest([{ field: 'file', message: 'is required' }]);
  return { fields: reading.fields, file: file.taken };
}

interface Reading<T> {
  readonly parser: BusboyInstance;
  readonly fields: ReadonlyMap<string, string>;
  readonly errors: readonly FieldError[];
  /** What `onFile` made of the file; null when there was none. */
  readonly file: () => Promise<{ readonly taken: T } | null>;
  /** Why `onFile` failed on a file that had not broken off before; null when it did not. */
  readonly failure: () => Error | null;
}

function startForm<T>(request: IncomingMessage, onFile: (file: FormFile) => Promise<T>): Reading<T> {
  const parser = newParser(request);
  const fields = new Map<string, string>();
  const errors: FieldError[] = [];
  let part: FilePart<T> | null = null;
  const refuse = (field: string, message: string): void => void errors.push({ field, message });

  // Told by the pipeline; without a listener of our own one that comes late would end the process.
  parser.on('error', () => undefined);
  parser.on('file', (name, stream, fileName: string | undefined, _encoding, type: string | undefined) => {
    if (name === 'file' && part === null) {
      const file = { stream, fileName: textOrNull(fileName), mediaType: textOrNull(type) };
      part = takeFile(parser, file, onFile);
      return;
    }
    refuse(name, name === 'file' ? 'only one file can be sent at a time' : 'is not a known file field');
    stream.on('error', () => undefined);
    stream.resume();
  });
  parser.on('field', (name, value, nameTruncated, valueTruncated) => {
    const fault = textFault(value);
    if (nameTruncated || valueTruncated) refuse(name, 'is too long');
    else if (fields.has(name)) refuse(name, 'is given more than once');
    else if (fault !== null) refuse(name, fault);
    else fields.set(name, value);
  });
  for (const event of ['partsLimit', 'filesLimit', 'fieldsLimit'] as const)
    parser.on(event, () => refuse('body', 'has too many parts'));
  return {
    parser,
    fields,
    errors,
    file: async () => (part === null ? null : { taken: await part.taken }),
    failure: () => part?.failure() ?? null,
  };
}

interface FilePart<T> {
  readonly taken: Promise<T>;
  readonly failure: () => Error | null;
}

/** Whoever gives up on the file ends the whole form: reading on would only waste the caller's time. */
function takeFile<T>(
  parser: BusboyInstance,
  file: FormFile,
  onFile: (file: FormFile) => Promise<T>,
): FilePart<T> {
  let brokenOff = false;
  let failure: Error | null = null;
  file.stream.on('error', () => {
    brokenOff = true;
  });
  const taken = onFile(file);
  taken.catch((error: unknown) => {
    if (brokenOff) return;
    failure = error instanceof Error ? error : new Error('the file could not be taken', { cause: error });
    file.stream.resume();
    parser.destroy(failure);
  });
  return { taken, failure: () => failure };
}

function newParser(request: IncomingMessage): BusboyInstance {
  try {
    return new Busboy({ headers: request.headers as BusboyHeaders, limits: FORM_LIMITS });
  } catch {
    throw invalidRequest([{ field: 'content-type', message: 'names no boundary' }]);
  }
}

function textOrNull(text: string | undefined): string | null {
  return text === undefined || text === '' ? null : text;
}
