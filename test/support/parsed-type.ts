import { z } from 'zod';
import { ContentManager } from '../../backbone/content/content-manager.ts';
import type { ContentType } from '../../backbone/content/content-type.ts';
import { hashedIdentity } from '../../backbone/content/identity.ts';
import { typeTablesMigration } from '../../backbone/content/type-tables.ts';

export interface ParsedTypeOptions {
  /** Lower case; addresses whose path ends in `.<name>` belong to it. */
  readonly name: string;
  /** A module of `test/support/parsers`, without its extension. */
  readonly parser: string;
  /** Orders its migration: three digits. */
  readonly order: string;
}

/** A content type beside those of the product: plain text read by a parser of the tests, all else as for every type. */
export function parsedType({ name, parser, order }: ParsedTypeOptions): ContentType {
  const type: ContentType = {
    type: name,
    label: `${name} file`,
    stages: ['download', 'extract', 'process', 'embed', 'store'],
    mediaTypes: ['text/plain'],
    fileMediaTypes: [],
    blobPrefix: `${name}-files/`,
    parserUrl: new URL(`./parsers/${parser}.ts`, import.meta.url).href,
    sizeLimit: 'MAX_DOCUMENT_MB',
    options: z.object({}),
    tables: {
      entities: [],
      migrations: [
        typeTablesMigration(`Create${name[0]?.toUpperCase() ?? ''}${name.slice(1)}1764000009${order}`, {
          type: name,
          texts: `${name}_content`,
          chunks: `${name}_chunks`,
          metadata: `${name}_metadata`,
          columns: 'details jsonb NOT NULL',
        }),
      ],
    },
    metadataTable: `${name}_metadata`,
    filters: [],
    claimsUrl: (url) => url.pathname.endsWith(`.${name}`),
    identify: hashedIdentity,
    saveMetadata: async (sql, of, { typeMetadata }) => {
      await sql.query(
        `INSERT INTO ${name}_metadata (user_id, content_id, version, details) VALUES ($1, $2, $3, $4)
         ON CONFLICT (user_id, content_id) DO UPDATE SET version = EXCLUDED.version, details = EXCLUDED.details`,
        [of.userId, of.contentId, of.version, JSON.stringify(typeMetadata)],
      );
    },
    createManager: (ports) => new ContentManager(type, ports),
  };
  return type;
}
