const SUBJECTS = [
  'The harbour',
  'A glacier',
  'This bridge',
  'Every lighthouse',
  'The old mill',
  'Our survey',
  'One orchard',
];
const VERBS = ['records', 'changes', 'carries', 'shelters', 'measures', 'outlives', 'supplies'];
const OBJECTS = [
  'the northern coast',
  'many small boats',
  'a narrow valley',
  'the winter storms',
  'two villages',
  'salt and timber',
];
const ENDINGS = [
  'since the spring of 1887',
  'although nobody had asked for it',
  'when the water stands low',
  'because the road was never finished',
  'as the engineers of that time had planned',
];

/** Makes English sentences that differ, the same ones in every run. */
export function createProse(seed = 1): { readonly sentence: () => string; readonly paragraph: () => string } {
  let state = seed;
  // Park and Miller's minimal standard generator.
  const next = (): number => (state = (state * 48_271) % 2_147_483_647);
  const one = (words: readonly string[]): string => words[next() % words.length] ?? '';
  const sentence = (): string =>
    `${one(SUBJECTS)} ${one(VERBS)} ${one(OBJECTS)} ${one(ENDINGS)} (no. ${next() % 10_000}).`;
  const paragraph = (): string => Array.from({ length: 5 + (next() % 4) }, sentence).join(' ');
  return { sentence, paragraph };
}
