/** An extraction with what was heard in its recording. Pure. */
import type { Transcription } from '../media/transcription.ts';
import type { Extraction } from '../model.ts';
import { isSpoken, spokenSection, TRANSCRIPT_CUT_OFF } from './spoken-section.ts';
import type { TranscriptPlace } from './transcript-blocks.ts';

const HEARD_SOURCE = 'transcribed';

/** What was heard stands in the place of any other transcript. */
export function heardExtraction(
  extraction: Extraction,
  { engine, quality, language, confidence, transcript, isCutOff }: Transcription,
  place: Pick<TranscriptPlace, 'chapters' | 'href'>,
): Extraction {
  const { metadata } = extraction;
  const told = language === null ? null : { value: language, source: HEARD_SOURCE };
  const written = extraction.blocks.filter((block) => !isSpoken(block));
  return {
    ...extraction,
    blocks: [...written, ...spokenSection(transcript, place)],
    metadata: { ...metadata, language: metadata.language ?? told },
    typeMetadata: {
      ...extraction.typeMetadata,
      transcript: { source: HEARD_SOURCE, engine, quality, language, confidence },
    },
    warnings: [...extraction.warnings, ...(isCutOff ? [TRANSCRIPT_CUT_OFF] : [])],
  };
}
