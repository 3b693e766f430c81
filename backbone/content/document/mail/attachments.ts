/** The list of files that came with a message. Pure. */
import type { Block } from '../../model.ts';

export interface Attachment {
  readonly name: string | null;
  readonly mediaType: string;
  /** Decoded. */
  readonly sizeBytes: number;
}

interface SectionPlace {
  readonly level: number;
  /** Headings above the section. */
  readonly headingPath: readonly string[];
}

const TITLE = 'Attachments';

/** A heading and an item a file; nothing when there are no files. */
export function attachmentBlocks(
  files: readonly Attachment[],
  { level, headingPath }: SectionPlace,
): Block[] {
  if (files.length === 0) return [];
  const locator = headingPath.length === 0 ? {} : { headingPath };
  const below = { headingPath: [...headingPath, TITLE] };
  return [
    { kind: 'heading', level, text: TITLE, locator },
    ...files.map((file): Block => ({ kind: 'list_item', level: 1, text: fileText(file), locator: below })),
  ];
}

function fileText({ name, mediaType, sizeBytes }: Attachment): string {
  return `${name ?? 'unnamed'} (${mediaType}, ${sizeText(sizeBytes)})`;
}

function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 100) / 10} kB`;
  return `${Math.round(bytes / 100_000) / 10} MB`;
}
