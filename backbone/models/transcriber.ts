/** Speech into text. Implementation: `openai-transcriber.ts`; `open-transcriber.ts` picks one by URL. */
export interface Transcriber {
  /** Name of provider and model: what a stored answer came from. */
  readonly engine: string;
  /** `draft`: good enough to be searched, not to be quoted. */
  readonly quality: 'draft' | 'normal';
  /**
   * One piece of a recording, short enough for one request.
   * @throws AppError transcriber_unavailable, transcriber_failed, transcriber_throttled, transcriber_unauthorized,
   * transcriber_refused; the signal's reason
   */
  hear(slice: AudioSlice, signal: AbortSignal): Promise<Heard>;
  close(): Promise<void>;
}

export interface AudioSlice {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
  /** Services tell the format by its ending. */
  readonly fileName: string;
  /** Null when nobody has decoded it. */
  readonly durationSeconds: number | null;
}

/** What was heard in one slice. */
export interface Heard {
  /** In order of time. */
  readonly segments: readonly HeardSegment[];
  /** ISO 639-1, as the model guessed it; null when it does not tell. */
  readonly language: string | null;
}

export interface HeardSegment {
  /** Seconds from the beginning of the slice; null where the service gives no times and the slice's length is not known. */
  readonly startSeconds: number | null;
  readonly endSeconds: number | null;
  readonly text: string;
  /** How sure the model is of its words, 0-1; null when it does not tell. */
  readonly confidence: number | null;
  /** That nobody speaks, 0-1; null when the model does not tell. */
  readonly noSpeech: number | null;
}
