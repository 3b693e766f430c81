const SUBJECTS = [
  'The harbour',
  'A lighthouse',
  'Every ferry',
  'The old crane',
  'A pilot',
  'The tide',
  'Each warehouse',
];
const VERBS = ['carries', 'watches', 'shelters', 'remembers', 'measures', 'crosses', 'repairs'];
const OBJECTS = [
  'the northern channel',
  'a row of barges',
  'its own reflection',
  'the morning fog',
  'grain and timber',
];
const ENDINGS = [
  'before noon',
  'without hurry',
  'in every season',
  'as it did a century ago',
  'when the wind turns',
];

/** An HTML page with an article of some 400 words that is the same for the same name; `name` stands in it as a word. */
export function article(name: string): string {
  const seed = Array.from(name).reduce(
    (sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 65_521,
    7,
  );
  const sections = ['Arrivals', 'Departures', 'Repairs'].map((heading, index) => {
    const sentences = Array.from({ length: 14 }, (_, at) => sentence(seed + index * 101 + at * 17));
    return `<h2>${heading} at ${name}</h2><p>${sentences.slice(0, 7).join(' ')}</p><p>${sentences.slice(7).join(' ')}</p>`;
  });
  return `<!doctype html><html lang="en"><head><title>The harbour of ${name}</title>
    <meta name="author" content="Ada Quay"></head>
    <body><main><article><h1>The harbour of ${name}</h1>${sections.join('')}</article></main></body></html>`;
}

function sentence(seed: number): string {
  const pick = (words: readonly string[], step: number): string =>
    words[Math.floor(seed / step) % words.length] ?? '';
  return `${pick(SUBJECTS, 1)} ${pick(VERBS, 3)} ${pick(OBJECTS, 7)} ${pick(ENDINGS, 11)}.`;
}
