const MAX_AUTHORS = 50;
const MAX_LETTERS = 2000;
const LINKS: ReadonlySet<string> = new Set(['and', 'und', 'et', 'y', 'by', 'von', 'par']);

/** Whether a text holds names of these authors, the words and marks that go with them, and nothing else. */
export function isByline(text: string, authors: readonly string[]): boolean {
  let rest = spaced(text);
  for (const author of authors.slice(0, MAX_AUTHORS)) {
    const name = spaced(author);
    if (name !== '  ') rest = rest.replace(name, () => ' | ');
  }
  const left = rest.split(' ').filter((word) => word !== '' && !LINKS.has(word));
  return left.length > 0 && left.every((word) => word === '|');
}

/** The words between single spaces, so that a name is found as whole words only. */
function spaced(text: string): string {
  const words = text
    .slice(0, MAX_LETTERS)
    .normalize('NFKC')
    .toLowerCase()
    .match(/\p{L}[\p{L}\p{M}]*/gu);
  return ` ${(words ?? []).join(' ')} `;
}
