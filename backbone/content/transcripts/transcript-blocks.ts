/** Cues as paragraphs with time codes, under the chapters they fall in. Pure. */
import type { Block, Locator } from '../model.ts';
import type { Cue } from './transcript.ts';

export interface Chapter {
  readonly title: string;
  readonly startSeconds: number;
}

export interface TranscriptPlace {
  /** In order of time; the text before the first one stands in none. */
  readonly chapters: readonly Chapter[];
  /** Headings above the transcript. */
  readonly headingPath: readonly string[];
  /** Level of the headings that chapters get, 1-6. */
  readonly chapterLevel: number;
  /** Where the recording can be played; null when that is not known. */
  readonly href: string | null;
}

/** A silence this long ends a paragraph, in seconds. */
const PAUSE_SECONDS = 2;
/** A paragraph of at least this many characters ends with its sentence: below a chunk, so that its time is near. */
const ENOUGH_CHARACTERS = 240;
/** Without sentences it ends here. */
const MOST_CHARACTERS = 600;
const SENTENCE_END = /[.!?…。！？]["'”’»)\]]*$/u;
/** Scripts that put no space between words. */
const NO_SPACES = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}、。，！？「」]/u;

interface Paragraph {
  readonly speaker: string | null;
  readonly chapter: Chapter | null;
  readonly startSeconds: number | null;
  endSeconds: number | null;
  readonly parts: string[];
  characters: number;
}

/**
 * Joins cues to paragraphs that end at a change of speaker or chapter, a pause, or a sentence's end once they
 * are long enough; a heading stands before each chapter in which something is said. O(text + chapters).
 */
export function transcriptBlocks(cues: readonly Cue[], place: TranscriptPlace): readonly Block[] {
  const blocks: Block[] = [];
  let chapter: Chapter | null = null;
  for (const paragraph of paragraphsOf(cues, place.chapters)) {
    if (paragraph.chapter !== null && paragraph.chapter !== chapter)
      blocks.push(chapterHeading(paragraph.chapter, paragraph.speaker, place));
    chapter = paragraph.chapter;
    blocks.push({
      kind: 'paragraph',
      text: joinedParts(paragraph.parts),
      locator: locatorOf(paragraph, place),
    });
  }
  return blocks;
}

function paragraphsOf(cues: readonly Cue[], chapters: readonly Chapter[]): readonly Paragraph[] {
  const paragraphs: Paragraph[] = [];
  let next = 0;
  for (const cue of cues) {
    while (startsBy(chapters[next], cue)) next += 1;
    const chapter = chapters[next - 1] ?? null;
    const open = paragraphs.at(-1);
    const text = cue.text.replaceAll('\n', ' ');
    if (open === undefined || endsBefore(open, cue, chapter)) {
      const { speaker, startSeconds, endSeconds } = cue;
      paragraphs.push({ speaker, chapter, startSeconds, endSeconds, parts: [text], characters: text.length });
    } else {
      open.parts.push(text);
      open.characters += text.length + 1;
      open.endSeconds = latest(open.endSeconds, cue.endSeconds);
    }
  }
  return paragraphs;
}

function startsBy(chapter: Chapter | undefined, { startSeconds }: Cue): boolean {
  return chapter !== undefined && startSeconds !== null && chapter.startSeconds <= startSeconds;
}

function endsBefore(open: Paragraph, cue: Cue, chapter: Chapter | null): boolean {
  if (open.speaker !== cue.speaker || open.chapter !== chapter) return true;
  if (open.endSeconds !== null && cue.startSeconds !== null) {
    if (cue.startSeconds - open.endSeconds >= PAUSE_SECONDS) return true;
  }
  if (open.characters >= MOST_CHARACTERS) return true;
  return open.characters >= ENOUGH_CHARACTERS && SENTENCE_END.test(open.parts.at(-1) ?? '');
}

function latest(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.max(one, other);
}

function joinedParts(parts: readonly string[]): string {
  let text = '';
  for (const part of parts) {
    const isTight = NO_SPACES.test(text.slice(-1)) && NO_SPACES.test(part.slice(0, 1));
    text += text === '' || isTight ? part : ` ${part}`;
  }
  return text;
}

/** Belongs to whoever speaks first below it: the locator of a passage is that of its first block. */
function chapterHeading(
  { title, startSeconds }: Chapter,
  speaker: string | null,
  place: TranscriptPlace,
): Block {
  return {
    kind: 'heading',
    level: place.chapterLevel,
    text: title,
    locator: {
      ...pathLocator(place.headingPath),
      ...hrefLocator(place),
      startSeconds,
      ...(speaker === null ? {} : { speaker }),
      chapter: title,
    },
  };
}

function locatorOf(paragraph: Paragraph, place: TranscriptPlace): Locator {
  const { chapter, startSeconds, endSeconds, speaker } = paragraph;
  return {
    ...pathLocator(chapter === null ? place.headingPath : [...place.headingPath, chapter.title]),
    ...hrefLocator(place),
    ...(startSeconds === null ? {} : { startSeconds }),
    ...(endSeconds === null ? {} : { endSeconds }),
    ...(speaker === null ? {} : { speaker }),
    ...(chapter === null ? {} : { chapter: chapter.title }),
  };
}

function pathLocator(headingPath: readonly string[]): Locator {
  return headingPath.length === 0 ? {} : { headingPath };
}

function hrefLocator({ href }: TranscriptPlace): Locator {
  return href === null ? {} : { href };
}
