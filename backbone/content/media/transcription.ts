/** A whole recording into a transcript, slice by slice. */
import { AppError } from '../../errors.ts';
import type { Heard, HeardSegment, Transcriber } from '../../models/transcriber.ts';
import { CueCollector, TRANSCRIPT_LIMITS, tidyLines, type Transcript } from '../transcripts/transcript.ts';
import type { AudioDecoder } from './audio-decoder.ts';
import { withoutInventions } from './heard-guards.ts';
import { hearOnce, type HeardSlices } from './heard-slices.ts';
import {
  BYTES_PER_SAMPLE,
  SAMPLE_RATE,
  WAV_HEADER_BYTES,
  isSilent,
  loudnessOf,
  secondsOfSamples,
  wavOf,
} from './pcm.ts';
import { SliceCutter, type SampleSlice } from './slice-cutter.ts';

export interface TranscriptionPorts {
  readonly transcriber: Transcriber;
  readonly decoder: AudioDecoder;
  readonly heardSlices: HeardSlices;
}

export interface TranscriptionOptions {
  /** Largest upload that the service takes. */
  readonly uploadBytes: number;
  /** How much of the recording is heard. */
  readonly mostSeconds: number;
  readonly signal: AbortSignal;
  /** Called after each slice, with the seconds heard so far. */
  readonly onProgress: (seconds: number) => void;
}

export interface Recording {
  readonly sizeBytes: number;
  /** From its bytes. */
  readonly mediaType: () => Promise<string>;
  /** A file on this machine, for as long as `use` runs. */
  readonly withFile: <Result>(use: (file: string) => Promise<Result>) => Promise<Result>;
  readonly readAll: () => Promise<Uint8Array>;
}

export interface Transcription {
  /** Times are seconds of the recording. */
  readonly transcript: Transcript;
  /** The one that most slices were in; ISO 639-1, null unknown. */
  readonly language: string | null;
  readonly engine: string;
  readonly quality: Transcriber['quality'];
  /** Mean of the segments, 0-1; null where the model does not tell. */
  readonly confidence: number | null;
  /** The recording is longer than `mostSeconds`, or the transcript than is read. */
  readonly isCutOff: boolean;
}

/** Short enough to show progress and to lose little by a failure; a model hears half a minute at a time anyway. */
const SLICE_SECONDS = 300;
/** What services take as it is. */
const ENDINGS: Readonly<Record<string, string>> = {
  'audio/mpeg': 'mp3',
  'audio/x-m4a': 'm4a',
  'audio/mp4': 'm4a',
  'audio/ogg': 'ogg',
  'audio/flac': 'flac',
  'audio/wav': 'wav',
  'video/mp4': 'mp4',
  'video/webm': 'webm',
  'audio/webm': 'webm',
};

/**
 * Decodes, cuts at pauses, hears each slice once, and joins what was heard by exact times. Silent slices are not sent.
 * Holds one slice in memory. Where nothing can decode, a small file of a common format is sent as it is.
 * @throws AppError no_speech, ffmpeg_missing, file_damaged, transcriber_*; the signal's reason
 */
export async function transcribe(
  recording: Recording,
  ports: TranscriptionPorts,
  options: TranscriptionOptions,
): Promise<Transcription> {
  const reason = await ports.decoder.missing();
  const heard = new HeardRecording(ports.transcriber);
  if (reason === null) await hearSlices(recording, ports, options, heard);
  else await hearWhole(recording, ports, options, { heard, reason });
  return heard.transcription();
}

async function hearSlices(
  recording: Recording,
  ports: TranscriptionPorts,
  options: TranscriptionOptions,
  heard: HeardRecording,
): Promise<void> {
  const { signal, mostSeconds, uploadBytes, onProgress } = options;
  const fitting = Math.floor((uploadBytes - WAV_HEADER_BYTES) / BYTES_PER_SAMPLE);
  const cutter = new SliceCutter(Math.min(SLICE_SECONDS * SAMPLE_RATE, fitting));
  const hear = async (slice: SampleSlice): Promise<void> => {
    await hearSlice(slice, ports, heard, signal);
    onProgress(secondsOfSamples(slice.startSample + slice.samples.length));
  };
  const decodedBytes = await recording.withFile(async (file) => {
    let bytes = 0;
    // One second more tells whether there is more.
    for await (const part of ports.decoder.decode(file, { mostSeconds: mostSeconds + 1, signal })) {
      bytes += part.length;
      for (const slice of cutter.push(part)) await hear(slice);
    }
    for (const slice of cutter.end()) await hear(slice);
    return bytes;
  });
  if (secondsOfSamples(decodedBytes / BYTES_PER_SAMPLE) > mostSeconds) heard.cutOff();
}

async function hearSlice(
  { startSample, samples }: SampleSlice,
  { transcriber, heardSlices }: TranscriptionPorts,
  heard: HeardRecording,
  signal: AbortSignal,
): Promise<void> {
  const durationSeconds = secondsOfSamples(samples.length);
  const loudness = loudnessOf(samples);
  if (isSilent(loudness, 0, durationSeconds)) return;
  const slice = { bytes: wavOf(samples), mediaType: 'audio/wav', fileName: 'slice.wav', durationSeconds };
  const { segments, language } = await hearOnce(transcriber, heardSlices, slice, signal);
  const real = withoutInventions(segments, (from, to) => isSilent(loudness, from, to));
  heard.add({ segments: real, language }, secondsOfSamples(startSample));
}

async function hearWhole(
  recording: Recording,
  { transcriber, heardSlices }: TranscriptionPorts,
  { uploadBytes, signal }: TranscriptionOptions,
  { heard, reason }: { readonly heard: HeardRecording; readonly reason: string },
): Promise<void> {
  const mediaType = await recording.mediaType();
  const ending = ENDINGS[mediaType];
  if (ending === undefined || recording.sizeBytes > uploadBytes)
    throw new AppError('ffmpeg_missing', { params: { reason } });
  const file = { mediaType, fileName: `recording.${ending}`, durationSeconds: null };
  const slice = { ...file, bytes: await recording.readAll() };
  const { segments, language } = await hearOnce(transcriber, heardSlices, slice, signal);
  heard.add({ segments: withoutInventions(segments, () => false), language }, 0);
}

/** Gathers what was heard, with the times of the whole recording. */
class HeardRecording {
  readonly #transcriber: Pick<Transcriber, 'engine' | 'quality'>;
  readonly #cues = new CueCollector(TRANSCRIPT_LIMITS);
  readonly #languages = new Map<string, number>();
  #confidences = 0;
  #confidenceSum = 0;
  #isCutOff = false;

  constructor(transcriber: Pick<Transcriber, 'engine' | 'quality'>) {
    this.#transcriber = transcriber;
  }

  add({ segments, language }: Heard, offsetSeconds: number): void {
    for (const segment of segments) this.#addSegment(segment, offsetSeconds);
    if (language !== null && segments.length > 0)
      this.#languages.set(language, (this.#languages.get(language) ?? 0) + 1);
  }

  cutOff(): void {
    this.#isCutOff = true;
  }

  /** @throws AppError no_speech */
  transcription(): Transcription {
    const transcript = this.#cues.transcript();
    if (transcript.cues.length === 0) throw new AppError('no_speech');
    const [language] = [...this.#languages].sort(([, one], [, other]) => other - one)[0] ?? [null];
    return {
      transcript,
      language,
      engine: this.#transcriber.engine,
      quality: this.#transcriber.quality,
      confidence: this.#confidences === 0 ? null : rounded(this.#confidenceSum / this.#confidences),
      isCutOff: this.#isCutOff || transcript.isCutOff,
    };
  }

  #addSegment({ startSeconds, endSeconds, text, confidence }: HeardSegment, offsetSeconds: number): void {
    const at = (seconds: number | null): number | null =>
      seconds === null ? null : rounded(offsetSeconds + seconds);
    const cue = { startSeconds: at(startSeconds), endSeconds: at(endSeconds) };
    this.#cues.add({ ...cue, speaker: null, text: tidyLines(text) });
    if (confidence === null) return;
    this.#confidences += 1;
    this.#confidenceSum += confidence;
  }
}

/** To the millisecond. */
function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
