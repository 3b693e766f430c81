/** What a content lists, such as the entries of a feed, as jobs of their own. Pure. */
import { z } from 'zod';
import type { ContentType } from './content-type.ts';
import type { UploadRow } from '../stores/records/entities.ts';
import { lastingOptions } from './job-options.ts';
import type { ContentWarning, JsonObject } from './model.ts';

/** Items when `expand` is `true`, and at most. */
export const DEFAULT_EXPANDED = 20;
export const MOST_EXPANDED = 500;

/** The option of every type that can be expanded. */
export const expandOption = z
  .union([z.boolean(), z.int().min(1).max(MOST_EXPANDED)])
  .optional()
  .describe(
    `Make jobs of the newest items it lists: so many, at most ${MOST_EXPANDED}; ${DEFAULT_EXPANDED} with true`,
  );

/** What an item's job reads. */
export type WantedSource =
  /** From a stranger: whether it may be fetched is decided where it is submitted. */
  | { readonly url: string; readonly upload: null }
  /** A file that was kept for it and that nobody else has. */
  | { readonly url: null; readonly upload: UploadRow };

/** An item that is to become a job. */
export type WantedJob = WantedSource & {
  /** Null: as the address and its bytes say. */
  readonly contentType: string | null;
  readonly options: JsonObject;
  /** What the item is known by within its parent. One that has any key of an earlier item is that item. */
  readonly keys: readonly string[];
};

export interface Expansion {
  readonly wanted: readonly WantedJob[];
  readonly warnings: readonly ContentWarning[];
}

export interface ExpansionRequest {
  /** As the type's parser made it. */
  readonly typeMetadata: JsonObject;
  /** Items wanted, 1 or more. */
  readonly most: number;
  readonly hasType: (name: string) => boolean;
}

/** What a job with these options expands to; null when that was not asked for. */
export function expansionOf(
  type: Pick<ContentType, 'label' | 'expand'>,
  options: JsonObject,
  request: Omit<ExpansionRequest, 'most'>,
): Expansion | null {
  const most = itemsWanted(options['expand']);
  if (most === 0) return null;
  const expansion = type.expand?.({ ...request, most });
  if (!expansion) return { wanted: [], warnings: [nothingToExpand(type.label)] };
  const lasting = lastingOptions(options);
  const wanted = expansion.wanted.map((job) => ({ ...job, options: { ...job.options, ...lasting } }));
  return { ...expansion, wanted };
}

/** How many items an `expand` asks for. */
function itemsWanted(expand: unknown): number {
  if (expand === true) return DEFAULT_EXPANDED;
  return typeof expand === 'number' ? Math.min(expand, MOST_EXPANDED) : 0;
}

function nothingToExpand(label: string): ContentWarning {
  const message = `The source was read as a ${label} that lists nothing of which jobs could be made; expand had no effect.`;
  return { code: 'nothing_to_expand', message };
}
