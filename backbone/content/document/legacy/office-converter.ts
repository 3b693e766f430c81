import type { Conversion } from './legacy-types.ts';

/** Turns Office files of the old kind into new ones. */
export interface OfficeConverter {
  /**
   * Resolves with the new file. Errors: `libreoffice_missing`, `file_damaged` (nothing came of it), `source_too_large`
   * (too much did), `parser_timeout`; the signal's reason when it aborts.
   */
  convert(bytes: Uint8Array, conversion: Conversion, signal: AbortSignal): Promise<Uint8Array>;
}
