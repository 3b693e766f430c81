import { z } from 'zod';
import type { ContentType, IdentitySource } from '../content-type.ts';
import { hashedIdentity } from '../identity.ts';
import { ocrOption } from '../document/ocr/ocr-option.ts';
import { addColumnsMigration, typeTablesMigration } from '../type-tables.ts';
import { JATS_TYPE } from '../parsing/media-type-hints.ts';
import { AcademicPaperManager } from './academic-paper-manager.ts';
import { paperGraph } from './paper-graph.ts';
import { HTML_TYPES } from './paper-media-types.ts';
import { contentIdOf, paperAddress } from './scholarly-ids.ts';

export const academicPaperType: ContentType = {
  type: 'academic_paper',
  label: 'academic paper',
  stages: ['download', 'extract', 'process', 'embed', 'store'],
  // A PDF is a document, unless somebody or its address says that it is a paper.
  mediaTypes: [JATS_TYPE],
  fileMediaTypes: [],
  claimedMediaTypes: ['application/pdf', ...HTML_TYPES],
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
      addColumnsMigration('AddVenuesOfPapers1764000000108', {
        table: 'academic_paper_metadata',
        columns: { venue: 'text', year: 'integer' },
      }),
    ],
  },
  metadataTable: 'academic_paper_metadata',
  filters: [
    { name: 'min_pages', condition: 'content.page_count >= ?' },
    { name: 'venue', condition: ofMetadata('lower(m.venue) = lower(?)') },
    { name: 'year', condition: ofMetadata('m.year = ?') },
  ],
  claimsUrl: (url) => paperAddress(url) !== null,
  identify: paperIdentity,
  saveMetadata: async (sql, of, { pageCount, typeMetadata }) => {
    const { doi = null, arxivId = null, venue = null, year = null } = typeMetadata;
    await sql.query(
      `INSERT INTO academic_paper_metadata (user_id, content_id, version, doi, arxiv_id, page_count, details, venue, year)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
       ON CONFLICT (user_id, content_id) DO UPDATE
          SET version = EXCLUDED.version, doi = EXCLUDED.doi, arxiv_id = EXCLUDED.arxiv_id,
              page_count = EXCLUDED.page_count, details = EXCLUDED.details,
              venue = EXCLUDED.venue, year = EXCLUDED.year`,
      [
        of.userId,
        of.contentId,
        of.version,
        doi,
        arxivId,
        pageCount,
        JSON.stringify(typeMetadata),
        venue,
        year,
      ],
    );
  },
  paperGraph,
  createManager: (ports) => new AcademicPaperManager(academicPaperType, ports),
};

/** All addresses of one paper give its own id; files and other addresses are hashed as everywhere. */
function paperIdentity(source: IdentitySource): string {
  const address = source.kind === 'url' ? paperAddress(source.url) : null;
  return address === null ? hashedIdentity(source) : contentIdOf(address.id);
}

/** The condition on the metadata row of a content. */
function ofMetadata(condition: string): string {
  return `EXISTS (SELECT 1 FROM academic_paper_metadata m WHERE m.user_id = content.user_id
                    AND m.content_id = content.content_id AND ${condition})`;
}
