/** What a language model said of a content, once it is believed. Pure. */
import { z } from 'zod';

export const MOST_SUMMARY = 1_000;
export const MOST_TAGS = 10;
export const MOST_TAG = 60;
export const MOST_TITLE = 300;

export interface Description {
  readonly summary: string;
  /** Each once, however it is written. */
  readonly tags: readonly string[];
  /** Null: the title is good as it is, or the proposed one has words that the content has not. */
  readonly title: string | null;
}

export type ReadDescription =
  | { readonly kind: 'description'; readonly description: Description }
  /** `reason`: the end of a sentence that begins with the model. */
  | { readonly kind: 'unusable'; readonly reason: string };

const line = (most: number): z.ZodType<string> =>
  z.string().transform(oneLine).pipe(z.string().min(1).max(most));

const answerSchema = z.strictObject({
  summary: line(MOST_SUMMARY),
  tags: z.array(line(MOST_TAG)).max(MOST_TAGS),
  title: line(MOST_TITLE).nullable(),
});

/** Beginnings of addresses that somebody might click on. */
const ADDRESS = /(?:[a-z][a-z+.-]{1,20}:\/\/|www\.|mailto:)[^\s<>"')\]]{1,500}/giu;

/**
 * `content`: all that the model has seen. Addresses that are not in it, and titles of other words, are what a text
 * that talks to models would have them write.
 */
export function readDescription(answer: string, content: string): ReadDescription {
  const parsed = answerSchema.safeParse(jsonIn(answer));
  if (!parsed.success) return unusable(faultOf(parsed.error));
  const { summary, tags, title } = parsed.data;
  const known = content.toLowerCase();
  if ([summary, ...tags, title ?? ''].some((text) => hasForeignAddress(text, known)))
    return unusable('its answer has an address that the content has not');
  return {
    kind: 'description',
    description: { summary, tags: uniqueTags(tags), title: isMadeOf(title, known) ? title : null },
  };
}

/** Some models put a fence or a sentence around what they were asked for. */
function jsonIn(answer: string): unknown {
  try {
    return JSON.parse(answer.slice(answer.indexOf('{'), answer.lastIndexOf('}') + 1));
  } catch {
    return null;
  }
}

/** The first fault as what is wrong with the answer; never its own words. */
function faultOf(error: z.ZodError): string {
  const [issue] = error.issues;
  const field = String(issue?.path[0] ?? '');
  if (issue?.code === 'too_big') return `its answer has too much for the field ${field}`;
  return field === ''
    ? 'its answer is not the JSON that it was asked for'
    : `its answer has no usable ${field}`;
}

/** Without line breaks, control characters and marks that turn the direction of what follows. */
function oneLine(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .replaceAll(/[\u202a-\u202e\u2066-\u2069]/gu, '')
    .trim();
}

function hasForeignAddress(text: string, known: string): boolean {
  const found = text.toLowerCase().match(ADDRESS) ?? [];
  return found.some((address) => !known.includes(address.replace(/[.,;:!?]+$/, '')));
}

function uniqueTags(tags: readonly string[]): readonly string[] {
  const byName = new Map(tags.toReversed().map((tag) => [tag.toLowerCase(), tag]));
  return [...byName.values()].toReversed();
}

function isMadeOf(title: string | null, known: string): boolean {
  const words = title?.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.length > 0 && words.every((word) => known.includes(word));
}

function unusable(reason: string): ReadDescription {
  return { kind: 'unusable', reason };
}
