/** The text of an episode: show notes, then the transcript under its chapters. Pure. */
import { AppError } from '../../errors.ts';
import type { Block, ContentLink, ContentWarning } from '../model.ts';
import { mergeRepeats } from '../transcripts/merged-cues.ts';
import { transcriptBlocks, type Chapter } from '../transcripts/transcript-blocks.ts';
import type { Transcript } from '../transcripts/transcript.ts';
import { SECTION_LEVEL, notesSection, sectionHeading, type ShowNotes } from './show-notes.ts';

export interface EpisodeParts {
  readonly notes: ShowNotes;
  readonly transcript: Transcript | null;
  readonly chapters: readonly Chapter[];
  /** Address of the recording; null for uploads. */
  readonly audioUrl: string | null;
}

export interface EpisodeText {
  readonly blocks: readonly Block[];
  readonly links: readonly ContentLink[];
  readonly warnings: readonly ContentWarning[];
}

const TRANSCRIPT_HEADING = 'Transcript';

/** @throws AppError transcriber_missing when there is neither a transcript nor any show notes */
export function episodeText({ notes, transcript, chapters, audioUrl }: EpisodeParts): EpisodeText {
  const section = notesSection(notes);
  const spoken = transcriptBlocks(mergeRepeats(transcript?.cues ?? []), {
    chapters,
    headingPath: [TRANSCRIPT_HEADING],
    chapterLevel: SECTION_LEVEL + 1,
    href: audioUrl,
  });
  if (spoken.length === 0 && section.blocks.length === 0) throw new AppError('transcriber_missing');
  return {
    blocks: [...section.blocks, ...spokenSection(spoken)],
    links: section.links,
    warnings: [
      ...(spoken.length === 0 ? [NOTES_ONLY] : []),
      ...(transcript?.isCutOff === true ? [CUT_OFF] : []),
    ],
  };
}

/** The heading begins when the speech does. */
function spokenSection(spoken: readonly Block[]): readonly Block[] {
  const [first] = spoken;
  if (first === undefined) return [];
  const { headingPath: _path, ...place } = first.locator;
  return [sectionHeading(TRANSCRIPT_HEADING, place), ...spoken];
}

const NOTES_ONLY: ContentWarning = {
  code: 'transcriber_missing',
  message: 'There is no transcript, so only the show notes were read, not what is said.',
};
const CUT_OFF: ContentWarning = {
  code: 'transcript_cut_off',
  message: 'The transcript is longer than is read; its end is missing.',
};
