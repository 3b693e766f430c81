/** What a transcript is, whichever format it was written in. Pure. */

/** One caption or utterance. Times are seconds from the beginning; null where the source has none. */
export interface Cue {
  readonly startSeconds: number | null;
  readonly endSeconds: number | null;
  readonly speaker: string | null;
  /** Lines parted by `\n`, without markup. */
  readonly text: string;
}

export interface Transcript {
  readonly cues: readonly Cue[];
  /** There were more cues, or more characters, than are read. */
  readonly isCutOff: boolean;
}

export interface TranscriptLimits {
  readonly cues: number;
  readonly characters: number;
}

/** A day of speech in captions of two seconds, and what is said in it: some 1.3 million characters at 150 words a minute. */
export const TRANSCRIPT_LIMITS: TranscriptLimits = { cues: 50_000, characters: 4_000_000 };

const LONGEST_SPEAKER = 100;

/** Collects cues up to the limits; cues without text are left out. */
export class CueCollector {
  readonly #cues: Cue[] = [];
  readonly #limits: TranscriptLimits;
  #characters = 0;
  #isCutOff = false;

  constructor(limits: TranscriptLimits) {
    this.#limits = limits;
  }

  get isFull(): boolean {
    return this.#isCutOff;
  }

  add(cue: Cue): void {
    if (this.#isCutOff || cue.text === '') return;
    this.#characters += cue.text.length;
    this.#isCutOff = this.#cues.length >= this.#limits.cues || this.#characters > this.#limits.characters;
    if (!this.#isCutOff) this.#cues.push(cue);
  }

  transcript(): Transcript {
    return { cues: this.#cues, isCutOff: this.#isCutOff };
  }
}

/** The lines of a cue without the white space around them; empty lines are left out. */
export function tidyLines(text: string): string {
  const lines = text.split('\n').map((line) => line.replaceAll(/\s+/g, ' ').trim());
  return lines
    .filter((line) => line !== '')
    .join('\n')
    .toWellFormed();
}

/** A speaker's name in one line without the colon after it; null when nothing is left. */
export function speakerName(text: string): string | null {
  const name = text
    .slice(0, LONGEST_SPEAKER * 2)
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replace(/ ?:$/, '')
    .slice(0, LONGEST_SPEAKER)
    .toWellFormed();
  return name === '' ? null : name;
}
