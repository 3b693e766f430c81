import type { ContentType } from '../content-type.ts';
import { typeTablesMigration } from '../type-tables.ts';
import { isPodcastAddress, podcastIdentity } from './episode-address.ts';
import {
  AUDIO_MEDIA_TYPES,
  FEED_TYPE,
  OTHER_FEED_TYPES,
  PAGE_TYPES,
  TRANSCRIPT_MEDIA_TYPES,
} from './media-types.ts';
import { PodcastManager } from './podcast-manager.ts';
import { PODCAST_OPTIONS } from './podcast-options.ts';

export const podcastType: ContentType = {
  type: 'podcast',
  label: 'podcast episode',
  stages: ['download', 'extract', 'transcribe', 'process', 'embed', 'store'],
  mediaTypes: [...AUDIO_MEDIA_TYPES, ...TRANSCRIPT_MEDIA_TYPES, FEED_TYPE],
  // Such a feed may be of news, and such a page of anything: see the manager for what becomes of them.
  claimedMediaTypes: [...OTHER_FEED_TYPES, ...PAGE_TYPES],
  // A recording in a container for films, as some recorders write it.
  fileMediaTypes: ['video/mp4'],
  blobPrefix: 'podcasts/',
  parserUrl: new URL('./podcast-parser.ts', import.meta.url).href,
  sizeLimit: 'MAX_DOCUMENT_MB',
  options: PODCAST_OPTIONS,
  tables: {
    entities: [],
    migrations: [
      typeTablesMigration('CreatePodcasts1764000000105', {
        type: 'podcast',
        texts: 'podcast_content',
        chunks: 'podcast_chunks',
        metadata: 'podcast_metadata',
        columns: 'show text, duration_seconds double precision, details jsonb NOT NULL',
      }),
    ],
  },
  metadataTable: 'podcast_metadata',
  filters: [
    {
      name: 'min_duration',
      condition: `EXISTS (SELECT 1 FROM podcast_metadata m WHERE m.user_id = content.user_id
                           AND m.content_id = content.content_id AND m.duration_seconds >= ?)`,
    },
  ],
  claimsUrl: isPodcastAddress,
  identify: podcastIdentity,
  saveMetadata: async (sql, of, { typeMetadata }) => {
    const { show = null, durationSeconds = null } = typeMetadata;
    await sql.query(
      `INSERT INTO podcast_metadata (user_id, content_id, version, show, duration_seconds, details)
       VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (user_id, content_id) DO UPDATE
          SET version = EXCLUDED.version, show = EXCLUDED.show,
              duration_seconds = EXCLUDED.duration_seconds, details = EXCLUDED.details`,
      [of.userId, of.contentId, of.version, show, durationSeconds, JSON.stringify(typeMetadata)],
    );
  },
  createManager: (ports) => new PodcastManager(podcastType, ports),
};
