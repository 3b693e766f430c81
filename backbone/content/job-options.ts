import { z } from 'zod';
import type { ContentType } from './content-type.ts';

/** The options of jobs of every type. */
const COMMON_OPTIONS = {
  llm: z
    .boolean()
    .optional()
    .describe('False: the language model is not asked about this content, where one is set'),
};

/** What `options` of a job may hold: those of its type, and those of every type. */
export function jobOptions({ options }: Pick<ContentType, 'options'>): z.ZodObject {
  return options.extend(COMMON_OPTIONS);
}

/** Whether the language model may see the content. */
export function allowsLlm(options: object): boolean {
  return !('llm' in options) || options.llm !== false;
}
