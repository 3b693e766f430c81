/** A transcript as a section of a content, under its chapters. Pure. */
import type { Block, ContentWarning } from '../model.ts';
import { mergeRepeats } from './merged-cues.ts';
import { transcriptBlocks, type TranscriptPlace } from './transcript-blocks.ts';
import type { Transcript } from './transcript.ts';

const HEADING = 'Transcript';
const LEVEL = 2;

/** With its heading, which begins when the speech does; nothing when nobody says anything. */
export function spokenSection(
  { cues }: Transcript,
  { chapters, href }: Pick<TranscriptPlace, 'chapters' | 'href'>,
): readonly Block[] {
  const place = { chapters, headingPath: [HEADING], chapterLevel: LEVEL + 1, href };
  const spoken = transcriptBlocks(mergeRepeats(cues), place);
  const [first] = spoken;
  if (first === undefined) return [];
  const { headingPath: _path, ...locator } = first.locator;
  return [{ kind: 'heading', level: LEVEL, text: HEADING, locator }, ...spoken];
}

/** Whether a block is part of the transcript. */
export function isSpoken({ kind, level, text, locator }: Block): boolean {
  if (locator.headingPath?.[0] === HEADING) return true;
  return kind === 'heading' && level === LEVEL && text === HEADING;
}

export const TRANSCRIPT_CUT_OFF: ContentWarning = {
  code: 'transcript_cut_off',
  message: 'The transcript is longer than is read; its end is missing.',
};
