/** Recordings into samples, by an ffmpeg that runs as a process of its own. */
import { Ffmpeg } from './ffmpeg.ts';
import { SAMPLE_RATE } from './pcm.ts';

/** The port that transcription decodes by. */
export interface AudioDecoder {
  /** Null when recordings can be decoded, else the reason as the end of a sentence. */
  missing(): Promise<string | null>;
  /**
   * Samples (`pcm.ts`) of the first sound track as they are decoded; reading slowly slows it down.
   * @throws AppError ffmpeg_missing, file_damaged; the signal's reason
   */
  decode(file: string, options: DecodeOptions): AsyncIterable<Buffer>;
}

export interface DecodeOptions {
  /** What lies behind is left out. */
  readonly mostSeconds: number;
  readonly signal: AbortSignal;
}

/** @param setting and searchPath as of `Ffmpeg` */
export function ffmpegDecoder(setting: string | null, searchPath: string): AudioDecoder {
  const ffmpeg = new Ffmpeg(setting, searchPath);
  return {
    missing: () => ffmpeg.missing(),
    decode: (file, { mostSeconds, signal }) => {
      const sound = ['-map', '0:a:0', '-t', String(mostSeconds), '-ac', '1', '-ar', String(SAMPLE_RATE)];
      return ffmpeg.run({ file }, [...sound, '-f', 's16le', 'pipe:1'], signal);
    },
  };
}
