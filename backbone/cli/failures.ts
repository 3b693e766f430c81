import { AppError } from '../errors.ts';
import { ApiFailure, ConnectionFailure } from './client.ts';
import type { ReportedError } from './job-report.ts';
import { SourceFault } from './sources.ts';

/** There is a backbone, but no key to talk to it with. */
export class NoKey extends Error {
  override readonly name = 'NoKey';
}

/** There is no such key, or it was revoked before. */
export class UnknownKey extends Error {
  override readonly name = 'UnknownKey';
}

/** A failure in words for a person. A defect is named as one, and shows its message but no stack. */
export function explainAnything(error: unknown): ReportedError {
  const known = explain(error);
  if (known !== null) return known;
  const reason = error instanceof Error ? error.message : String(error);
  const hint = 'This is a fault of the program: please report it, with the output of LOG_LEVEL=debug.';
  return { code: 'internal_error', message: `Something went wrong on our side: ${reason}.`, hint };
}

/** What happened, and what to do about it. Null for defects of our own. */
function explain(error: unknown): ReportedError | null {
  if (error instanceof AppError || error instanceof ApiFailure)
    return { code: error.code, message: error.message, hint: error.hint };
  if (error instanceof ConnectionFailure) {
    const hint = 'Jobs that were accepted are kept; they go on when the backbone runs: npm start.';
    return { code: 'backbone_unreachable', message: error.message, hint };
  }
  if (error instanceof NoKey) {
    const hint = 'Stop the backbone and start it again: it makes a new key when there is none.';
    return { code: 'no_key', message: error.message, hint };
  }
  if (error instanceof UnknownKey)
    return { code: 'not_found', message: error.message, hint: 'npm run keys -- list shows all keys.' };
  if (error instanceof SourceFault)
    return { code: 'invalid_source', message: error.message, hint: 'Nothing was started.' };
  return null;
}
