/** What was heard so far: each slice is asked for once, however often its stage is tried. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import type { AudioSlice, Heard, Transcriber } from '../../models/transcriber.ts';
import type { BlobStore } from '../../stores/blobs/blob-store.ts';

/** Answers by the hash of what was asked. */
export interface HeardSlices {
  find(hash: string): Promise<Heard | null>;
  keep(hash: string, heard: Heard): Promise<void>;
}

const heardSchema = z.object({
  segments: z.array(
    z.object({
      startSeconds: z.number().nullable(),
      endSeconds: z.number().nullable(),
      text: z.string(),
      confidence: z.number().nullable(),
      noSpeech: z.number().nullable(),
    }),
  ),
  language: z.string().nullable(),
});

/** @param prefix of blob keys, with a slash at its end; goes with the artifacts of the job */
export function heardSlicesIn(blobs: Pick<BlobStore, 'readAll' | 'put'>, prefix: string): HeardSlices {
  return {
    find: async (hash) => {
      try {
        const stored: unknown = JSON.parse((await blobs.readAll(`${prefix}${hash}.json`)).toString('utf8'));
        return heardSchema.parse(stored);
      } catch (error) {
        if (error instanceof AppError && error.code === 'not_found') return null;
        throw error;
      }
    },
    keep: async (hash, heard) => {
      await blobs.put(`${prefix}${hash}.json`, JSON.stringify(heard), { mediaType: 'application/json' });
    },
  };
}

/** Hears a slice, or remembers what was heard in it. */
export async function hearOnce(
  transcriber: Transcriber,
  heardSlices: HeardSlices,
  slice: AudioSlice,
  signal: AbortSignal,
): Promise<Heard> {
  const hash = createHash('sha256').update(`${transcriber.engine}\n`).update(slice.bytes).digest('hex');
  const known = await heardSlices.find(hash);
  if (known !== null) return known;
  const heard = await transcriber.hear(slice, signal);
  await heardSlices.keep(hash, heard);
  return heard;
}
