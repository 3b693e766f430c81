/** The bytes of the files that came with a message and with the messages in it. Opens none of them. */
import type { AttachedFile, AttachedFiles, AttachmentReader } from '../../attachments.ts';
import type { ParserInput } from '../../parsing/parser.ts';
import { messageBytes } from './message-bytes.ts';
import { readEntity, splitParts, type MimeEntity } from './mime-entity.ts';
import { isEncrypted, isSignature, roleOf } from './part-roles.ts';
import { decodedSize, decodeTransfer } from './transfer-encoding.ts';

/** As for the text of a message. */
const MAX_DEPTH = 20;
const MAX_PARTS = 1000;

/** Walks the parts as the reader of the text does. O(bytes) a level. Errors: `file_damaged`, `file_unsafe`, of MSG. */
export const attachedFiles: AttachmentReader = (input) => {
  const message = readEntity(messageBytes(input), 'text/plain');
  return new FileCollector(limitsIn(input)).collected(message);
};

interface FileLimits {
  readonly files: number;
  /** Of all files together. */
  readonly bytes: number;
}

function limitsIn({ options }: ParserInput): FileLimits {
  return { files: Number(options['maxFiles']), bytes: Number(options['maxBytes']) };
}

class FileCollector {
  readonly #limits: FileLimits;
  readonly #files: AttachedFile[] = [];
  readonly #leftOut: string[] = [];
  #bytes = 0;
  #parts = 0;

  constructor(limits: FileLimits) {
    this.#limits = limits;
  }

  collected(message: MimeEntity): AttachedFiles {
    this.#visit(message, { depth: 0, isDecoded: false });
    return { files: this.#files, leftOut: this.#leftOut };
  }

  /** Recursion is bounded by `MAX_DEPTH`. */
  #visit(entity: MimeEntity, place: { readonly depth: number; readonly isDecoded: boolean }): void {
    if (isEncrypted(entity)) return;
    const { depth, isDecoded } = place;
    const role = roleOf(entity);
    if (role === 'attachment') this.#take(entity);
    else if (role === 'multipart' && depth < MAX_DEPTH) {
      for (const part of this.#partsOf(entity)) this.#visit(part, { depth: depth + 1, isDecoded });
    } else if (role === 'message' && depth < MAX_DEPTH) {
      const isEncoded = entity.encoding === 'base64' || entity.encoding === 'quoted-printable';
      // Each encoding keeps another copy of all that is inside.
      if (isEncoded && isDecoded) return;
      const message = readEntity(decodeTransfer(entity.body, entity.encoding), 'text/plain');
      this.#visit(message, { depth: depth + 1, isDecoded: isDecoded || isEncoded });
    }
  }

  #partsOf(entity: MimeEntity): readonly MimeEntity[] {
    const boundary = entity.parameters.get('boundary')?.trimEnd() ?? '';
    const left = MAX_PARTS - this.#parts;
    if (boundary === '' || left <= 0) return [];
    const parts = splitParts(entity.body, boundary, left);
    this.#parts += parts.length;
    const defaultType = entity.mediaType === 'multipart/digest' ? 'message/rfc822' : 'text/plain';
    return parts.map((part) => readEntity(part, defaultType));
  }

  #take(entity: MimeEntity): void {
    if (isSignature(entity)) return;
    const { fileName: name, mediaType } = entity;
    const size = decodedSize(entity.body, entity.encoding);
    if (size === 0) return;
    if (this.#files.length >= this.#limits.files || this.#bytes + size > this.#limits.bytes) {
      this.#leftOut.push(name ?? 'unnamed');
      return;
    }
    const bytes = Uint8Array.from(decodeTransfer(entity.body, entity.encoding));
    if (bytes.length === 0) return;
    this.#bytes += bytes.length;
    this.#files.push({ name, mediaType, bytes });
  }
}
