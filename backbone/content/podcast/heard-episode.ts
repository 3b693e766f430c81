/** An episode with what was heard in its recording. Pure. */
import type { ExtractionArtifact } from '../artifacts.ts';
import type { Transcription } from '../media/transcription.ts';
import type { ContentWarning, Extraction, JsonValue } from '../model.ts';
import type { Hearable } from '../steps/transcribe.ts';
import type { Chapter } from '../transcripts/transcript-blocks.ts';
import { CUT_OFF, isSpoken, spokenBlocks } from './episode-text.ts';
import { EPISODE_TYPE } from './episode.ts';
import { TRANSCRIPT_MEDIA_TYPES } from './media-types.ts';

export const HEARD_SOURCE = 'transcribed';

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
  const { engine, quality, language, confidence } = heard;
  const spoken = spokenBlocks(heard.transcript, {
    chapters: chaptersOf(extraction.typeMetadata['chapters']),
    audioUrl: enclosureOf(extraction)?.url ?? source.finalUrl,
  });
  const { metadata } = extraction;
  const told = language === null ? null : { value: language, source: HEARD_SOURCE };
  return {
    ...extraction,
    blocks: [...extraction.blocks.filter((block) => !isSpoken(block)), ...spoken],
    metadata: { ...metadata, language: metadata.language ?? told },
    typeMetadata: {
      ...extraction.typeMetadata,
      transcript: { source: HEARD_SOURCE, engine, quality, language, confidence },
    },
    warnings: [...extraction.warnings, ...cutOff(heard)],
  };
}

function cutOff({ isCutOff }: Transcription): readonly ContentWarning[] {
  return isCutOff ? [CUT_OFF] : [];
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
