import { z } from 'zod';
import { attachmentsOption } from '../attachments.ts';
import type { ContentType } from '../content-type.ts';
import { hashedIdentity } from '../identity.ts';
import { ENCRYPTED_OFFICE_TYPE, MSG_TYPE } from '../parsing/media-type.ts';
import { MAIL_TYPE } from '../parsing/text-media-type.ts';
import { typeTablesMigration } from '../type-tables.ts';
import { ocrOption } from './ocr/ocr-option.ts';
import { DocumentManager } from './document-manager.ts';
import { LEGACY_CONVERSIONS } from './legacy/legacy-types.ts';
import { DOCUMENT_MEDIA_TYPES } from './document-parser.ts';

/** From an address they are web pages. */
const HTML_TYPES: readonly string[] = ['text/html', 'application/xhtml+xml'];

const FILE_NAME =
  /\.(pdf|docx?|pptx?|ppsx|xlsx?|odt|ods|odp|rtf|tex|latex|ltx|txt|text|md|markdown|csv|tsv|eml|msg|png|jpe?g|tiff?|webp)$/i;

export const documentType: ContentType = {
  type: 'document',
  label: 'document',
  stages: ['download', 'extract', 'process', 'embed', 'store'],
  mediaTypes: [
    ...DOCUMENT_MEDIA_TYPES.filter((type) => !HTML_TYPES.includes(type)),
    ...LEGACY_CONVERSIONS.keys(),
    // Protected files are known well enough to be told apart from unsupported ones.
    ENCRYPTED_OFFICE_TYPE,
  ],
  fileMediaTypes: HTML_TYPES,
  blobPrefix: 'documents/',
  parserUrl: new URL('./document-parser.ts', import.meta.url).href,
  sizeLimit: 'MAX_DOCUMENT_MB',
  attachments: {
    moduleUrl: new URL('./mail/attached-files.ts', import.meta.url).href,
    mediaTypes: [MAIL_TYPE, MSG_TYPE],
  },
  options: z.object({ ocr: ocrOption, attachments: attachmentsOption }),
  tables: {
    entities: [],
    migrations: [
      typeTablesMigration('CreateDocuments1764000000102', {
        type: 'document',
        texts: 'document_content',
        chunks: 'document_chunks',
        metadata: 'document_metadata',
        columns: 'page_count integer, details jsonb NOT NULL',
      }),
    ],
  },
  metadataTable: 'document_metadata',
  filters: [{ name: 'min_pages', condition: 'content.page_count >= ?' }],
  claimsUrl: (url) => FILE_NAME.test(url.pathname),
  identify: hashedIdentity,
  saveMetadata: async (sql, of, { pageCount, typeMetadata }) => {
    await sql.query(
      `INSERT INTO document_metadata (user_id, content_id, version, page_count, details) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (user_id, content_id) DO UPDATE
          SET version = EXCLUDED.version, page_count = EXCLUDED.page_count, details = EXCLUDED.details`,
      [of.userId, of.contentId, of.version, pageCount, JSON.stringify(typeMetadata)],
    );
  },
  createManager: (ports) => new DocumentManager(documentType, ports),
};
