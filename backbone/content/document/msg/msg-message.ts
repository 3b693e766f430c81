/**
 * Outlook messages written anew as messages of the Internet, so that one reader serves both. Pure; O(file). Whatever comes
 * from the file is encoded, so that no text of it can pass for a field or a part.
 */
import type { AppError } from '../../../errors.ts';
import { openCompoundFile, type Storage } from '../ole/compound-file.ts';
import { decodeCodePage } from '../rtf/code-pages.ts';
import { RtfReader } from '../rtf/rtf-reader.ts';
import { decompressRtf } from './compressed-rtf.ts';
import { MessageProperties, PROPERTY_HEADERS } from './message-properties.ts';
import { messageFields } from './msg-header.ts';
import { MimeWriter } from './mime-writer.ts';

/** Outlook itself opens one in another by hand; deeper ones are left out. */
const MAX_DEPTH = 10;
const MOST_ATTACHMENTS = 1000;
const PLAIN_BODY = 0x1000;
const RTF_BODY = 0x1009;
const HTML_BODY = 0x1013;
const INTERNET_CODE_PAGE = 0x3fde;

export interface MsgLimits {
  /** Of a body that has to be unpacked. */
  readonly maxTextBytes: number;
  readonly textTooLarge: () => AppError;
}

/** Errors: `file_damaged`, `file_unsafe`, `source_too_large`. */
export function mimeOfMsg(bytes: Uint8Array, limits: MsgLimits): Buffer {
  const writer = new MimeWriter();
  new MsgRewriter(writer, limits).message(openCompoundFile(bytes), PROPERTY_HEADERS.file, 0);
  return writer.bytes();
}

class MsgRewriter {
  readonly #writer: MimeWriter;
  readonly #limits: MsgLimits;

  constructor(writer: MimeWriter, limits: MsgLimits) {
    this.#writer = writer;
    this.#limits = limits;
  }

  /** Recursion is bounded by `MAX_DEPTH`. */
  message(storage: Storage, headerBytes: number, depth: number): void {
    const properties = new MessageProperties(storage, headerBytes);
    this.#writer.fields(messageFields(properties, storage));
    this.#writer.multipart('mixed', () => {
      this.#writer.multipart('alternative', () => this.#bodies(properties));
      const names = storage.storageNames.filter((name) => name.startsWith('__attach_version1.0_#'));
      for (const name of names.slice(0, MOST_ATTACHMENTS)) {
        const part = storage.storage(name);
        if (part !== null) this.#attachment(part, properties.codePage, depth);
      }
    });
  }

  #bodies(properties: MessageProperties): void {
    const html = htmlOf(properties);
    const rtf = html === null ? properties.binary(RTF_BODY) : null;
    const plain = properties.text(PLAIN_BODY) ?? (rtf === null ? '' : this.#textOfRtf(rtf));
    // Also where it is empty: a multipart without parts would be read as text.
    this.#writer.part('text/plain; charset=utf-8', null, Buffer.from(plain));
    if (html !== null) this.#writer.part('text/html; charset=utf-8', null, Buffer.from(html));
  }

  #textOfRtf(compressed: Buffer): string {
    const { maxTextBytes, textTooLarge } = this.#limits;
    const rtf = decompressRtf(compressed, textTooLarge, maxTextBytes);
    if (rtf.length === 0) return '';
    const { blocks } = new RtfReader(rtf, maxTextBytes).read();
    return blocks.map(({ text }) => text).join('\n\n');
  }

  #attachment(storage: Storage, codePage: number, depth: number): void {
    const properties = new MessageProperties(storage, PROPERTY_HEADERS.part, codePage);
    const name = properties.text(0x3707) ?? properties.text(0x3704) ?? properties.text(0x3001);
    const embedded = properties.object(0x3701);
    if (embedded?.has('__properties_version1.0') === true && depth < MAX_DEPTH) {
      this.#writer.nested(() => this.message(embedded, PROPERTY_HEADERS.embedded, depth + 1));
      return;
    }
    const type = properties.text(0x370e) ?? 'application/octet-stream';
    const mediaType = /^[\w.+-]{1,100}\/[\w.+-]{1,100}$/.test(type)
      ? type.toLowerCase()
      : 'application/octet-stream';
    // A message that is attached as a file is a file here, too.
    const isOpened = /^(?:message|multipart)\//.test(mediaType);
    const shown = isOpened ? 'application/octet-stream' : mediaType;
    this.#writer.part(shown, name ?? 'unnamed', properties.binary(0x3701) ?? Buffer.alloc(0));
  }
}

/** As text, or as bytes in the message's own code page. */
function htmlOf(properties: MessageProperties): string | null {
  const bytes = properties.binary(HTML_BODY);
  if (bytes === null) return properties.text(HTML_BODY);
  if (bytes.length === 0) return null;
  return decodeCodePage(bytes, properties.integer(INTERNET_CODE_PAGE) ?? properties.codePage);
}
