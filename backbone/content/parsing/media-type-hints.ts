/** What others say about a file's kind. */

export interface MediaTypeHints {
  /** `Content-Type` as the transport gave it, parameters and all. */
  readonly declared: string | null;
  readonly fileName: string | null;
}

export const FB2_TYPE = 'application/x-fictionbook+xml';
export const FB2_ZIP_TYPE = 'application/x-zip-compressed-fb2';
/** Kindle and Mobipocket books, as bytes tell them. */
export const MOBI_TYPE = 'application/x-mobipocket-ebook';

export const JATS_TYPE = 'application/jats+xml';

const FB2_NAME = /\.(?:fb2|fbz|fb2\.zip)$/i;

/** Whether the name or the declaration says FictionBook; servers know it by many types. */
export function isHintedFb2({ declared, fileName }: MediaTypeHints): boolean {
  return FB2_NAME.test(fileName ?? '') || /fb2|fictionbook/.test(bareMediaType(declared) ?? '');
}

/** In lower case, without the dot; empty when there is none. */
export function extensionOf(fileName: string | null): string {
  return /\.([a-z0-9]{1,16})$/i.exec(fileName ?? '')?.[1]?.toLowerCase() ?? '';
}

/** `text/html` out of `Text/HTML; charset=utf-8`; undefined when there is none. */
export function bareMediaType(declared: string | null): string | undefined {
  return /^\s*([\w!#$&^.+-]{1,127}\/[\w!#$&^.+-]{1,127})/.exec(declared ?? '')?.[1]?.toLowerCase();
}
