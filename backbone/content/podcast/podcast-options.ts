import { z } from 'zod';
import { TRANSCRIBE_CHOICES } from '../steps/transcribe.ts';

const LONGEST_GUID = 2000;

/** What the options of a podcast's job may hold. */
export const PODCAST_OPTIONS = z.object({
  transcribe: z.enum(TRANSCRIBE_CHOICES).default('auto'),
  /** Of a feed: a guid, a number, or `latest`. Goes before one that the address names. */
  episode: z.union([z.string().trim().min(1).max(LONGEST_GUID), z.int().min(0)]).optional(),
});
