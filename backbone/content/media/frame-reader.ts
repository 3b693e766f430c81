/** One picture of a film, by ffmpeg. */
import { AppError } from '../../errors.ts';
import { Ffmpeg } from './ffmpeg.ts';

/** The port that thumbnails of films are made by. */
export interface FrameReader {
  /** Null when pictures can be made, else the reason as the end of a sentence. */
  missing(): Promise<string | null>;
  /**
   * A JPEG of the picture at that moment, at most 640 pixels wide.
   * @throws AppError file_damaged when there is no picture, ffmpeg_missing; the signal's reason
   */
  frameAt(file: string, options: FrameOptions): Promise<Buffer>;
}

export interface FrameOptions {
  readonly atSeconds: number;
  readonly signal: AbortSignal;
}

const MOST_BYTES = 4 * 1024 * 1024;
const LONGEST_MS = 60_000;
const JPEG_START = Buffer.from([0xff, 0xd8, 0xff]);
const SIZE = 'scale=w=min(640\\,iw):h=-2';

/** @param setting and searchPath as of `Ffmpeg` */
export function ffmpegFrames(setting: string | null, searchPath: string): FrameReader {
  const ffmpeg = new Ffmpeg(setting, searchPath);
  return {
    missing: () => ffmpeg.missing(),
    frameAt: async (file, { atSeconds, signal }) => {
      // In front of the input: it is decoded from the key frame before that moment, not from the start.
      const before = ['-ss', String(atSeconds)];
      const picture = ['-map', '0:v:0', '-frames:v', '1', '-vf', SIZE, '-f', 'mjpeg', 'pipe:1'];
      const limited = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_MS)]);
      try {
        return await jpegOf(ffmpeg.run({ file, before }, picture, limited));
      } catch (error) {
        signal.throwIfAborted();
        throw limited.aborted ? new AppError('file_damaged', { cause: error }) : error;
      }
    },
  };
}

async function jpegOf(output: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  let sizeBytes = 0;
  for await (const part of output) {
    parts.push(part);
    sizeBytes += part.length;
    if (sizeBytes > MOST_BYTES) break;
  }
  const picture = Buffer.concat(parts);
  const isJpeg = picture.subarray(0, JPEG_START.length).equals(JPEG_START) && sizeBytes <= MOST_BYTES;
  if (!isJpeg) throw new AppError('file_damaged');
  return picture;
}
