import { z } from 'zod';
import { OCR_MODES } from './ocr-settings.ts';

/** The option `ocr` of a job. */
export const ocrOption = z
  .enum(OCR_MODES)
  .optional()
  .describe(
    'Recognise text in pictures: auto (pages without usable text), always (all pages) or never; default: the setting OCR',
  );
