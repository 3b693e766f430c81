/** What the options of a video's job may hold. */
import { z } from 'zod';
import { expandOption } from '../expansion.ts';
import type { JsonObject } from '../model.ts';
import { TRANSCRIBE_CHOICES } from '../steps/transcribe.ts';

const MOST_LANGUAGES = 10;

export const VIDEO_OPTIONS = z.object({
  expand: expandOption,
  transcribe: z.enum(TRANSCRIBE_CHOICES).default('auto'),
  caption_languages: z
    .array(
      z.string().regex(/^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}$/, 'a language tag such as en or pt-BR'),
    )
    .max(MOST_LANGUAGES)
    .optional()
    .describe('Languages of captions by people that are preferred, best first, such as `en`'),
});

export function languagesIn(options: JsonObject): readonly string[] {
  return VIDEO_OPTIONS.parse(options).caption_languages ?? [];
}
