import { z } from 'zod';
import type { ContentType, IdentitySource } from '../content-type.ts';
import { hashedIdentity } from '../identity.ts';
import { ocrOption } from '../document/ocr/ocr-option.ts';
import { typeTablesMigration } from '../type-tables.ts';
import { AcademicPaperManager } from './academic-paper-manager.ts';
import { contentIdOf, paperAddress } from './scholarly-ids.ts';

export const academicPaperType: ContentType = {
  type: 'academic_paper',
  label: 'academic paper',
  stages: ['download', 'extract', 'process', 'embed', 'store'],
  // A PDF is a document, unless somebody or its address says that it is a paper.
  mediaTypes: [],
  fileMediaTypes: [],
  claimedMediaTypes: ['application/pdf'],
  blobPrefix: 'academic-papers/',
  parserUrl: new URL('./paper-parser.ts', import.meta.url).href,
  sizeLimit: 'MAX_DOCUMENT_MB',
  options: z.object({ ocr: ocrOption }),
  tables: {
    entities: [],
    migrations: [
      typeTablesMigration('CreateAcademicPapers1764000000106', {
        type: 'academic_paper',
        texts: 'academic_paper_content',
        chunks: 'academic_paper_chunks',
        metadata: 'academic_paper_metadata',
        columns: 'doi text, arxiv_id text, page_count integer, details jsonb NOT NULL',
      }),
    ],
  },
  metadataTable: 'academic_paper_metadata',
  filters: [{ name: 'min_pages', condition: 'content.page_count >= ?' }],
  claimsUrl: (url) => paperAddress(url) !== null,
  identify: paperIdentity,
  saveMetadata: async (sql, of, { pageCount, typeMetadata }) => {
    const { doi = null, arxivId = null } = typeMetadata;
    await sql.query(
      `INSERT INTO academic_paper_metadata (user_id, content_id, version, doi, arxiv_id, page_count, details)
       VALUES ($1, $2, $3, $4, $5, $6, $7)
       ON CONFLICT (user_id, content_id) DO UPDATE
          SET version = EXCLUDED.version, doi = EXCLUDED.doi, arxiv_id = EXCLUDED.arxiv_id,
              page_count = EXCLUDED.page_count, details = EXCLUDED.details`,
      [of.userId, of.contentId, of.version, doi, arxivId, pageCount, JSON.stringify(typeMetadata)],
    );
  },
  createManager: (ports) => new AcademicPaperManager(academicPaperType, ports),
};

/** All addresses of one paper give its own id; files and other addresses are hashed as everywhere. */
function paperIdentity(source: IdentitySource): string {
  const address = source.kind === 'url' ? paperAddress(source.url) : null;
  return address === null ? hashedIdentity(source) : contentIdOf(address.id);
}
