import type { ContentWarning } from '../model.ts';

export const MAX_SLIDES = 5000;

/** Nothing where all slides were read. */
export function slidesLeftOut(read: number, total: number): readonly ContentWarning[] {
  const message = `Only ${read} of ${total} slides could be read.`;
  return read === total ? [] : [{ code: 'slides_left_out', message }];
}
