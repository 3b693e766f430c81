import { decodeReferences } from './html-tree.ts';

const NAMED_REFERENCE = /&([A-Za-z][A-Za-z0-9]{1,31});/g;
const XML_REFERENCES = new Set(['amp', 'lt', 'gt', 'quot', 'apos']);
/** Distinct names in one document; real ones use some dozens. */
const MOST_REFERENCES = 300;

/** Old books use the names of HTML, which XML does not know, without declaring them. O(length). */
export function withoutNamedReferences(text: string): string {
  const known = new Map<string, string>();
  return text.replaceAll(NAMED_REFERENCE, (reference, name: string) => {
    if (XML_REFERENCES.has(name)) return reference;
    const decoded = known.get(name);
    if (decoded !== undefined) return decoded;
    if (known.size >= MOST_REFERENCES) return reference;
    const character = decodeReferences(reference);
    const safe =
      character === reference ? `&amp;${name};` : character.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
    known.set(name, safe);
    return safe;
  });
}
