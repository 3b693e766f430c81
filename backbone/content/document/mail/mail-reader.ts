/** Walks the parts of a message and makes blocks of what can be read. Opens no attachment and no address. */
import { AppError } from '../../../errors.ts';
import type { Block, ContentLink, ContentWarning } from '../../model.ts';
import { decodeText } from '../../parsing/charset.ts';
import { MARKUP_LIMITS } from '../../parsing/html-markup.ts';
import { textTooLarge } from '../../parsing/text-limit.ts';
import { attachmentBlocks, type Attachment } from './attachments.ts';
import { headerBlock, subjectOf } from './mail-header.ts';
import { readEntity, splitParts, type MimeEntity } from './mime-entity.ts';
import { isEncrypted, isSignature, roleOf } from './part-roles.ts';
import { NOTHING, textPart, type PartContent } from './text-parts.ts';
import { decodedSize, decodeTransfer } from './transfer-encoding.ts';

/** Real messages stay below ten; every level costs another pass over its bytes. */
const MAX_DEPTH = 20;
const MAX_PARTS = 1000;
/** Texts that follow on more blocks than these are left out: each block costs memory in every later step. */
const MAX_BLOCKS = 100_000;
/** Text of an alternative that must be there beyond this much more for it to be taken instead. */
const CLEARLY_MORE = 1.5;
const CLEARLY_MORE_CHARACTERS = 100;

export interface MailContent extends PartContent {
  readonly entity: MimeEntity;
  readonly charset: string | null;
  readonly hasEncrypted: boolean;
  readonly warnings: readonly ContentWarning[];
}

interface Place {
  readonly depth: number;
  readonly headingPath: readonly string[];
  /** Whether a message around this was encoded as a whole. */
  readonly isDecoded: boolean;
}

/** Errors: `source_too_large` for texts of more than `maxTextBytes` together; `file_unsafe`. */
export function readMail(bytes: Buffer, maxTextBytes: number): MailContent {
  const reader = new MailReader(maxTextBytes);
  const entity = readEntity(bytes, 'text/plain');
  const content = reader.read(entity, { depth: 0, headingPath: [], isDecoded: false });
  const { charset, hasEncrypted } = reader;
  return { ...content, entity, charset, hasEncrypted, warnings: reader.warnings(content) };
}

class MailReader {
  readonly #maxTextBytes: number;
  readonly #undecodable: ContentWarning[] = [];
  #textBytes = 0;
  #tags = 0;
  #blocks = 0;
  #parts = 0;
  #leftOut = false;
  /** Of the first text. */
  charset: string | null = null;
  hasEncrypted = false;

  constructor(maxTextBytes: number) {
    this.#maxTextBytes = maxTextBytes;
  }

  warnings({ blocks }: PartContent): readonly ContentWarning[] {
    const found = this.#undecodable.slice(0, 1);
    if (this.#leftOut) {
      found.push(
        partial('The message has more parts, or deeper ones, than are read; the rest was left out.'),
      );
    }
    if (this.hasEncrypted && blocks.length > 0) {
      found.push(partial('A part of the message is encrypted and could not be read.'));
    }
    return found;
  }

  /** Recursion is bounded by `MAX_DEPTH`. */
  read(entity: MimeEntity, place: Place): PartContent {
    if (isEncrypted(entity)) {
      this.hasEncrypted = true;
      return NOTHING;
    }
    const role = roleOf(entity);
    switch (role) {
      case 'multipart':
        return this.#multipart(entity, place);
      case 'message':
        return this.#nested(entity, place);
      case 'attachment':
        return isSignature(entity) ? NOTHING : listed(entity);
      default:
        return this.#text(entity, role, place);
    }
  }

  #multipart(entity: MimeEntity, place: Place): PartContent {
    const parts = this.#partsOf(entity, place);
    const below = { ...place, depth: place.depth + 1 };
    const contents = parts.map((part) => this.read(part, below));
    if (entity.mediaType !== 'multipart/alternative') return together(contents);
    return { ...chosen(contents), attachments: contents.flatMap(({ attachments }) => attachments) };
  }

  #partsOf(entity: MimeEntity, { depth }: Place): readonly MimeEntity[] {
    const boundary = entity.parameters.get('boundary')?.trimEnd() ?? '';
    const left = MAX_PARTS - this.#parts;
    if (depth >= MAX_DEPTH || left <= 0) {
      this.#leftOut = true;
      return [];
    }
    // One more than may be read shows that there is more.
    const parts = boundary === '' ? [] : splitParts(entity.body, boundary, left + 1);
    if (parts.length > left) this.#leftOut = true;
    this.#parts += Math.min(parts.length, left);
    const defaultType = entity.mediaType === 'multipart/digest' ? 'message/rfc822' : 'text/plain';
    // Without a boundary the body is read as the text it looks like.
    if (parts.length === 0) return [{ ...entity, mediaType: 'text/plain', isAttachment: false }];
    return parts.slice(0, left).map((part) => readEntity(part, defaultType));
  }

  #nested(entity: MimeEntity, place: Place): PartContent {
    // The standard allows no encoding here; each one would keep another copy of all that is inside.
    const isEncoded = entity.encoding === 'base64' || entity.encoding === 'quoted-printable';
    if (place.depth >= MAX_DEPTH || (isEncoded && place.isDecoded)) {
      this.#leftOut = true;
      return listed(entity);
    }
    const message = readEntity(decodeTransfer(entity.body, entity.encoding), 'text/plain');
    const title = subjectOf(message.fields) ?? entity.fileName ?? 'Message';
    const headingPath = [...place.headingPath, title.slice(0, 200).toWellFormed()];
    const content = this.read(message, {
      depth: place.depth + 1,
      headingPath,
      isDecoded: place.isDecoded || isEncoded,
    });
    const header = headerBlock(message.fields);
    if (header === null && content.blocks.length === 0) return listed(entity);
    const level = Math.min(headingPath.length + 1, 6);
    const heading: Block = { kind: 'heading', level, text: title, locator: located(place.headingPath) };
    const files = attachmentBlocks(content.attachments, { level: Math.min(level + 1, 6), headingPath });
    const own = header === null ? [] : [{ ...header, locator: located(headingPath) }];
    return { ...content, attachments: [], blocks: [heading, ...own, ...content.blocks, ...files] };
  }

  #text(entity: MimeEntity, role: 'plain' | 'html' | 'calendar' | 'verbatim', place: Place): PartContent {
    if (this.#blocks > MAX_BLOCKS) {
      this.#leftOut = true;
      return NOTHING;
    }
    const bytes = decodeTransfer(entity.body, entity.encoding);
    this.#textBytes += bytes.length;
    if (this.#textBytes > this.#maxTextBytes) throw textTooLarge(this.#maxTextBytes);
    const declared = entity.parameters.get('charset') ?? null;
    const decoded = decodeText(bytes, { declared, kind: role === 'html' ? 'html' : 'text' });
    this.charset ??= decoded.charset;
    this.#undecodable.push(...decoded.warnings);
    if (/^\s{0,100}-----BEGIN PGP MESSAGE-----/.test(decoded.text)) {
      this.hasEncrypted = true;
      return NOTHING;
    }
    if (role === 'html') this.#countTags(decoded.text);
    const content = textPart(decoded.text, role, {
      parameters: entity.parameters,
      headingPath: place.headingPath,
    });
    this.#blocks += content.blocks.length;
    return content;
  }

  /** The HTML reader's limit holds for one page; a message may have a thousand. */
  #countTags(html: string): void {
    for (let at = html.indexOf('<'); at >= 0; at = html.indexOf('<', at + 1)) this.#tags += 1;
    if (this.#tags > MARKUP_LIMITS.maxTags) throw new AppError('file_unsafe');
  }
}

function listed(entity: MimeEntity): PartContent {
  const attachment: Attachment = {
    name: entity.fileName,
    mediaType: entity.mediaType,
    sizeBytes: decodedSize(entity.body, entity.encoding),
  };
  return { ...NOTHING, attachments: [attachment] };
}

function together(contents: readonly PartContent[]): PartContent {
  return {
    blocks: contents.flatMap(({ blocks }) => blocks),
    links: contents.flatMap(({ links }): readonly ContentLink[] => links),
    attachments: contents.flatMap(({ attachments }) => attachments),
    isHtml: contents.some(({ isHtml }) => isHtml),
  };
}

/** Plain text first, as it needs no guessing; HTML and others where they hold clearly more. */
function chosen(contents: readonly PartContent[]): PartContent {
  const [first = NOTHING, ...others] = [
    ...contents.filter(({ isHtml }) => !isHtml),
    ...contents.filter(({ isHtml }) => isHtml),
  ].map((content) => ({ ...content, length: lengthOf(content) }));
  let best = { length: 0, ...first };
  for (const other of others) {
    const enough = best.length === 0 ? 0 : best.length * CLEARLY_MORE + CLEARLY_MORE_CHARACTERS;
    if (other.length > enough) best = other;
  }
  return { blocks: best.blocks, links: best.links, attachments: best.attachments, isHtml: best.isHtml };
}

/** Letters and digits: the addresses of links, rules and spaces of either kind count for nothing. */
function lengthOf({ blocks }: PartContent): number {
  let length = 0;
  for (const { text } of blocks) {
    length += text.replaceAll(/https?:\/\/\S{1,2000}/g, '').replaceAll(/[^\p{L}\p{N}]+/gu, '').length;
  }
  return length;
}

function located(headingPath: readonly string[]): Block['locator'] {
  return headingPath.length === 0 ? {} : { headingPath };
}

function partial(message: string): ContentWarning {
  return { code: 'partial_text', message };
}
