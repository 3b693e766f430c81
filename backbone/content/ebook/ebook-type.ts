import { z } from 'zod';
import { ContentManager } from '../content-manager.ts';
import type { ContentType } from '../content-type.ts';
import { hashedIdentity } from '../identity.ts';
import { FB2_TYPE, FB2_ZIP_TYPE, MOBI_TYPE } from '../parsing/media-type-hints.ts';
import { typeTablesMigration } from '../type-tables.ts';

const FILE_NAME = /\.(?:epub|fb2|fb2\.zip|fbz|mobi|azw|azw3|prc)$/i;

export const ebookType: ContentType = {
  type: 'ebook',
  label: 'e-book',
  stages: ['download', 'extract', 'process', 'embed', 'store'],
  mediaTypes: ['application/epub+zip', FB2_TYPE, FB2_ZIP_TYPE, MOBI_TYPE],
  fileMediaTypes: [],
  blobPrefix: 'ebooks/',
  parserUrl: new URL('./ebook-parser.ts', import.meta.url).href,
  nativeIdUrl: new URL('./ebook-identity.ts', import.meta.url).href,
  sizeLimit: 'MAX_DOCUMENT_MB',
  options: z.object({}),
  tables: {
    entities: [],
    migrations: [
      typeTablesMigration('CreateEbooks1764000000103', {
        type: 'ebook',
        texts: 'ebook_content',
        chunks: 'ebook_chunks',
        metadata: 'ebook_metadata',
        columns: 'isbn text, details jsonb NOT NULL',
      }),
    ],
  },
  metadataTable: 'ebook_metadata',
  filters: [],
  claimsUrl: (url) => FILE_NAME.test(url.pathname),
  // A book that was packed anew is the same book.
  identify: (source) => (source.kind === 'upload' ? source.nativeId : null) ?? hashedIdentity(source),
  saveMetadata: async (sql, of, { typeMetadata }) => {
    await sql.query(
      `INSERT INTO ebook_metadata (user_id, content_id, version, isbn, details) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (user_id, content_id) DO UPDATE
          SET version = EXCLUDED.version, isbn = EXCLUDED.isbn, details = EXCLUDED.details`,
      [of.userId, of.contentId, of.version, typeMetadata['isbn'] ?? null, JSON.stringify(typeMetadata)],
    );
  },
  createManager: (ports) => new ContentManager(ebookType, ports),
};
