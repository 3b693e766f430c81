import type { PDFDocumentProxy } from 'pdfjs-dist/types/src/display/api.js';
import { readOutline, type OutlineEntry } from './pdf-outline.ts';

export interface DocumentParts {
  readonly outline: readonly OutlineEntry[];
  /** The document's own names of its pages, by physical page. Empty when it has none. */
  readonly labels: ReadonlyMap<number, string>;
  readonly formFields: number;
  readonly attachments: readonly string[];
}

const MAX_LABEL_LETTERS = 40;
const MAX_ATTACHMENTS = 200;

/** What a document has beside its pages. A part that cannot be read counts as absent: the text is what matters. */
export async function documentParts(document: PDFDocumentProxy): Promise<DocumentParts> {
  const [labels, fields, attachments] = await Promise.all([
    optional(document.getPageLabels()),
    optional(document.getFieldObjects()),
    optional<unknown>(document.getAttachments()),
  ]);
  return {
    outline: await readOutline(document),
    labels: new Map(
      (labels ?? [])
        .map((label, index) => [index + 1, label.slice(0, MAX_LABEL_LETTERS)] as const)
        .filter(([, label]) => label !== ''),
    ),
    formFields: Object.keys(fields ?? {}).length,
    attachments: attachmentNames(attachments),
  };
}

async function optional<T>(part: Promise<T>): Promise<T | null> {
  return part.catch(() => null);
}

function attachmentNames(attachments: unknown): readonly string[] {
  if (typeof attachments !== 'object' || attachments === null) return [];
  return Object.entries(attachments)
    .slice(0, MAX_ATTACHMENTS)
    .map(([key, value]: [string, unknown]) =>
      typeof value === 'object' && value !== null && 'filename' in value && typeof value.filename === 'string'
        ? value.filename
        : key,
    );
}
