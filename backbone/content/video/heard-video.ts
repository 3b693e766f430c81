/** Which videos can be heard, and what becomes of them. Pure. */
import type { ExtractionArtifact, SourceArtifact } from '../artifacts.ts';
import type { Transcription } from '../media/transcription.ts';
import type { Extraction } from '../model.ts';
import type { Hearable } from '../steps/transcribe.ts';
import { heardExtraction } from '../transcripts/heard-extraction.ts';
import { isSpoken } from '../transcripts/spoken-section.ts';
import type { Chapter } from '../transcripts/transcript-blocks.ts';
import { FILM_MEDIA_TYPES } from './film/film-parser.ts';
import { hearableFilm } from './film/film-stage.ts';

export function isFilm({ file }: SourceArtifact): boolean {
  return FILM_MEDIA_TYPES.includes(file.mediaType);
}

/** Films, and videos of pages whose file can be had; nothing that is on YouTube. @throws AppError no_speech */
export function hearableOf(artifact: ExtractionArtifact): Hearable {
  if (isFilm(artifact.source)) return hearableFilm(artifact);
  const { typeMetadata, blocks } = artifact.extraction;
  const { mediaUrl, durationSeconds } = typeMetadata;
  return {
    recording: typeof mediaUrl === 'string' ? { url: mediaUrl } : null,
    durationSeconds: typeof durationSeconds === 'number' ? durationSeconds : null,
    hasTranscript: blocks.some(isSpoken),
  };
}

export function heardVideo({ source, extraction }: ExtractionArtifact, heard: Transcription): Extraction {
  const chapters = (extraction.typeMetadata['chapters'] ?? []) as unknown as readonly Chapter[];
  return heardExtraction(extraction, heard, { chapters, href: source.finalUrl });
}
