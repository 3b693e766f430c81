/** Stored videos and lists of them as extractions. */
import { AppError } from '../../errors.ts';
import {
  NO_METADATA,
  type Block,
  type ContentMetadata,
  type ContentWarning,
  type Extraction,
  type JsonObject,
  type Sourced,
} from '../model.ts';
import { inOneGo, type Parser, type ParserInput } from '../parsing/parser.ts';
import { transcriptBlocks } from '../transcripts/transcript-blocks.ts';
import { descriptionSection } from './description.ts';
import { parseList } from './list-parser.ts';
import { parsePageVideo } from './page/page-parser.ts';
import type { StoredPageVideo } from './page/page-video.ts';
import type { StoredSource, StoredVideo } from './stored-video.ts';
import { readTimedText } from './timed-text.ts';
import { momentUrl, watchUrl } from './youtube-address.ts';

const TRANSCRIPT_HEADING = 'Transcript';
const SECTION_LEVEL = 2;

/** What `video-manager.ts` stored. Errors: `source_empty`, `captions_none` (neither captions nor a description), `no_text`. */
export const parse: Parser = inOneGo(({ bytes }: ParserInput) => {
  if (bytes.length === 0) throw new AppError('source_empty');
  const stored = JSON.parse(Buffer.from(bytes).toString('utf8')) as StoredSource | StoredPageVideo;
  switch (stored.kind) {
    case 'video':
      return parseVideo(stored);
    case 'page':
      return parsePageVideo(stored);
    default:
      return parseList(stored);
  }
});

function parseVideo(video: StoredVideo): Extraction {
  const { facts, captions } = video;
  const description = descriptionSection(facts.description ?? '');
  const transcript = captions === null ? null : readTimedText(captions.text, captions.track);
  const spoken = transcriptBlocks(transcript?.cues ?? [], {
    chapters: video.chapters,
    headingPath: [TRANSCRIPT_HEADING],
    chapterLevel: SECTION_LEVEL + 1,
    href: watchUrl(facts.videoId),
  }).map((block) => atMoment(block, facts.videoId));
  if (spoken.length === 0 && description.blocks.length === 0) throw new AppError('captions_none');
  return {
    blocks: [...description.blocks, ...spokenSection(spoken)],
    metadata: metadataOf(video),
    typeMetadata: detailsOf(video),
    links: description.links,
    pageCount: null,
    warnings: [
      ...(spoken.length === 0 ? [DESCRIPTION_ONLY] : []),
      ...(transcript?.isCutOff === true ? [CUT_OFF] : []),
    ],
  };
}

/** The player takes moments in its query, not in a fragment. */
function atMoment(block: Block, videoId: string): Block {
  const { startSeconds } = block.locator;
  if (startSeconds === undefined) return block;
  return { ...block, locator: { ...block.locator, href: momentUrl(videoId, startSeconds) } };
}

function spokenSection(spoken: readonly Block[]): readonly Block[] {
  const [first] = spoken;
  if (first === undefined) return [];
  const { headingPath: _path, ...locator } = first.locator;
  return [{ kind: 'heading', level: SECTION_LEVEL, text: TRANSCRIPT_HEADING, locator }, ...spoken];
}

function metadataOf({ facts, captions, provider }: StoredVideo): ContentMetadata {
  const sourced = (value: string | null): Sourced<string> | null =>
    value === null ? null : { value, source: provider };
  return {
    ...NO_METADATA,
    title: sourced(facts.title),
    authors: facts.author === null ? null : { value: [facts.author], source: provider },
    language: sourced(captions?.track.language ?? null),
    publishedAt: sourced(facts.publishedAt),
    siteName: { value: 'YouTube', source: provider },
    canonicalUrl: sourced(watchUrl(facts.videoId)),
    imageUrl: sourced(facts.thumbnailUrl),
  };
}

function detailsOf({ facts, tracks, captions, chapters, provider }: StoredVideo): JsonObject {
  return {
    kind: 'video',
    videoId: facts.videoId,
    channelId: facts.channelId,
    durationSeconds: facts.durationSeconds,
    keywords: facts.keywords,
    captionTracks: tracks.map((track) => ({ ...track })),
    transcript: captions === null ? null : { source: provider, ...captions.track },
    chapters: chapters.map(({ title, startSeconds }) => ({ title, startSeconds })),
  };
}

const DESCRIPTION_ONLY: ContentWarning = {
  code: 'captions_none',
  message: 'The video has no captions, so only its description was read, not what is said.',
};
const CUT_OFF: ContentWarning = {
  code: 'transcript_cut_off',
  message: 'The captions are longer than is read; their end is missing.',
};
