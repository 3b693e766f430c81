import { z } from 'zod';
import type { ContentType } from './content-type.ts';
import type { JsonObject } from './model.ts';

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

/** The options that hold for what comes of a job as well: another run over its content, jobs of what it lists. */
export function lastingOptions(options: object): JsonObject {
  return allowsLlm(options) ? {} : { llm: false };
}

/** Whether the language model may see the content. */
export function allowsLlm(options: object): boolean {
  return !('llm' in options) || options.llm !== false;
}
