/** An episode with what was heard in its recording. Pure. */
import type { ExtractionArtifact } from '../artifacts.ts';
import type { Transcription } from '../media/transcription.ts';
import type { Extraction, JsonValue } from '../model.ts';
import type { Hearable } from '../steps/transcribe.ts';
import { heardExtraction } from '../transcripts/heard-extraction.ts';
import { isSpoken } from '../transcripts/spoken-section.ts';
import type { Chapter } from '../transcripts/transcript-blocks.ts';
import { EPISODE_TYPE } from './episode.ts';
import { TRANSCRIPT_MEDIA_TYPES } from './media-types.ts';

export function hearableOf({ source, extraction }: ExtractionArtifact): Hearable {
  const { typeMetadata, blocks } = extraction;
  const { durationSeconds } = typeMetadata;
  const { mediaType } = source.file;
  return {
    recording: mediaType === EPISODE_TYPE ? enclosureOf(extraction) : originalOf(mediaType),
    durationSeconds: typeof durationSeconds === 'number' && durationSeconds > 0 ? durationSeconds : null,
    hasTranscript: blocks.some(isSpoken),
  };
}

export function heardEpisode({ source, extraction }: ExtractionArtifact, heard: Transcription): Extraction {
  return heardExtraction(extraction, heard, {
    chapters: chaptersOf(extraction.typeMetadata['chapters']),
    href: enclosureOf(extraction)?.url ?? source.finalUrl,
  });
}

function originalOf(mediaType: string): 'original' | null {
  return TRANSCRIPT_MEDIA_TYPES.includes(mediaType) ? null : 'original';
}

/** As `episode-parser.ts` writes it. */
function enclosureOf({ typeMetadata }: Extraction): { readonly url: string } | null {
  const audio = typeMetadata['audio'] as { readonly url?: unknown } | null | undefined;
  return typeof audio?.url === 'string' ? { url: audio.url } : null;
}

function chaptersOf(chapters: JsonValue | undefined): readonly Chapter[] {
  return (chapters ?? []) as unknown as readonly Chapter[];
}
