/** Which of the items that a content lists become jobs, and what is said of the others. Pure. */
import { createHash } from 'node:crypto';
import type { Submission } from '../api/services/submission.ts';
import type { WantedJob } from '../content/expansion.ts';
import type { ContentWarning } from '../content/model.ts';
import type { ItemError } from '../errors.ts';
import { BULK_PRIORITY } from '../pipeline/lanes.ts';
import type { JobRow } from '../stores/records/entities.ts';

/** An item with what its keys are remembered as: 64 hex digits each, however long the key. */
export interface DigestedItem {
  readonly wanted: WantedJob;
  readonly digests: readonly string[];
}

export interface Refusal {
  /** Its address or file name. */
  readonly name: string;
  readonly error: ItemError;
}

const LONGEST_SHOWN = 200;

export function digested(wanted: WantedJob): DigestedItem {
  return { wanted, digests: wanted.keys.map((key) => createHash('sha256').update(key).digest('hex')) };
}

/** The items of which no key was met before, neither in `seen` nor in an item further up. */
export function unseenItems(
  items: readonly DigestedItem[],
  seen: ReadonlySet<string>,
): readonly DigestedItem[] {
  const known = new Set(seen);
  return items.filter(({ digests }) => {
    const isKnown = digests.some((digest) => known.has(digest));
    for (const digest of digests) known.add(digest);
    return !isKnown;
  });
}

/** All items that are refused anyway, and the first of the others, so that the refused ones are in nobody's way. */
export function firstPossible<T extends { readonly plan: object }>(
  items: readonly T[],
  most: number,
): readonly T[] {
  let possible = 0;
  return items.filter(({ plan }) => 'error' in plan || (possible += 1) <= most);
}

/** An item of a job never comes before what people wait for. */
export function childPriority(parentPriority: number): number {
  return Math.max(parentPriority, BULK_PRIORITY);
}

/**
 * The item as its parent's caller would submit it. What is stored is left alone. Its options are its own, so that
 * nothing is expanded twice over.
 */
export function childSubmission(
  { url, upload, contentType, options }: WantedJob,
  parent: Pick<JobRow, 'priority' | 'metadata'>,
): Submission {
  return {
    url,
    uploadId: upload?.upload_id ?? null,
    contentType,
    priority: parent.priority,
    metadata: parent.metadata,
    options,
    ifExists: 'skip',
    callbackUrl: null,
  };
}

/** What people know an item by. */
export function nameOf({ url, upload }: WantedJob): string {
  return url ?? upload.file_name ?? 'unnamed';
}

/** One warning for each reason, with the first item as an example. */
export function refusalWarnings(refusals: readonly Refusal[]): readonly ContentWarning[] {
  const byCode = new Map<string, { readonly first: Refusal; readonly count: number }>();
  for (const refusal of refusals) {
    const { first, count } = byCode.get(refusal.error.code) ?? { first: refusal, count: 0 };
    byCode.set(refusal.error.code, { first, count: count + 1 });
  }
  return [...byCode.values()].map(({ first, count }) => {
    const refused = count === 1 ? 'One item was' : `${count} items were`;
    const message = `${refused} refused: ${first.error.message} For example: ${first.name.slice(0, LONGEST_SHOWN)}`;
    return { code: 'expansion_refused', message };
  });
}
