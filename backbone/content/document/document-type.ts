import { z } from 'zod';
import { ContentManager } from '../content-manager.ts';
import type { ContentType } from '../content-type.ts';
import { hashedIdentity } from '../identity.ts';
import {
  DOCX_TYPE,
  ENCRYPTED_OFFICE_TYPE,
  ODT_TYPE,
  PPSX_TYPE,
  PPTX_TYPE,
  XLSX_TYPE,
} from '../parsing/media-type.ts';
import { typeTablesMigration } from '../type-tables.ts';

const FILE_NAME = /\.(pdf|docx|pptx|ppsx|xlsx|odt|txt|text|md|markdown|csv|tsv)$/i;

export const documentType: ContentType = {
  type: 'document',
  label: 'document',
  stages: ['download', 'extract', 'process', 'embed', 'store'],
  mediaTypes: [
    'application/pdf',
    DOCX_TYPE,
    PPTX_TYPE,
    PPSX_TYPE,
    XLSX_TYPE,
    ODT_TYPE,
    'text/plain',
    'text/markdown',
    'text/csv',
    'text/tab-separated-values',
    // Protected files are known well enough to be told apart from unsupported ones.
    ENCRYPTED_OFFICE_TYPE,
  ],
  fileMediaTypes: ['text/html', 'application/xhtml+xml'],
  blobPrefix: 'documents/',
  parserUrl: new URL('./document-parser.ts', import.meta.url).href,
  sizeLimit: 'MAX_DOCUMENT_MB',
  options: z.object({}),
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
  createManager: (ports) => new ContentManager(documentType, ports),
};
