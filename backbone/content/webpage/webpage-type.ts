import { z } from 'zod';
import { ContentManager } from '../content-manager.ts';
import type { ContentType } from '../content-type.ts';
import { expandOption } from '../expansion.ts';
import { hashedIdentity } from '../identity.ts';
import { typeTablesMigration } from '../type-tables.ts';
import { renamePageKinds } from './rename-page-kinds.ts';
import { expandFeed } from './feed/feed-expansion.ts';

export const webpageType: ContentType = {
  type: 'webpage',
  label: 'web page',
  stages: ['download', 'extract', 'process', 'embed', 'store'],
  mediaTypes: [
    'text/html',
    'application/xhtml+xml',
    'application/rss+xml',
    'application/atom+xml',
    'application/feed+json',
  ],
  fileMediaTypes: [],
  blobPrefix: 'webpages/',
  parserUrl: new URL('./webpage-parser.ts', import.meta.url).href,
  sizeLimit: 'MAX_PAGE_MB',
  options: z.object({ expand: expandOption }),
  tables: {
    entities: [],
    migrations: [
      typeTablesMigration('CreateWebpages1764000000101', {
        type: 'webpage',
        texts: 'webpage_content',
        chunks: 'webpage_chunks',
        metadata: 'webpage_metadata',
        columns: 'page_kind text, site_name text, canonical_url text, image_url text, images jsonb NOT NULL',
      }),
      renamePageKinds,
    ],
  },
  metadataTable: 'webpage_metadata',
  filters: [
    {
      name: 'page_kind',
      condition: `EXISTS (SELECT 1 FROM webpage_metadata m WHERE m.user_id = content.user_id
                           AND m.content_id = content.content_id AND m.page_kind = ?)`,
    },
  ],
  claimsUrl: () => false,
  identify: hashedIdentity,
  saveMetadata: async (sql, of, { metadata, typeMetadata }) => {
    await sql.query(
      `INSERT INTO webpage_metadata (user_id, content_id, version, page_kind, site_name, canonical_url, image_url, images)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
       ON CONFLICT (user_id, content_id) DO UPDATE
          SET version = EXCLUDED.version, page_kind = EXCLUDED.page_kind, site_name = EXCLUDED.site_name,
              canonical_url = EXCLUDED.canonical_url, image_url = EXCLUDED.image_url, images = EXCLUDED.images`,
      [
        of.userId,
        of.contentId,
        of.version,
        typeMetadata['pageKind'] ?? null,
        metadata.siteName?.value ?? null,
        metadata.canonicalUrl?.value ?? null,
        metadata.imageUrl?.value ?? null,
        JSON.stringify(typeMetadata['images'] ?? []),
      ],
    );
  },
  expand: expandFeed,
  createManager: (ports) => new ContentManager(webpageType, ports),
};
