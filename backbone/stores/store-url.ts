import { AppError } from '../errors.ts';

/** `file:` of `file:///var/blobs`, in lower case; an empty string when the URL has no scheme. */
export function schemeOf(url: string): string {
  return /^[a-z][a-z0-9+.-]*:/i.exec(url)?.[0].toLowerCase() ?? '';
}

/** The fault of a setting whose scheme no adapter serves. Names the scheme alone: the rest may hold a password. */
export function unknownScheme(setting: string, url: string, known: readonly string[]): AppError {
  const scheme = schemeOf(url);
  const found = scheme === '' ? 'has no scheme' : `has the unknown scheme ${scheme}`;
  return invalidSetting(setting, `${found} (use one of: ${known.join(' ')})`);
}

export function invalidSetting(setting: string, fault: string): AppError {
  return new AppError('config_invalid', {
    params: { faults: `${setting} ${fault}` },
    fields: [{ field: setting, message: fault }],
  });
}
