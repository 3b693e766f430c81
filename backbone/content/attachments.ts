/** Files that came with a content, as jobs of their own. Pure. */
import { z } from 'zod';
import type { ContentWarning, JsonObject } from './model.ts';
import type { ParserInput } from './parsing/parser.ts';

/** Levels opened when `attachments` is `true`, and at most: a message in a message may hold thirty more. */
const DEFAULT_LEVELS = 2;
const MOST_LEVELS = 3;
/** Files of one content that become jobs. */
export const MOST_ATTACHMENTS = 30;
const MOST_NAMED = 20;
const LONGEST_NAME = 100;

export const attachmentsOption = z
  .union([z.boolean(), z.int().min(1).max(MOST_LEVELS)])
  .optional()
  .describe(
    `Make jobs of the files that came with a message, and of those in attached messages: so many levels, at most ${MOST_LEVELS}; ${DEFAULT_LEVELS} with true`,
  );

export interface AttachedFile {
  readonly name: string | null;
  /** As the sender declared it. */
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

export interface AttachedFiles {
  /** In their order; none is empty. */
  readonly files: readonly AttachedFile[];
  /** Names of those beyond the limits of number and bytes. */
  readonly leftOut: readonly string[];
}

/**
 * The module that `AttachmentSource` names exports `attachedFiles` of this shape. It runs in a parse thread. Options:
 * `maxFiles`, and `maxBytes` for all files together.
 */
export type AttachmentReader = (input: ParserInput) => AttachedFiles;

/** Which sources of a type carry files, and what reads them. */
export interface AttachmentSource {
  readonly moduleUrl: string;
  readonly mediaTypes: readonly string[];
}

/** How many levels of attachments the options ask for; 0 for none. */
export function levelsWanted({ attachments }: JsonObject): number {
  if (attachments === true) return DEFAULT_LEVELS;
  return typeof attachments === 'number' ? Math.min(attachments, MOST_LEVELS) : 0;
}

/** Options of a job of an attached file that itself may carry files. */
export function optionsBelow(levels: number): JsonObject {
  return levels > 1 ? { attachments: levels - 1 } : {};
}

export function noAttachments(label: string): ContentWarning {
  const message = `The source was read as a ${label} that carries no files; attachments had no effect.`;
  return { code: 'nothing_to_expand', message };
}

/** One warning that names what no type reads; each name with what the file is. */
export function unsupportedAttachments(
  files: readonly { readonly name: string; readonly description: string }[],
): readonly ContentWarning[] {
  const names = files.map(({ name, description }) => `${name.slice(0, LONGEST_NAME)} (${description})`);
  if (names.length === 0) return [];
  const message = `Attachments that cannot be read: ${listed(names)}.`;
  return [{ code: 'attachments_unsupported', message }];
}

export function attachmentsLeftOut(names: readonly string[]): readonly ContentWarning[] {
  if (names.length === 0) return [];
  const message = `More attachments, or larger ones, than are opened; left out: ${listed(names.map((name) => name.slice(0, LONGEST_NAME)))}.`;
  return [{ code: 'attachments_left_out', message }];
}

function listed(names: readonly string[]): string {
  const more = names.length - MOST_NAMED;
  const shown = names.slice(0, MOST_NAMED).join(', ').toWellFormed();
  return more > 0 ? `${shown} and ${more} more` : shown;
}
