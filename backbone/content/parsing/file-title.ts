import type { Extraction } from '../model.ts';

/** A content without a title of its own is called by its file's name, without folders and ending. */
export function withFileTitle(extraction: Extraction, fileName: string | null): Extraction {
  if (extraction.metadata.title !== null || fileName === null) return extraction;
  const value = (fileName.split(/[/\\]/).at(-1) ?? '').replace(/\.[a-z0-9]{1,8}$/i, '').trim();
  if (value === '') return extraction;
  return { ...extraction, metadata: { ...extraction.metadata, title: { value, source: 'file-name' } } };
}
