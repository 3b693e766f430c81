/** The video of a page, as it is stored, as an extraction. Pure. */
import { AppError } from '../../../errors.ts';
import { NO_METADATA, type Extraction, type Sourced } from '../../model.ts';
import { readCaptions } from '../../transcripts/caption-file.ts';
import { readPlainTranscript } from '../../transcripts/plain-transcript.ts';
import { spokenSection, TRANSCRIPT_CUT_OFF } from '../../transcripts/spoken-section.ts';
import { TRANSCRIPT_LIMITS, type Transcript } from '../../transcripts/transcript.ts';
import { descriptionSection } from '../description.ts';
import type { StoredPageVideo } from './page-video.ts';

/** @throws AppError captions_none when nothing is written, and there is no file that could be heard */
export function parsePageVideo(stored: StoredPageVideo): Extraction {
  const { video, captions, warnings } = stored;
  const description = descriptionSection(video.description ?? '');
  const transcript = transcriptOf(stored);
  const spoken = spokenSection(transcript ?? { cues: [], isCutOff: false }, {
    chapters: [],
    href: video.url,
  });
  const blocks = [...description.blocks, ...spoken];
  if (blocks.length === 0 && video.mediaUrl === null) throw new AppError('captions_none');
  const { source } = video;
  const sourced = (value: string | null): Sourced<string> | null =>
    value === null ? null : { value, source };
  return {
    blocks,
    metadata: {
      ...NO_METADATA,
      title: sourced(video.title),
      authors: video.author === null ? null : { value: [video.author], source },
      language: sourced(captions?.track.language ?? video.language),
      publishedAt: sourced(video.publishedAt),
      siteName: sourced(video.siteName),
      canonicalUrl: sourced(video.url),
      imageUrl: sourced(video.thumbnailUrl),
    },
    typeMetadata: {
      kind: 'page-video',
      durationSeconds: video.durationSeconds,
      mediaUrl: video.mediaUrl,
      captionTracks: video.captions.map((track) => ({ ...track })),
      transcript: transcript === null ? null : { source, url: captions?.track.url ?? null },
      chapters: [],
    },
    links: description.links,
    pageCount: null,
    warnings: [...warnings, ...(transcript?.isCutOff === true ? [TRANSCRIPT_CUT_OFF] : [])],
  };
}

function transcriptOf({ video, captions }: StoredPageVideo): Transcript | null {
  if (captions !== null) return readCaptions(captions.text, TRANSCRIPT_LIMITS);
  return video.transcript === null ? null : readPlainTranscript(video.transcript, TRANSCRIPT_LIMITS);
}
