import { AppError } from '../../errors.ts';

const NO_SPACE = new Set(['ENOSPC', 'EDQUOT']);

/** Runs file operations; what they throw becomes `disk_full` or `store_unavailable`. */
export async function guarded<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof AppError) throw error;
    if (NO_SPACE.has(codeOf(error))) throw new AppError('disk_full', { cause: error });
    throw new AppError('store_unavailable', { params: { store: 'blobs' }, cause: error });
  }
}

/** The result of a file operation, or null when it fails with one of these codes. */
export async function unless<T>(codes: readonly string[], run: () => Promise<T>): Promise<T | null> {
  try {
    return await run();
  } catch (error) {
    if (codes.includes(codeOf(error))) return null;
    throw error;
  }
}

/** `ENOENT` and the like; an empty string for errors without a code. */
export function codeOf(error: unknown): string {
  const code = (error as { readonly code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}
