import type { ContentType, IdentitySource } from '../content-type.ts';
import { hashedIdentity } from '../identity.ts';
import { typeTablesMigration } from '../type-tables.ts';
import { FILM_MEDIA_TYPES } from './film/film-parser.ts';
import { expandList } from './list-parser.ts';
import { PAGE_TYPES } from './page/page-stage.ts';
import { VIDEO_OPTIONS } from './video-options.ts';
import { VideoManager } from './video-manager.ts';
import { youtubeAddress } from './youtube-address.ts';

const FILM_NAME = /\.(?:mp4|m4v|mov|mkv|webm)$/i;

export const videoType: ContentType = {
  type: 'video',
  label: 'video',
  stages: ['download', 'extract', 'transcribe', 'process', 'embed', 'store'],
  mediaTypes: FILM_MEDIA_TYPES,
  fileMediaTypes: [],
  // The video that such a page shows.
  claimedMediaTypes: PAGE_TYPES,
  blobPrefix: 'youtube-videos/',
  parserUrl: new URL('./video-parser.ts', import.meta.url).href,
  sizeLimit: 'MAX_VIDEO_MB',
  options: VIDEO_OPTIONS,
  tables: {
    entities: [],
    migrations: [
      typeTablesMigration('CreateVideos1764000000107', {
        type: 'video',
        texts: 'video_content',
        chunks: 'video_chunks',
        metadata: 'video_metadata',
        columns: 'video_id text, channel_id text, duration_seconds double precision, details jsonb NOT NULL',
      }),
    ],
  },
  metadataTable: 'video_metadata',
  filters: [
    {
      name: 'min_duration',
      condition: `EXISTS (SELECT 1 FROM video_metadata m WHERE m.user_id = content.user_id
                           AND m.content_id = content.content_id AND m.duration_seconds >= ?)`,
    },
  ],
  claimsUrl: (url) => youtubeAddress(url) !== null || FILM_NAME.test(url.pathname),
  identify: videoIdentity,
  saveMetadata: async (sql, of, { typeMetadata }) => {
    const { videoId = null, channelId = null, durationSeconds = null } = typeMetadata;
    await sql.query(
      `INSERT INTO video_metadata (user_id, content_id, version, video_id, channel_id, duration_seconds, details)
       VALUES ($1, $2, $3, $4, $5, $6, $7)
       ON CONFLICT (user_id, content_id) DO UPDATE
          SET version = EXCLUDED.version, video_id = EXCLUDED.video_id, channel_id = EXCLUDED.channel_id,
              duration_seconds = EXCLUDED.duration_seconds, details = EXCLUDED.details`,
      [
        of.userId,
        of.contentId,
        of.version,
        videoId,
        channelId,
        durationSeconds,
        JSON.stringify(typeMetadata),
      ],
    );
  },
  expand: expandList,
  createManager: (ports) => new VideoManager(videoType, ports),
};

/** A video goes by its own id, however its address is written; lists by an id with a beginning that no video's has. */
function videoIdentity(source: IdentitySource): string {
  const address = source.kind === 'url' ? youtubeAddress(source.url) : null;
  switch (address?.kind) {
    case undefined:
      return hashedIdentity(source);
    case 'video':
      return address.videoId;
    case 'playlist':
      return `playlist-${address.playlistId}`;
    case 'channel': {
      const { channel } = address;
      if (channel.kind === 'id') return `channel-${channel.id}`;
      return `channel-${hashedIdentity({ kind: 'url', url: new URL(channel.path, 'https://www.youtube.com') })}`;
    }
  }
}
