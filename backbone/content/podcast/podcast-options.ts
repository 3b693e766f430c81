import { z } from 'zod';
import { TRANSCRIBE_CHOICES } from '../steps/transcribe.ts';

/** What the options of a podcast's job may hold. */
export const PODCAST_OPTIONS = z.object({ transcribe: z.enum(TRANSCRIBE_CHOICES).default('auto') });
