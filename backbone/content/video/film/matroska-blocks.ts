/** The texts among the blocks of a Matroska file, as they come by. Pure. */
import { TRANSCRIPT_LIMITS } from '../../transcripts/transcript.ts';
import { numberIn, variableNumber } from './ebml.ts';
import type { MatroskaTrack } from './matroska-track.ts';
import type { TimedText } from './timed-texts.ts';

/** An element that goes by. */
export interface PassingElement {
  readonly id: number;
  readonly bodyBytes: number;
  /** So many of its first bytes. */
  readonly read: (length: number) => Buffer;
}

interface TextBlock {
  readonly track: number;
  /** In units of the file's time scale. */
  readonly start: number;
  duration: number | null;
  readonly text: string;
}

const CLUSTER_TIME = 0xe7;
const SIMPLE_BLOCK = 0xa3;
const BLOCK = 0xa1;
const BLOCK_DURATION = 0x9b;
/** Track number, time and flags. */
const MOST_HEAD_BYTES = 11;
const MOST_BLOCK_BYTES = 64 * 1024;
/** All languages of a film together. */
const MOST_BLOCKS = TRANSCRIPT_LIMITS.cues * 10;

export class BlockCollector {
  readonly #tracks: ReadonlyMap<number, MatroskaTrack>;
  readonly #blocks: TextBlock[] = [];
  #clusterTime = 0;
  /** The block that a duration would belong to. */
  #open: TextBlock | null = null;

  constructor(tracks: readonly MatroskaTrack[]) {
    this.#tracks = new Map(tracks.map((track) => [track.number, track]));
  }

  get isFull(): boolean {
    return this.#blocks.length >= MOST_BLOCKS;
  }

  take({ id, bodyBytes, read }: PassingElement): void {
    switch (id) {
      case CLUSTER_TIME:
        this.#clusterTime = numberIn(read(Math.min(bodyBytes, 8))) ?? 0;
        break;
      case SIMPLE_BLOCK:
      case BLOCK:
        this.#open = this.#textBlock(bodyBytes, read);
        if (this.#open !== null) this.#blocks.push(this.#open);
        break;
      case BLOCK_DURATION:
        if (this.#open !== null) this.#open.duration = numberIn(read(Math.min(bodyBytes, 8)));
        this.#open = null;
        break;
    }
  }

  /** In order of time. A text without a duration lasts until the next one. */
  *textsOf({ number }: MatroskaTrack, scaleSeconds: number): Generator<TimedText> {
    const blocks = this.#blocks.filter(({ track }) => track === number);
    blocks.sort((one, other) => one.start - other.start);
    for (const [index, { start, duration, text }] of blocks.entries()) {
      const end = duration === null ? blocks[index + 1]?.start : start + duration;
      const endSeconds = end === undefined ? null : end * scaleSeconds;
      yield { startSeconds: start * scaleSeconds, endSeconds, text };
    }
  }

  #textBlock(bodyBytes: number, read: PassingElement['read']): TextBlock | null {
    const head = read(Math.min(bodyBytes, MOST_HEAD_BYTES));
    const track = variableNumber(head);
    const textOf = track === null ? null : (this.#tracks.get(track.value)?.textOf ?? null);
    if (track === null || textOf === null || bodyBytes > MOST_BLOCK_BYTES) return null;
    const start = track.lengthBytes + 3;
    if (head.length < start) return null;
    return {
      track: track.value,
      start: this.#clusterTime + head.readInt16BE(track.lengthBytes),
      duration: null,
      text: textOf(read(bodyBytes).subarray(start)),
    };
  }
}
