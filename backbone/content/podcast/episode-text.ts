/** The text of an episode: show notes, then the transcript under its chapters. Pure. */
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

/** Without transcript and show notes nothing: the recording may still be heard. */
export function episodeText({ notes, transcript, chapters, audioUrl }: EpisodeParts): EpisodeText {
  const section = notesSection(notes);
  const spoken = transcript === null ? [] : spokenBlocks(transcript, { chapters, audioUrl });
  return {
    blocks: [...section.blocks, ...spoken],
    links: section.links,
    warnings: transcript?.isCutOff === true ? [CUT_OFF] : [],
  };
}

/** A transcript as a section of its own, under its chapters; nothing when nobody says anything. */
export function spokenBlocks(
  { cues }: Transcript,
  { chapters, audioUrl }: Pick<EpisodeParts, 'chapters' | 'audioUrl'>,
): readonly Block[] {
  const spoken = transcriptBlocks(mergeRepeats(cues), {
    chapters,
    headingPath: [TRANSCRIPT_HEADING],
    chapterLevel: SECTION_LEVEL + 1,
    href: audioUrl,
  });
  return spokenSection(spoken);
}

/** Whether a block is part of the transcript. */
export function isSpoken({ kind, level, text, locator }: Block): boolean {
  if (locator.headingPath?.[0] === TRANSCRIPT_HEADING) return true;
  return kind === 'heading' && level === SECTION_LEVEL && text === TRANSCRIPT_HEADING;
}

/** The heading begins when the speech does. */
function spokenSection(spoken: readonly Block[]): readonly Block[] {
  const [first] = spoken;
  if (first === undefined) return [];
  const { headingPath: _path, ...place } = first.locator;
  return [sectionHeading(TRANSCRIPT_HEADING, place), ...spoken];
}

export const CUT_OFF: ContentWarning = {
  code: 'transcript_cut_off',
  message: 'The transcript is longer than is read; its end is missing.',
};
