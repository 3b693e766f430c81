import { AppError } from '../errors.ts';
import type { ContentType } from './content-type.ts';
import { academicPaperType } from './academic-paper/academic-paper-type.ts';
import { documentType } from './document/document-type.ts';
import { ebookType } from './ebook/ebook-type.ts';
import { podcastType } from './podcast/podcast-type.ts';
import { videoType } from './video/video-type.ts';
import { webpageType } from './webpage/webpage-type.ts';

/** The content types, in the order in which they may claim an address, or bytes that two of them read. A new type is one line here. */
export const CONTENT_TYPES: readonly ContentType[] = [
  academicPaperType,
  documentType,
  ebookType,
  webpageType,
  podcastType,
  videoType,
];

/** Names under `/api/content` that no type may have. */
export const RESERVED_NAMES = [
  'status',
  'jobs',
  'batches',
  'process',
  'dead-letters',
  'dead_letters',
  'uploads',
  'deletions',
] as const;

/** Looks types up. Pure. */
export class TypeRegistry {
  readonly all: readonly ContentType[];
  readonly #byName: ReadonlyMap<string, ContentType>;

  constructor(types: readonly ContentType[]) {
    for (const { type } of types) {
      if (!/^[a-z_]{1,64}$/.test(type) || (RESERVED_NAMES as readonly string[]).includes(type)) {
        throw new Error(`A content type cannot be called ${type}`);
      }
    }
    this.all = types;
    this.#byName = new Map(types.map((type) => [type.type, type]));
    if (this.#byName.size !== types.length) throw new Error('Two content types have the same name');
  }

  find(name: string): ContentType | null {
    return this.#byName.get(name) ?? null;
  }

  /** @throws AppError unknown_content_type */
  get(name: string): ContentType {
    const type = this.find(name);
    if (type) return type;
    const allowed = [...this.#byName.keys()].join(', ');
    throw new AppError('unknown_content_type', {
      params: { contentType: name.slice(0, 64), allowed },
      fields: [{ field: 'content_type', message: `Use one of: ${allowed}` }],
    });
  }

  /** The type an address looks like; pages are the default. */
  forUrl(url: URL): ContentType {
    return this.all.find((type) => type.claimsUrl(url)) ?? this.get('webpage');
  }

  /** Null when no type reads such bytes. */
  forMediaType(mediaType: string): ContentType | null {
    return this.all.find((type) => type.mediaTypes.includes(mediaType)) ?? null;
  }
}
