/** The text of an episode: show notes, then the transcript under its chapters. Pure. */
import type { Block, ContentLink, ContentWarning } from '../model.ts';
import { spokenSection, TRANSCRIPT_CUT_OFF } from '../transcripts/spoken-section.ts';
import type { Chapter } from '../transcripts/transcript-blocks.ts';
import type { Transcript } from '../transcripts/transcript.ts';
import { notesSection, type ShowNotes } from './show-notes.ts';

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

/** Without transcript and show notes nothing: the recording may still be heard. */
export function episodeText({ notes, transcript, chapters, audioUrl }: EpisodeParts): EpisodeText {
  const section = notesSection(notes);
  const spoken = transcript === null ? [] : spokenSection(transcript, { chapters, href: audioUrl });
  return {
    blocks: [...section.blocks, ...spoken],
    links: section.links,
    warnings: transcript?.isCutOff === true ? [TRANSCRIPT_CUT_OFF] : [],
  };
}
