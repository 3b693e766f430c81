import { zipArchive } from './zip-archive.ts';

export interface Fb2Spec {
  /** What stands in `title-info`, `document-info`, `publish-info` ... */
  readonly description?: string;
  /** What stands in the main body. */
  readonly body?: string;
  /** Sections of the body named `notes`. */
  readonly notes?: string;
  /** Further bodies and binaries. */
  readonly more?: string;
  readonly declaration?: string;
  readonly doctype?: string;
}

const DESCRIPTION = `<title-info><genre>sf</genre><author><first-name>Ann</first-name>
<last-name>Author</last-name></author><book-title>A book</book-title><lang>en</lang></title-info>`;

/** The text of a FictionBook. */
export function fb2Text(spec: Fb2Spec): string {
  const notes = spec.notes === undefined ? '' : `<body name="notes">${spec.notes}</body>`;
  return `${spec.declaration ?? '<?xml version="1.0" encoding="UTF-8"?>'}${spec.doctype ?? ''}
<FictionBook xmlns="http://www.gribuser.ru/xml/fictionbook/2.0" xmlns:l="http://www.w3.org/1999/xlink">
<description>${spec.description ?? DESCRIPTION}</description>
<body>${spec.body ?? '<section><p>Text.</p></section>'}</body>${notes}${spec.more ?? ''}
</FictionBook>`;
}

export function buildFb2(spec: Fb2Spec): Buffer {
  return Buffer.from(fb2Text(spec));
}

export function buildFb2Zip(spec: Fb2Spec, name = 'book.fb2'): Buffer {
  return zipArchive([{ name, content: buildFb2(spec) }]);
}

/** A text of Latin and Russian letters in windows-1251, which Node decodes but does not encode. */
export function windows1251(text: string): Buffer {
  return Buffer.from(
    Array.from(text, (character) => {
      const code = character.charCodeAt(0);
      return code >= 0x410 && code <= 0x44f ? code - 0x350 : code;
    }),
  );
}

export function fb2Section(title: string, inner: string, attributes = ''): string {
  return `<section ${attributes}><title><p>${title}</p></title>${inner}</section>`;
}
